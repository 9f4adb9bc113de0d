"""A number as people write it, kept exact."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from styrhus.kit.fields import NumberInput
from styrhus.kit.parsing import Unfit, decimal


def as_written(number: Decimal | None) -> str:
    """The way a Norwegian writes it, with no more decimals than it has: 12,5."""
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")


class AmountField(forms.CharField):
    """1 234,5 or 1234.50: the parser of the files reads it."""

    widget = NumberInput

    def prepare_value(self, value):
        return as_written(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        written = super().to_python(value)
        if not written:
            return None
        try:
            return decimal(written)
        except Unfit as unfit:
            raise ValidationError(str(unfit)) from unfit

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
