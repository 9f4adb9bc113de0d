"""Opens any usual Norwegian file of rows: CSV in every shape, spreadsheets, JSON; packed by gzip or alone in a zip.

Rows come one at a time with the number of the line they stand on, so memory stays flat. A spreadsheet and a JSON file
are read whole: neither can be read otherwise. Nothing is guessed silently: what cannot be read for certain is refused.
"""

import codecs
import csv
import errno
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from styrhus.kit import jsonstat
from styrhus.kit.layouts import NOTHING_KNOWN, Known, Layout

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".gz", ".zip")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
DELIMITERS = (";", "\t", "|", ",")
# Titles and notes may stand above the header; nobody writes more of them than this.
LOOKED_THROUGH = 30
SAMPLE = 65_536
LONGEST_LINE = 1_000_000
LONGEST_NAME = 200
# What must be read whole must fit in memory, whatever it was packed to.
WHOLE_AT_MOST = 256 * 1024 * 1024
UNPACKED_AT_MOST = 1024 * 1024 * 1024

ASCII = bytes(range(128))
# å Å æ Æ ø Ø £ é ä ö ü Ä Ö as the oldest systems write them. In Windows' own encoding those of the second row are † › œ
# and what has no meaning, which nobody writes; æ and Æ are quotation marks there, and tell nothing alone.
CP850_LETTERS = frozenset(b"\x86\x8f\x91\x92\x9b\x9d\x9c\x82\x84\x94\x81\x8e\x99")
CP850_ALONE = frozenset(b"\x86\x8f\x9b\x9d\x9c")
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1>", re.I | re.S)
# æ ø å Æ Ø Å in UTF-8: seen in a file that is not UTF-8 as a whole, two encodings are mixed in it.
NORWEGIAN_IN_UTF8 = re.compile(rb"\xc3[\xa5\xb8\xa6\x85\x98\x86]")


class Unreadable(Exception):
    """The file as a whole cannot be read. Says why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands where a row's values should be, when the row cannot be taken apart."""

    reason: str


Line = tuple[int, "list[str] | Broken"]


@dataclass
class Table:
    """The rows of one file. `rows` can be walked through once; every one of them is as long as `header`."""

    header: list[str]
    rows: Iterator[Line]
    sheets: list[str] = field(default_factory=list)
    # How much has been read, from 0 to 1.
    share: Callable[[], float] = lambda: 0.0


