"""Where a file comes from, what it holds, and what each of its columns is."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.imports.queries import kinds_open_to, known_sources
from styrhus.kit.fields import LeanSelect, scan
from styrhus.kit.loading import Kind, NotMapped, check_mapping
from styrhus.kit.reading import ENDINGS, Table

SAMPLES = 3
SAMPLE_LENGTH = 40


class FileOfRows(forms.FileField):
    """A file that may hold rows. Here its size and name are checked; the rest is seen when it is opened."""

    widget = forms.FileInput(attrs={"accept": ",".join(ENDINGS)})

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not upload.name.lower().endswith(ENDINGS):
            raise ValidationError(
                _("Files of this kind cannot be loaded. Use one of: %(endings)s.") % {"endings": ", ".join(ENDINGS)}
            )
        if upload.size > settings.UPLOAD_LIMIT:
            raise ValidationError(
                _("The file is %(size)s. The limit is %(limit)s: pack it with gzip or zip, or divide it.")
                % {"size": filesizeformat(upload.size), "limit": filesizeformat(settings.UPLOAD_LIMIT)}
            )
        scan(upload)
        return upload


class KnownNames(forms.TextInput):
    """A text with suggestions that are in the page already."""

    def __init__(self, names: list[str]):
        super().__init__(attrs={"autocomplete": "off"})
        self.names = names

    def render(self, name, value, attrs=None, renderer=None):
        listed = f"{name}_known"
        drawn = super().render(name, value, (attrs or {}) | {"list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((known,) for known in self.names))
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, listed, options)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What does the file hold?"), widget=forms.RadioSelect)
    file = FileOfRows(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, Excel, OpenDocument or JSON; packed with gzip or zip if you like."),
    )
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        help_text=gettext_lazy("For example the payroll system. The columns are remembered until next time."),
        required=False,
        max_length=100,
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = kinds_open_to(by)
        choice: Any = self.fields["kind"]
        choice.choices = [(kind.name, kind.label) for kind in kinds]
        self.fields["source"].widget = KnownNames(known_sources())
        if len(kinds) == 1:
            self.initial["kind"] = kinds[0].name


class ColumnsForm(forms.Form):
    """One choice for each column: which field it holds, or none. What it holds is shown by its first values."""

    def __init__(
        self,
        *args,
        kind: Kind,
        table: Table,
        samples: dict[str, list[str]],
        mapping: dict[str, str],
        same: dict[str, str],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.kind, self.header = kind, table.header
        if len(table.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), choices=[(name, name) for name in table.sheets], required=False
            )
        choices = [("", _("Not used")), *((each.name, _named(each)) for each in kind.fields)]
        for place, column in enumerate(table.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                initial=mapping.get(column, ""),
                widget=LeanSelect,
                help_text=_in_words(samples[column]),
            )
        self.fields["leave_stray"] = forms.BooleanField(
            label=_("Leave out what stands after the last column"),
            required=False,
            help_text=_("Otherwise a row with more values than there are columns is refused."),
        )
        for each in kind.fields:
            if each.one_for_all:
                self.fields[f"same_{each.name}"] = forms.CharField(
                    label=_("%(field)s, the same on every row") % {"field": each.label},
                    required=False,
                    max_length=250,
                    initial=same.get(each.name, ""),
                    help_text=_("Only where no column holds it."),
                )

    def clean(self):
        cleaned = super().clean()
        self.mapping = {column: cleaned.get(f"column_{place}", "") for place, column in enumerate(self.header)}
        said = {each.name: cleaned.get(f"same_{each.name}", "") for each in self.kind.fields}
        self.same = {name: written for name, written in said.items() if written}
        self.leave_stray = bool(cleaned.get("leave_stray"))
        self._refuse_twice()
        try:
            check_mapping(self.kind, {column: name for column, name in self.mapping.items() if name}, self.same)
        except NotMapped as error:
            if not self.errors:
                raise ValidationError(str(error)) from error
        return cleaned

    def _refuse_twice(self) -> None:
        seen: dict[str, str] = {}
        for place, (column, name) in enumerate(self.mapping.items()):
            if name and name in seen and not self.kind.field(name).heading:
                self.add_error(f"column_{place}", _("“%(column)s” holds this already.") % {"column": seen[name]})
            seen.setdefault(name, column)


def _named(field) -> str:
    return _("%(field)s (must be there)") % {"field": field.label} if field.required else str(field.label)


def _in_words(samples: list[str]) -> str:
    if not samples:
        return _("The column is empty in the first rows.")
    shown = "; ".join(Truncator(sample).chars(SAMPLE_LENGTH) for sample in samples)
    return _("For example: %(samples)s") % {"samples": shown}


class LoadForm(forms.Form):
    """The last question before a load."""

    allow_refused = forms.BooleanField(label=gettext_lazy("Leave out the rows that are refused, and load the others"))

    def __init__(self, *args, refused: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not refused:
            del self.fields["allow_refused"]
