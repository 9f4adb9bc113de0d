"""Fields of the forms of plans: a thing found by its title, and money."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _

from styrhus.items.models import Item
from styrhus.kit.fields import NumberInput
from styrhus.kit.parsing import Unfit, decimal
from styrhus.organisation.forms import SearchInput
from styrhus.planning.queries.threads import things_like

SUGGESTED = 5
# What may stand after a number of kroner, and by how much it multiplies.
SCALES = {"mill": 1_000_000, "million": 1_000_000, "millioner": 1_000_000, "mrd": 10**9, "tusen": 1_000}
SCALED = re.compile(r"^(.*?)\s*(mill|million|millioner|mrd|tusen)\.?$", re.IGNORECASE)
MOST = 10**15


def label_of_thing(item: Item) -> str:
    return f"{item.title} #{item.pk}"


class ThingField(forms.ModelChoiceField):
    """A thing by its label, its number, or words that only one thing has. `by` says who asks, before it is used."""

    by: Any = None

    def __init__(self, **more):
        super().__init__(queryset=Item.objects.all(), widget=SearchInput(suggestions="planning:find_things"), **more)

    def _seen(self):
        return Item.objects.visible_to(self.by)

    def prepare_value(self, value):
        if isinstance(value, Item):
            return label_of_thing(value)
        found = self._seen().filter(pk=value).first() if str(value or "").isdecimal() else None
        return label_of_thing(found) if found else value

    def to_python(self, value):
        words = str(value or "").replace("\x00", "").strip()
        if not words:
            return None
        number = re.search(r"(?:^|#)(\d{1,18})$", words)
        found = list(self._seen().filter(pk=number[1]) if number else things_like(self.by, words)[: SUGGESTED + 1])
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._advice(found))

    def has_changed(self, initial, data):
        before = initial.pk if isinstance(initial, Item) else initial
        return str(self.prepare_value(before) or "") != str(data or "")

    def _advice(self, found: list[Item]) -> str:
        if not found:
            return _("Nothing you can see has these words. Try the title, or the number after #.")
        labels = "; ".join(map(label_of_thing, found[:SUGGESTED]))
        return _("Several things fit. Choose one of them: %(labels)s") % {"labels": labels}


def in_kroner(ore: int | None) -> str:
    """Øre as kroner are written: 1 250 000, with øre only where there are any."""
    if ore is None:
        return ""
    kroner = Decimal(ore) / 100
    whole = localize(int(kroner))
    return whole if kroner == int(kroner) else f"{whole},{abs(ore) % 100:02}"


class KronerField(forms.CharField):
    """An amount as people write it – 1 250 000, 1,25 mill., 300 tusen – kept in whole øre."""

    widget = NumberInput

    def prepare_value(self, value):
        return in_kroner(value) if isinstance(value, int) else value

    def to_python(self, value):
        if isinstance(value, int):
            return value
        words = super().to_python(value)
        if not words:
            return None
        scaled = SCALED.match(words)
        try:
            amount = decimal(scaled[1] if scaled else words) * (SCALES[scaled[2].lower()] if scaled else 1)
        except (Unfit, KeyError) as error:
            raise ValidationError(_not_an_amount(words)) from error
        return self._checked(amount, words)

    def _checked(self, amount: Decimal, words: str) -> int:
        if amount < 0:
            raise ValidationError(_("A cost is nothing or more. Leave out the minus sign."))
        if amount >= MOST:
            raise ValidationError(_not_an_amount(words))
        return round(amount * 100)

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != (data or "")


def _not_an_amount(words: str) -> str:
    return _("“%(text)s” is not an amount. Write it in kroner, for example 1 250 000 or 1,25 mill.") % {"text": words}