def plain(name: str) -> str:
    """A column's name without case, spaces and signs: two that differ in nothing else are the same."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


@contextmanager
def open_table(
    path: Path,
    name: str = "",
    *,
    sheet: str = "",
    known: Known = NOTHING_KNOWN,
    leave_stray: bool = False,
):
    """The table in a file. `known` are the names that a header may hold: they tell which row it is.

    `leave_stray`: what stands after the last column is left out; otherwise such a row is broken. Raises Unreadable,
    here or while the rows are walked through.
    """
    name = (name or path.name).lower()
    with path.open("rb") as raw, _clear_reasons():
        start = raw.read(8)
        if start.startswith(b"\xd0\xcf\x11\xe0") or _is_spreadsheet(raw, start):
            table = _spreadsheet(path, sheet, known.names)
        else:
            table = _text(raw, start, name, known, _share_of(raw, path.stat().st_size))
        table.rows = _as_long_as(len(table.header), table.rows, leave_stray)
        yield table


@contextmanager
def _clear_reasons():
    try:
        yield
    except (EOFError, NotImplementedError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise Unreadable(_("The file is damaged: it cannot be unpacked. Fetch it once more.")) from error
    except OSError as error:
        # A packed file that says its content lies where no file reaches.
        if error.errno != errno.EINVAL:
            raise
        raise Unreadable(_("The file is damaged: it cannot be unpacked. Fetch it once more.")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(_mixed()) from error


def _share_of(raw: IO[bytes], size: int) -> Callable[[], float]:
    return lambda: raw.tell() / size if size else 1.0


# -- unpacking


def _is_spreadsheet(raw: IO[bytes], start: bytes) -> bool:
    if not start.startswith(b"PK\x03\x04"):
        return False
    with zipfile.ZipFile(raw) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_AT_MOST:
            raise Unreadable(_("The file is far larger unpacked than it seems. Divide it, or save it as CSV."))
        names = packed.namelist()
    return "mimetype" in names or any(part.startswith("xl/") for part in names)


def _text(raw: IO[bytes], start: bytes, name: str, known: Known, share: Callable[[], float]) -> Table:
    opened, name = _unpacked(raw, start, name)
    if name.endswith(SPREADSHEETS):
        raise Unreadable(_("A spreadsheet inside a packed file cannot be read. Unpack it first."))
    encoding = _encoding_of(opened)
    sample = io.TextIOWrapper(opened(), encoding, newline="").read(SAMPLE)
    _refuse_web_page(sample)
    if layout := next((each for each in known.layouts if re.match(each.begins, sample)), None):
        return _fixed(io.TextIOWrapper(opened(), encoding), layout, share)
    if name.endswith((".json", ".jsonl", ".ndjson")) or sample.lstrip()[:1] in ("{", "["):
        return _from_json(io.TextIOWrapper(opened(), encoding).read(WHOLE_AT_MOST + 1), known.names)
    lines = _csv_lines(io.TextIOWrapper(opened(), encoding, newline=""), sample)
    return _with_header(lines, known.names, share=share)


def _refuse_web_page(sample: str) -> None:
    """What an address answers with when it fails, or asks who one is."""
    if not WEB_PAGE.match(sample):
        return
    said = html.unescape(re.sub(r"<[^>]*>", " ", found[2] if (found := TITLE.search(sample)) else ""))
    raise Unreadable(
        _("The file is a web page and holds no rows: the address it came from has answered with a message. %(said)s")
        % {"said": f"“{_seen(' '.join(said.split()))[:LONGEST_NAME]}”" if said.strip() else ""}
    )


def _unpacked(raw: IO[bytes], start: bytes, name: str) -> tuple[Callable[[], Any], str]:
    """A way to open the text from its beginning as often as wanted, and its name without the packing."""

    def rewound() -> IO[bytes]:
        raw.seek(0)
        # Whoever wraps this closes it: the file itself must stay open.
        return io.BufferedReader(_Kept(raw))  # type: ignore[return-value, type-var]

    if start.startswith(b"\x1f\x8b"):
        return lambda: gzip.GzipFile(fileobj=rewound()), name.removesuffix(".gz")
    if start.startswith(b"PK\x03\x04"):
        packed = zipfile.ZipFile(raw)
        inner = _only_file(packed)
        return lambda: packed.open(inner), inner.lower()
    return rewound, name


class _Kept(io.RawIOBase):
    """Reads on from a file that somebody else closes."""

    def __init__(self, raw: IO[bytes]):
        self.raw = raw

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.raw.readinto(buffer)  # type: ignore[attr-defined]


def _only_file(packed: zipfile.ZipFile) -> str:
    parts = [part for part in packed.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]
    if len(parts) != 1:
        raise Unreadable(
            _("The zip file holds %(count)s files. Unpack it, and choose one of them.") % {"count": len(parts)}
        )
    if parts[0].flag_bits & 1:
        raise Unreadable(_("The zip file is locked with a password. Unpack it first."))
    return parts[0].filename


# -- encoding


def _encoding_of(opened: Callable[[], IO[bytes]]) -> str:
    """By trying: the whole file is valid in what is answered. A few tenths of a second for a hundred megabytes."""
    start = opened().read(4096)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start and (wide := _wide(start)):
        return wide
    return "utf-8" if _is_utf8(opened()) else _one_byte(opened())


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    half = len(start) * 0.4 / 2
    if start[1::2].count(0) > half:
        return "utf-16-le"
    return "utf-16-be" if start[0::2].count(0) > half else ""


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(1 << 20), b"")


def _is_utf8(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(stream):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(stream: IO[bytes]) -> str:
    beyond: set[int] = set()
    for piece in _pieces(stream):
        if NORWEGIAN_IN_UTF8.search(piece):
            raise Unreadable(_mixed())
        beyond.update(piece.translate(None, ASCII))
    if beyond <= CP850_LETTERS and beyond & CP850_ALONE:
        return "cp850"
    if any(UNDEFINED_IN_CP1252.search(bytes([sign])) for sign in beyond):
        raise Unreadable(_mixed())
    return "cp1252"


def _mixed() -> str:
    return _(
        "It cannot be told which letters the file holds: it is neither UTF-8 nor Windows' own encoding throughout. "
        "Save it again as “CSV UTF-8”."
    )


# -- records without dividers


def _fixed(text: io.TextIOWrapper, layout: Layout, share: Callable[[], float]) -> Table:
    records = iter(lambda: text.readline(LONGEST_LINE), "")
    lines = ((line, record.rstrip("\r\n")) for line, record in enumerate(records, start=1))
    rows = ((line, layout.row(each) or _of_wrong_length(each, layout)) for line, each in lines if each.strip())
    return Table(layout.header, rows, share=share)


def _of_wrong_length(record: str, layout: Layout) -> Broken:
    said = {"length": len(record), "expected": layout.length}
    return Broken(_("The line has %(length)s characters, not %(expected)s.") % said)


# -- CSV


def _csv_lines(text: io.TextIOWrapper, sample: str) -> Iterator[Line]:
    dialect, told = _dialect(sample)
    # Read in bounded pieces: a packed file of one endless line must not fill the memory.
    reader = csv.reader(iter(lambda: text.readline(LONGEST_LINE), ""), strict=True, **dialect)
    if told:
        next(reader, None)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Broken(_why(error))
            continue
        if any(map(str.strip, cells)):
            yield line, cells


def _why(error: csv.Error) -> str:
    if "expected after" in str(error):
        return _("A quotation mark stands inside a value. Write it twice, or take it away.")
    return _("A quotation mark that begins a value is never closed.")


def _dialect(sample: str) -> tuple[dict[str, Any], bool]:
    """How the values are divided, and whether the first line is Excel's own “sep=;” that says so."""
    # Before a divider or the end of a line a backslash is the last sign of a value.
    escape = "\\" if re.search(r'\\"(?=[^;\t|,\r\n])', sample) and '""' not in sample else None
    if told := re.match(r"sep=([^\w\s\"]|\t)\r?\n", sample):
        return {"delimiter": told[1], "escapechar": escape}, True
    lines = sample.splitlines(keepends=True)[: 4 * LOOKED_THROUGH]
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()
    return {"delimiter": _delimiter(lines), "escapechar": escape}, False


