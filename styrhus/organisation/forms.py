"""Choosing a position: thousands of them, so they are searched for, by title, unit or the name of who holds them."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.fields import DateInput
from styrhus.organisation.models import Position
from styrhus.organisation.queries import positions_with_words

SUGGESTED = 5


def label_of(position: Position) -> str:
    """What a position is called where it is chosen; the number tells apart those that share title and unit."""
    return f"{position.title} – {position.unit.name} #{position.pk}"


class SearchInput(forms.TextInput):
    """A text field with suggestions from the server; without script the words alone are enough."""

    def render(self, name, value, attrs=None, renderer=None):
        listed = f"{attrs['id']}_found"
        more = {
            "list": listed,
            "autocomplete": "off",
            "hx-get": reverse("organisation:find_positions"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{listed}",
        }
        drawn = super().render(name, value, attrs | more, renderer)
        return format_html('{}<datalist id="{}"></datalist>', drawn, listed)


class TreeDateForm(forms.Form):
    """The day on which the tree is to be shown."""

    dato = forms.DateField(label=gettext_lazy("The tree as it stood on"), widget=DateInput, required=False)


class PositionField(forms.ModelChoiceField):
    """A position by its label, its number, or words that only one position has."""

    widget = SearchInput

    def __init__(self, **more):
        super().__init__(queryset=Position.objects.select_related("unit"), **more)

    def prepare_value(self, value):
        if isinstance(value, Position):
            return label_of(value)
        found = self.queryset.filter(pk=value).first() if str(value or "").isdigit() else None
        return label_of(found) if found else value

    def validate(self, value):
        super().validate(value)
        if value and value.is_closed(date.today()):
            raise ValidationError(
                _("The position “%(title)s” was closed on %(day)s. Choose one that is in use.")
                % {"title": value.title, "day": date_format(value.until)}
            )

    def to_python(self, value):
        words = str(value or "").strip()
        if not words:
            return None
        number = re.search(r"(?:^|#)(\d{1,18})$", words)
        found = list(self.queryset.filter(pk=number[1]) if number else positions_with_words(words)[: SUGGESTED + 1])
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._advice(found))

    def _advice(self, found: list[Position]) -> str:
        if not found:
            return _("No position has these words. Try the title, the unit, or the name of who holds it.")
        labels = "; ".join(map(label_of, found[:SUGGESTED]))
        return _("Several positions fit. Choose one of them: %(labels)s") % {"labels": labels}
