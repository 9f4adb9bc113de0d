"""The forms of codes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.models import Code, Dimension
from styrhus.economy.operations.codes import listed_for
from styrhus.economy.words import ORE
from styrhus.kit.fields import LeanSelect, NumberInput
from styrhus.kit.parsing import Unfit, decimal
from styrhus.organisation.queries import indented_units

MOST = 10**16


class CodeForm(forms.ModelForm):
    """What a code is called, and where its figures belong: the unit of a cost centre, KOSTRA's code of the others."""

    class Meta:
        model = Code
        fields = ["name", "unit", "kostra", "first_year", "last_year"]
        widgets = {"first_year": NumberInput, "last_year": NumberInput, "unit": LeanSelect, "kostra": LeanSelect}
        help_texts = {"last_year": gettext_lazy("Empty as long as the code is in use.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        listed = listed_for(self.instance.dimension)
        if self.instance.dimension == Dimension.COST_CENTRE:
            fields["unit"].choices = [("", _("None")), *indented_units()]
        else:
            del fields["unit"]
        if listed:
            named = [(each.code, f"{each.code} {each.name}") for each in listed.values()]
            fields["kostra"] = forms.ChoiceField(
                label=gettext_lazy("KOSTRA's code"),
                choices=[("", _("None")), *named],
                required=False,
                widget=LeanSelect,
            )
        else:
            del fields["kostra"]

    def save(self, commit=True):
        self.instance.is_exception |= "kostra" in self.changed_data
        return super().save(commit)


class KronerField(forms.Field):
    """An amount as people write it: 1 234 567,50. Gives whole øre."""

    widget = NumberInput

    def to_python(self, value):
        written = (value or "").strip()
        if not written:
            return None
        try:
            exact = decimal(written) * ORE
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit)) from unfit
        if abs(exact) >= MOST:
            raise forms.ValidationError(_("The amount is larger than can be kept."))
        return round(exact)


class ForecastForm(forms.Form):
    amount = KronerField(
        label=gettext_lazy("What will the year come to, in kroner?"),
        help_text=gettext_lazy("Net: expenses less income, for the unit and those below it."),
    )
    comment = forms.CharField(
        label=gettext_lazy("Why, and what is done about it"),
        help_text=gettext_lazy("Must be written where the forecast is far from the budget."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