def _delimiter(lines: list[str]) -> str:
    """The first sign that divides nearly every line into equally many values, or the one that comes nearest."""
    shares = {sign: _evenness(lines, sign) for sign in DELIMITERS}
    return next((sign for sign, share in shares.items() if share >= 0.8), max(shares, key=lambda sign: shares[sign]))


def _evenness(lines: list[str], sign: str) -> float:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=sign) if cells]
    (common, count), *_rest = Counter(widths).most_common(1) or [(1, 0)]
    return count / len(widths) if common > 1 else 0.0


# -- spreadsheets


def _spreadsheet(path: Path, sheet: str, known: frozenset[str]) -> Table:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = list(book.sheet_names)
            if not sheets:
                raise Unreadable(_("The file is empty."))
            if sheet and sheet not in sheets:
                raise Unreadable(
                    _("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s.")
                    % {"sheet": sheet, "sheets": ", ".join(sheets)}
                )
            found = book.get_sheet_by_name(sheet or _fullest(book, sheets))
            rows = found.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Unreadable(
            _("The spreadsheet cannot be read: it is damaged or locked with a password. Save it again.")
        ) from error
    lines = ((line, [stable(cell) for cell in row]) for line, row in enumerate(rows, start=1))
    return _with_header((each for each in lines if any(each[1])), known, sheets=sheets)


def _fullest(book: CalamineWorkbook, sheets: list[str]) -> str:
    """The first sheet that holds anything."""
    return next((name for name in sheets if book.get_sheet_by_name(name).total_height), sheets[0])


