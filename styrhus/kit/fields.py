"""Form fields that the whole house uses."""

import logging
import subprocess
from html import escape

import puremagic
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from styrhus.kit.forms import attributes

log = logging.getLogger("styrhus.files")

# What may be uploaded, known by its content; a name can say anything. Nothing that a browser would run.
ALLOWED = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
TEXTS = {".csv", ".txt"}
OFFICE = {".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        # The browser's own date field speaks ISO, whatever the reader's language.
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class LeanSelect(forms.Select):
    """A select drawn in one go: Django draws each option through a template, too dear for hundreds of units."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = "" if value is None else str(value)
        # Lists, not generators: Python runs them in place, and there are hundreds of units.
        words = [(str(key), escape(str(label))) for key, label in self.choices]
        options = "".join(
            [
                f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{label}</option>'
                for key, label in words
            ]
        )
        own = self.build_attrs(self.attrs, {"class": "ds-input"} | (attrs or {}) | {"name": name})
        return mark_safe(f"<select{attributes(own)}>{options}</select>")  # noqa: S308 - every part is escaped above


class NumberInput(forms.TextInput):
    """A number as text: a browser's own number field throws away what it does not understand, and the comma with it."""

    def __init__(self, attrs=None):
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))


class UploadField(forms.FileField):
    """A file whose size, content and viruses are checked before anything is kept. Sets `content_type` by content."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload is None or upload is initial:
            return upload
        if upload.size > settings.UPLOAD_LIMIT:
            raise ValidationError(
                _("The file is %(size)s. The limit is %(limit)s: make it smaller or divide it.")
                % {"size": filesizeformat(upload.size), "limit": filesizeformat(settings.UPLOAD_LIMIT)}
            )
        upload.content_type = content_type_of(upload)
        scan(upload)
        return upload


def content_type_of(upload) -> str:
    """The type by the content. Raises ValidationError when it is not allowed, or not what the name says."""
    ending = "." + upload.name.rpartition(".")[2].lower() if "." in upload.name else ""
    ending = {".jpeg": ".jpg"}.get(ending, ending)
    upload.seek(0)
    start = upload.read(262_144)
    upload.seek(0)
    if ending not in ALLOWED:
        raise ValidationError(_("Files of this kind cannot be uploaded. Use one of: %s.") % ", ".join(sorted(ALLOWED)))
    if not (_is_text(start) if ending in TEXTS else _begins_as(start, ending)):
        raise ValidationError(
            _("The content is not what the name “%s” says. Save the file again and retry.") % upload.name
        )
    return ALLOWED[ending]


def _is_text(start: bytes) -> bool:
    return b"\0" not in start


def _begins_as(start: bytes, ending: str) -> bool:
    if ending in OFFICE:
        # Office files are zip archives; which kind is told by their inner parts.
        return start.startswith(b"PK\x03\x04") and _holds_office_parts(start, ending)
    try:
        # Without the name: given one, what is not recognised passes as what its name says.
        found = {match.extension for match in puremagic.magic_string(start)}
    except puremagic.PureError:
        return False
    return ending in {".jpg" if extension in (".jpeg", ".jfif") else extension for extension in found}


def _holds_office_parts(start: bytes, ending: str) -> bool:
    marks = {".docx": b"word/", ".xlsx": b"xl/", ".pptx": b"ppt/"}
    return marks.get(ending, b"mimetypeapplication/vnd.oasis.opendocument") in start


def scan(upload) -> None:
    """Gives the file to the operator's virus scanner, where there is one; whatever is not clean is refused."""
    if not settings.VIRUS_SCAN:
        return
    upload.seek(0)
    try:
        result = subprocess.run(
            settings.VIRUS_SCAN.split(), input=upload.read(), capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.exception("virus scanner did not answer")
        raise ValidationError(
            _("The virus scanner does not answer, so nothing was kept. Tell those who run Styrhus.")
        ) from error
    upload.seek(0)
    if result.returncode:
        raise ValidationError(_("The virus scanner stopped this file. Nothing was kept."))
