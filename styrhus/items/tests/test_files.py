"""Files on a thing: checked by size and content, kept once, given out as downloads only."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from styrhus.items.models import Attachment

pytestmark = pytest.mark.django_db

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 200
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + b"\0" * 24


def archive(*names, first="") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        if first:
            parts.writestr("mimetype", f"application/vnd.oasis.opendocument.{first}")
        for name in names:
            parts.writestr(name, "x")
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
PPTX = archive("[Content_Types].xml", "ppt/presentation.xml")
ALLOWED = {
    "notat.txt": b"Hei",
    "tall.csv": "år;beløp\n2026;1".encode(),
    "vedtak.pdf": PDF,
    "bilde.png": PNG,
    "bilde.jpg": JPG,
    "bilde.JPEG": JPG,
    "bilde.gif": GIF,
    "bilde.webp": WEBP,
    "notat.docx": DOCX,
    "tall.xlsx": XLSX,
    "lysark.pptx": PPTX,
    "notat.odt": archive("content.xml", first="text"),
    "tall.ods": archive("content.xml", first="spreadsheet"),
    "lysark.odp": archive("content.xml", first="presentation"),
}
REFUSED = {
    "side.html": HTML,
    "side.htm": HTML,
    "tegning.svg": SVG,
    "program.exe": EXE,
    "program.js": b"alert(1)",
    "uten_endelse": b"Hei",
    "vedtak.pdf": HTML,
    "bare tekst.pdf": b"bare tekst",
    "bilde.png": SVG,
    "bilde.jpg": HTML,
    "bilde.gif": EXE,
    "bilde.webp": PNG,
    "program.txt": EXE,
    "program.csv": EXE,
    "program.pdf": EXE,
    "vedtak.pdf.exe": PDF,
    "vedtak.pdf ": PDF,
    "arkiv.zip": archive("fil.txt"),
    "arkiv.docx": archive("fil.txt"),
    "program.odt": archive("META-INF/MANIFEST.MF", "Main.class"),
    "tall.docx": XLSX,
    "notat.xlsx": DOCX,
    "side.docx": HTML,
    "program.xlsx": EXE,
}


@pytest.fixture
def thing(world):
    return world.things.internal


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people.teacher)


@pytest.fixture
def upload(client, thing):
    def send(name, content=b"Hei", content_type="application/octet-stream"):
        file = SimpleUploadedFile(name, content, content_type)
        file._name = name  # what a browser of bad will may send, not what this class makes of it
        return client.post(reverse("items:attach", args=[thing.pk]), {"file": file})

    return send


def stored() -> list[Path]:
    return [path for path in Path(project.MEDIA_ROOT).rglob("*") if path.is_file()]


def given_out(client, attachment):
    return client.get(reverse("items:download", args=[attachment.item_id, attachment.pk]))


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_files_that_are_what_they_say_are_kept_whole(upload, client, name):
    assert upload(name, ALLOWED[name]).status_code == 302
    response = given_out(client, Attachment.objects.get())
    assert b"".join(response.streaming_content) == ALLOWED[name]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_a_browser_could_run_and_what_is_disguised_is_refused(upload, name):
    response = upload(name, REFUSED[name])
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"file"}
    assert stored() == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("said", ["text/html", "image/svg+xml", "application/x-msdownload"])
def test_the_type_is_found_in_the_content_not_in_what_the_browser_says(upload, said):
    upload("notat.txt", b"Hei", said)
    assert Attachment.objects.get().content_type == "text/plain"


def test_a_file_is_given_out_as_a_download_that_runs_nothing(upload, client):
    upload("side.txt", HTML)
    response = given_out(client, Attachment.objects.get())
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_limit_of_size_is_the_last_byte_allowed(upload, settings):
    settings.UPLOAD_LIMIT = 10
    assert upload("notat.txt", b"0123456789").status_code == 302
    response = upload("notat.txt", b"0123456789x")
    assert response.status_code == 422
    assert "10" in str(response.context["form"].errors["file"])


def test_an_empty_file_is_refused(upload):
    assert upload("notat.txt", b"").status_code == 422


def test_a_form_without_a_file_is_asked_again(client, thing):
    assert client.post(reverse("items:attach", args=[thing.pk]), {"csrfmiddlewaretoken": "x"}).status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.txt",
        "..\\..\\windows\\system.txt",
        "/etc/cron.d/job.txt",
        "C:\\temp\\notat.txt",
        "a" * 400 + ".txt",
        "æøå ÆØÅ – “sitat” 漢字 🎉.txt",
        "\u202etxt.exe.txt",
        'anførsel".txt',
        "nul\x00.txt",
        ".txt",
        "-rf.txt",
        "a;b|c&d.txt",
        "con.txt",
        "ansatt's <b>.txt",
    ],
)
def test_names_meant_to_trick_are_only_names(upload, client, name):
    assert upload(name).status_code == 302
    kept = Attachment.objects.get()
    assert [path.name for path in stored()] == [kept.sha256]
    assert Path(kept.name).name == kept.name
    assert len(kept.name) <= 200
    assert kept.name.isprintable()
    response = given_out(client, kept)
    assert response.status_code == 200


def test_the_same_content_is_stored_once_under_two_names(upload):
    upload("en.txt", b"Likt")
    upload("to.txt", b"Likt")
    assert Attachment.objects.count() == 2
    assert len(stored()) == 1


def test_different_content_under_one_name_is_stored_twice(upload):
    upload("en.txt", b"Ulikt")
    upload("en.txt", b"Annet")
    assert len(stored()) == 2


def test_kept_files_are_closed_to_other_accounts_of_the_machine(upload):
    upload("notat.txt")
    file = stored()[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def scanner(folder, *lines) -> str:
    script = folder / "scanner"
    script.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    script.chmod(0o755)
    return str(script)


def test_what_the_virus_scanner_refuses_is_not_kept(upload, settings, tmp_path):
    settings.VIRUS_SCAN = scanner(tmp_path, "! grep -q VIRUS")
    assert upload("notat.txt", b"et VIRUS her").status_code == 422
    assert stored() == []
    assert upload("notat.txt", b"friskt").status_code == 302


def test_the_scanner_gets_the_whole_file_and_the_file_is_kept_whole_after_it(upload, settings, tmp_path, client):
    settings.VIRUS_SCAN = scanner(tmp_path, f"cat > {tmp_path}/scanned")
    content = bytes(range(1, 256)) * 2_000
    upload("notat.txt", content)
    assert (tmp_path / "scanned").read_bytes() == content
    assert b"".join(given_out(client, Attachment.objects.get()).streaming_content) == content


@pytest.mark.parametrize("command", ["/no/such/scanner", "/dev/null"])
def test_a_scanner_that_cannot_be_run_stops_the_file(upload, settings, command):
    settings.VIRUS_SCAN = command
    assert upload("notat.txt").status_code == 422
    assert stored() == []


def test_a_file_of_another_thing_is_not_reached_through_this_one(upload, client, world):
    upload("notat.txt")
    kept = Attachment.objects.get()
    assert client.get(reverse("items:download", args=[world.things.open.pk, kept.pk])).status_code == 404


def test_a_file_of_what_may_not_be_seen_is_not_reached_at_all(world, signed_in, text_file):
    exempt = world.things.exempt
    leader = signed_in(world.people.principal)
    leader.post(reverse("items:attach", args=[exempt.pk]), {"file": text_file()})
    kept = Attachment.objects.get()
    teacher = signed_in(world.people.teacher)
    for parent in (exempt, world.things.internal):
        assert teacher.get(reverse("items:download", args=[parent.pk, kept.pk])).status_code == 404
    assert given_out(leader, kept).status_code == 200


def test_a_file_that_is_gone_from_the_storage_is_not_found(upload, client):
    upload("notat.txt")
    stored()[0].unlink()
    assert given_out(client, Attachment.objects.get()).status_code == 404


def test_a_councillor_may_read_the_file_of_what_is_open_and_add_none(world, signed_in, text_file):
    thing = world.things.open
    url = reverse("items:attach", args=[thing.pk])
    signed_in(world.people.teacher).post(url, {"file": text_file()})
    councillor = signed_in(world.people.councillor)
    assert given_out(councillor, Attachment.objects.get()).status_code == 200
    assert councillor.post(url, {"file": text_file()}).status_code == 403