def stable(value: Any) -> str:
    """A typed value as a person would have written it: ISO dates, decimal comma, whole numbers without decimals."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


# -- JSON


def _from_json(text: str, known: frozenset[str]) -> Table:
    if len(text) > WHOLE_AT_MOST:
        raise Unreadable(_("The JSON file is too large. Save it as CSV."))
    try:
        tree = _parsed(text)
        if jsonstat.is_jsonstat(tree):
            return _from_jsonstat(tree, known)
        records = [row for record in _found(tree) for row in _flat(record)]
    except RecursionError as error:
        raise Unreadable(_("The JSON file is nested too deep.")) from error
    keys = list(dict.fromkeys(name for record in records for name in record))
    if not keys:
        raise Unreadable(_("No list of objects was found in the JSON file."))
    header = _named(keys)
    rows = (
        (line, [record.get(key, "") for key in keys[: len(header)]]) for line, record in enumerate(records, start=1)
    )
    return Table(header, rows)


def _from_jsonstat(tree: dict, known: frozenset[str]) -> Table:
    try:
        keys, rows = jsonstat.cells(tree, plain, known)
    except jsonstat.Unsound as unsound:
        raise Unreadable(str(unsound)) from unsound
    return Table(_named(keys), enumerate(rows, start=1))


def _parsed(text: str):
    try:
        return json.loads(text)
    except ValueError as error:
        # Or one object a line.
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise Unreadable(_("The file is not valid JSON: %(error)s.") % {"error": error}) from error


def _found(tree) -> list[dict]:
    """The records: a list of objects, a map of objects (its keys become the column “key”), or one of these inside."""
    if isinstance(tree, list):
        return [record for record in tree if isinstance(record, dict)]
    if not isinstance(tree, dict):
        return []
    if len(tree) > 1 and all(isinstance(value, dict) for value in tree.values()):
        return [{"key": key} | value for key, value in tree.items()]
    return max((_found(value) for value in tree.values()), key=len, default=[])


def _flat(record: dict) -> list[dict[str, str]]:
    """A record as rows: objects in it become columns “outer.inner”, and a list of objects one row for each of them."""
    flat: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": text for inner, text in _flat(value)[0].items()}
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            rows += [{f"{name}.{inner}": text for inner, text in _flat(each)[0].items()} for each in value]
        else:
            flat[name] = ", ".join(map(stable, value)) if isinstance(value, list) else stable(value)
    return [flat | row for row in rows] or [flat]


# -- header


def _with_header(lines: Iterable[Line], known: frozenset[str], **more) -> Table:
    lines = iter(lines)
    first = list(islice(lines, LOOKED_THROUGH))
    whole = [cells for _line, cells in first if not isinstance(cells, Broken)]
    if not whole:
        raise Unreadable(first[0][1].reason if first else _("The file is empty."))  # type: ignore[union-attr]
    found = _header_among(whole, known)
    place = next(place for place, (_line, cells) in enumerate(first) if cells is found)
    header = _named(found)
    return Table(header, chain(first[place + 1 :], lines), **more)


def _header_among(rows: list[list[str]], known: frozenset[str]) -> list[str]:
    """The row with most names that are known; else the first that is nearly as full as most and holds no number."""
    best = max(rows, key=lambda cells: len(known & set(map(plain, cells))))
    if len(known & set(map(plain, best))) > 1:
        return best
    filled = [sum(map(bool, cells)) for cells in rows]
    usual = sorted(filled)[len(filled) // 2]
    # A column or two may lack a name; a title has one cell only.
    full = [cells for cells, count in zip(rows, filled, strict=True) if count >= 0.6 * usual]
    return next((cells for cells in full if not any(map(_is_number, cells))), full[0])


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-−]?[\d\s.,]*\d[\d\s.,]*", cell))


def _named(cells: list[str]) -> list[str]:
    """Every column with a name of its own: its letter when it has none, a number after it when another has the same."""
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells[: last + 1]):
        name = _seen(" ".join(cell.split()))[:LONGEST_NAME].strip() or _letter(place)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _seen(name: str) -> str:
    """Without signs that no one can see or keep."""
    return name if name.isprintable() else "".join(sign for sign in name if sign.isprintable())


def _letter(place: int) -> str:
    first, second = divmod(place, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + second)


def _as_long_as(width: int, lines: Iterable[Line], leave_stray: bool) -> Iterator[Line]:
    with _clear_reasons():
        for line, cells in lines:
            if type(cells) is Broken or len(cells) == width:  # type: ignore[arg-type]
                yield line, cells
            else:
                yield line, _fitted(cells, width, leave_stray)  # type: ignore[arg-type]


def _fitted(cells: list[str], width: int, leave_stray: bool) -> list[str] | Broken:
    """Empty values last in a row are often left out, or there is one divider too many."""
    if not leave_stray and any(map(str.strip, cells[width:])):
        return Broken(
            _(
                "The row has %(values)s values, but there are %(columns)s columns. Correct it, or say that what stands "
                "after the last column is to be left out."
            )
            % {"values": len(cells), "columns": width}
        )
    return cells[:width] + [""] * (width - len(cells))
