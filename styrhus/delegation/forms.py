from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from styrhus.delegation.models import (
    Authorisation,
    AuthorityLevel,
    DelegationCheck,
    Power,
    Regulations,
    Source,
    name_of,
)
from styrhus.delegation.queries import candidates, held_in_spite_of, reasons_against_change
from styrhus.kit.fields import DateInput, LeanSelect, NumberInput
from styrhus.organisation.forms import PositionField

CHECK_FIELDS = ["check_how", "check_every"]
TERMS = ["reservations", "may_be_passed_on", "start", "end", *CHECK_FIELDS]
WIDGETS = {
    "start": DateInput,
    "end": DateInput,
    "reservations": forms.Textarea(attrs={"rows": 3}),
    "check_every": NumberInput,
    "power": LeanSelect,
}
HELP = {
    "end": _("Leave it empty when no end is set."),
    "check_how": _("For example: a sample of ten decisions, and a talk about them."),
    "reservations": _("What is not included, or must be asked about first."),
    "decision": _("For example PS 12/26."),
    "legal_basis": _("For example kommuneloven § 13-1."),
}


class HolderField(forms.ModelChoiceField):
    """The positions that can be given it, and nobody else."""

    widget = LeanSelect

    def label_from_instance(self, position):
        return name_of(position)


class PassOnForm(forms.ModelForm):
    """To whom, and on what terms; the rest is known from what it stands on."""

    holder = HolderField(label=_("Who is to have it"), queryset=None, empty_label=_("Choose a position"))

    class Meta:
        model = Authorisation
        fields = ["holder", *TERMS, "decision", "decision_url"]
        widgets, help_texts = WIDGETS, HELP

    def __init__(self, *args, basis, **kwargs):
        super().__init__(*args, **kwargs)
        holder: Any = self.fields["holder"]
        holder.queryset = candidates(basis)
        holder.help_text = _("Only positions in the line that may have it are listed.")
        for name in CHECK_FIELDS:
            self.fields[name].required = True

    def validate_constraints(self):
        """The operation says the same in words that help."""


class NewForm(forms.ModelForm):
    """From the council, or straight from the law."""

    holder = PositionField(label=_("Held by"), help_text=_("Write the title, the unit, or the name of who holds it."))

    class Meta:
        model = Authorisation
        fields = ["power", "holder", "legal_basis", "decision", "decision_url", *TERMS]
        widgets, help_texts = WIDGETS, HELP

    def validate_constraints(self):
        """The operation says the same in words that help."""


class CouncilDelegationForm(NewForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("decision", *CHECK_FIELDS):
            self.fields[name].required = True


class ByLawForm(NewForm):
    class Meta(NewForm.Meta):
        fields = ["power", "holder", "legal_basis", "reservations", "may_be_passed_on", "start", "end"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["legal_basis"].required = True


class ReservedForm(NewForm):
    # The council, so nobody is asked.
    holder = None  # type: ignore[assignment]

    class Meta(NewForm.Meta):
        fields = ["power", "legal_basis", "start", "end"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["legal_basis"].required = True


class TermsForm(forms.ModelForm):
    """What may change while an authorisation lasts. Who, what and from whom does not: that is a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Authorisation
        fields = ["legal_basis", "decision", "decision_url", "reservations", "may_be_passed_on", "end", *CHECK_FIELDS]
        widgets, help_texts = WIDGETS, HELP

    def __init__(self, *args, by, permission, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if not self.instance.giver_id:
            for name in ("decision", "decision_url", *CHECK_FIELDS):
                del self.fields[name]
        if self.instance.source == Source.RESERVED:
            del self.fields["may_be_passed_on"]
        for name in {*CHECK_FIELDS} & {*self.fields}:
            self.fields[name].required = True

    def clean(self):
        super().clean()
        answers = self.cleaned_data
        passed_on = answers.get("may_be_passed_on", self.instance.may_be_passed_on)
        if "end" in answers:
            for field, reason in reasons_against_change(self.instance, answers["end"], passed_on):
                self.add_error(field, reason)
        return answers


class CheckForm(forms.ModelForm):
    """Two answers, from a phone if need be."""

    class Meta:
        model = DelegationCheck
        fields = ["outcome", "note"]
        widgets = {"outcome": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choices = DelegationCheck.Outcome.choices
        self.fields["note"].help_text = _("Needed when there are remarks or a breach.")

    def validate_constraints(self):
        """The operation says the same in words that help."""


class WithdrawForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class PowerForm(forms.ModelForm):
    class Meta:
        model = Power
        fields = ["name", "theme", "legal_basis", "about", "of_principle", "code"]
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "of_principle": _("Only elected bodies decide it (kommuneloven § 13-1)."),
            "theme": _("For example personnel or economy."),
        }


class LevelForm(forms.ModelForm):
    class Meta:
        model = AuthorityLevel
        fields = ["name", "reservations", "excludes"]
        widgets = {"reservations": forms.Textarea(attrs={"rows": 3}), "excludes": forms.CheckboxSelectMultiple}

    def clean_excludes(self):
        """What a level is not to decide is first withdrawn from those who have it there."""
        excluded = self.cleaned_data["excludes"]
        held = held_in_spite_of(self.instance.level, excluded)
        if held:
            names = "; ".join(each.title for each in held)
            raise ValidationError(_("Some at this level have it now. Withdraw it first: %(names)s") % {"names": names})
        return excluded


class RegulationsForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Regulations
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 24})}
        help_texts = {"text": _("Begin the line of a heading with # and a space.")}

    def __init__(self, *args, by=None, permission="", **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version


class AdoptForm(forms.ModelForm):
    class Meta:
        model = Regulations
        fields = ["decision", "decision_url", "adopted_on"]
        widgets = {"adopted_on": DateInput}
        help_texts = {"decision": HELP["decision"]}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("decision", "adopted_on"):
            self.fields[name].required = True
