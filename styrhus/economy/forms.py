"""The forms of codes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.models import Code, Dimension
from styrhus.economy.operations.codes import listed_for
from styrhus.kit.fields import LeanSelect, NumberInput
from styrhus.organisation.queries import indented_units


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
