from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.fields import LeanSelect
from styrhus.organisation.models import Person
from styrhus.organisation.queries import indented_units
from styrhus.records.models import Disposal, Removal
from styrhus.records.operations import check_person, check_value
from styrhus.records.packing import records_of
from styrhus.records.rules import rules_of_kinds


class ExportForm(forms.Form):
    """One thing by its number, or all of a kind, in a unit and below."""

    number = forms.IntegerField(
        label=gettext_lazy("The number of one thing"), required=False, min_value=1, max_value=10**15
    )
    kind = forms.ChoiceField(label=gettext_lazy("Or all of a kind"), required=False)
    unit = forms.TypedChoiceField(
        label=gettext_lazy("Unit and below"), required=False, coerce=int, empty_value=None, widget=LeanSelect
    )
    ended = forms.BooleanField(label=gettext_lazy("Only what has ended"), required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        kinds: Any = self.fields["kind"]
        units: Any = self.fields["unit"]
        kinds.choices = [("", _("None")), *((kind, rule.name) for kind, rule in rules_of_kinds().items())]
        units.choices = [("", _("All")), *indented_units()]

    def clean(self):
        super().clean()
        if not self.errors and not self.cleaned_data["number"] and not self.cleaned_data["kind"]:
            raise ValidationError(_("Choose a kind, or write the number of one thing."))
        if not self.errors and not records_of(self.by, self.chosen()).exists():
            raise ValidationError(_("Nothing you can see fits this choice."))
        return self.cleaned_data

    def chosen(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("number", "kind", "unit", "ended")}


class DisposalForm(forms.ModelForm):
    class Meta:
        model = Disposal
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": gettext_lazy("Kept for ever. Do not write here what is to be removed.")}


class RemovalForm(forms.ModelForm):
    """Why something must go; asked of every removal."""

    class Meta:
        model = Removal
        fields = ["basis", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": gettext_lazy("Kept for ever. Do not write here what is to be removed.")}


class TextRemovalForm(RemovalForm):
    value = forms.CharField(
        label=gettext_lazy("The text that must go"),
        help_text=gettext_lazy(
            "For example a name, a telephone number or a sentence. Small and capital letters are the same."
        ),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["value", "basis", "reason"]

    def clean_value(self):
        return check_value(self.cleaned_data["value"])


class PersonRemovalForm(RemovalForm):
    """A person who has left, by e-mail: names are shared, addresses are not."""

    email = forms.EmailField(
        label=gettext_lazy("The person's e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ["email", "basis", "reason"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.found: Person | None = None

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        self.found = Person.objects.filter(email=email).first()
        if self.found is None:
            raise ValidationError(_("Nobody here has this address."))
        check_person(self.found, by=self.by)
        return email
