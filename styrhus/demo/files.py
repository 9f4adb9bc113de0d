"""The few papers that hang on the measures, made here so that no file has to be carried along."""

from django.core.files.base import ContentFile

PDF, TEXT = "application/pdf", "text/plain"
_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"

# Name, kind and lines of each.
FILES = {
    "delegering": (
        "Utkast til delegeringsreglement.pdf",
        PDF,
        [
            "Delegeringsreglement fra nivå 1 til nivå 2 – utkast",
            "",
            "1. Virksomhetsleder har alle kommunedirektørens fullmakter for egen virksomhet,",
            "    unntatt oppsigelse og bindinger ut over årets budsjett.",
            "2. Fullmakt kan gis videre. Plikten til å kontrollere kan ikke gis videre.",
            "3. Den som har gitt fullmakt, kan når som helst trekke den tilbake.",
        ],
    ),
    "planer": (
        "Planer og rapporter uten kjent leser.txt",
        TEXT,
        [
            "Halvårsrapport om kontorrekvisita",
            "Månedlig oversikt over møterom",
            "Årsmelding for parkeringsutvalget",
        ],
    ),
    "ovelse": (
        "Evaluering av strømbruddøvelsen.txt",
        TEXT,
        ["Nødstrømmen på Solgløtt varte i ni timer.", "Vannverket manglet drivstoff etter seks timer."],
    ),
}


def file_named(name: str) -> tuple[ContentFile, str]:
    """The file as an upload, and its content type."""
    title, kind, lines = FILES[name]
    content = _pdf(lines) if kind == PDF else "\n".join(lines).encode()
    return ContentFile(content, name=title), kind


def _pdf(lines: list[str]) -> bytes:
    """One page of text as PDF: five objects and the table that says where each begins."""
    text = f"BT /F 11 Tf 60 780 Td 18 TL {' '.join(f'({_escaped(line)}) Tj T*' for line in lines)} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        f"<< /Length {len(text.encode('cp1252'))} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, starts = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        starts.append(len(made))
        made += f"{number} 0 obj\n{each}\nendobj\n".encode("cp1252")
    rows = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + f"xref\n0 6\n0000000000 65535 f \n{rows}{end}".encode()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
