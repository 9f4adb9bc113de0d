from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.items.forms import UnitField
from styrhus.kit.fields import DateInput, NumberInput
from styrhus.organisation.access import units_where
from styrhus.organisation.forms import PositionField
from styrhus.planning.forms.plans import Knowingly
from styrhus.planning.models import Consultation, Guideline, Judgement, Objection, Plan, PlanType, ProgrammeEntry
from styrhus.planning.queries.guards import warnings_before_consultation


class ConsultationForm(Knowingly, forms.ModelForm):
    class Meta:
        model = Consultation
        fields = ["opened", "closes", "asked", "shown_at", "url"]
        widgets = {
            "opened": DateInput,
            "closes": DateInput,
            "asked": forms.Textarea(attrs={"rows": 3}),
            "shown_at": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"asked": _("Authorities, neighbouring municipalities, organisations, councils.")}

    def clean(self):
        opened, closes = self.cleaned_data.get("opened"), self.cleaned_data.get("closes")
        if opened and closes and closes < opened:
            self.add_error("closes", _("The deadline is before the day it opens."))
        return super().clean()

    def warnings(self) -> list[str]:
        answers = self.cleaned_data
        return warnings_before_consultation(self.instance.plan, answers["opened"], answers["closes"])

    def validate_constraints(self):
        """The form says the same in words that help."""


class CloseConsultationForm(forms.Form):
    assessment = forms.CharField(
        label=_("How the views were assessed"),
        help_text=_("In short. The case paper says of each view how it was assessed (pbl § 11-14)."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
    )


class SubmitForm(forms.ModelForm):
    class Meta:
        model = Plan
        fields = ["published_on", "decided_at"]
        widgets = {"published_on": DateInput, "decided_at": DateInput}


class ObjectionForm(forms.ModelForm):
    class Meta:
        model = Objection
        fields = ["authority", "received_on", "parts", "reason"]
        widgets = {
            "received_on": DateInput,
            "parts": forms.Textarea(attrs={"rows": 3}),
            "reason": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"parts": _("These do not bind until the objection is settled.")}


class FollowObjectionForm(forms.ModelForm):
    class Meta:
        model = Objection
        fields = ["mediated_on", "sent_on", "outcome", "settled_on"]
        widgets = {"mediated_on": DateInput, "sent_on": DateInput, "settled_on": DateInput}
        help_texts = {
            "sent_on": _("Within two weeks of the decision, when it is not settled (pbl § 5-6)."),
            "settled_on": _("Only when there is an outcome."),
        }

    def validate_constraints(self):
        """The operation says the same in words that help."""


class EntryForm(forms.ModelForm):
    """A line of the programme; who and by when make it a duty."""

    responsible = PositionField(label=_("Who sees to it"), required=False)
    due = forms.DateField(label=_("By"), widget=DateInput, required=False)

    class Meta:
        model = ProgrammeEntry
        fields = ["kind", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if duty := self.instance.follow_up:
            self.initial.update(responsible=duty.responsible_id, due=duty.due)


class GuidelineForm(forms.ModelForm):
    class Meta:
        model = Guideline
        fields = ["source", "title", "url", "answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 3})}


class JudgementForm(forms.Form):
    """One line of the many: what the strategy says of one plan. What was shown is sent back, so that what somebody else
    has written meanwhile is not lost.
    """

    choice = forms.ChoiceField(
        label=_("Choice"),
        choices=[("", _("Not judged")), *Judgement.Choice.choices],
        required=False,
        show_hidden_initial=True,
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=4_000, show_hidden_initial=True)
    year = forms.IntegerField(
        label=_("Year the work begins"),
        required=False,
        min_value=1900,
        max_value=2200,
        widget=NumberInput,
        show_hidden_initial=True,
    )

    def __init__(self, sent=None, *, plan: Plan, initial: dict):
        super().__init__(sent, prefix=str(plan.pk), initial=initial, use_required_attribute=False)
        self.plan = plan

    def clean(self):
        super().clean()
        answers = self.cleaned_data
        if answers.get("choice") and not answers.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Give the reason: the law asks for it (pbl § 10-1)."))
        if not answers.get("choice") and (answers.get("reason") or answers.get("year")) and "choice" not in self.errors:
            self.add_error("choice", _("Choose what is to be done, or empty the line."))
        if self.changed_data and self._was_changed_meanwhile():
            self.add_error(None, _("Somebody else has changed this line meanwhile. Open the page anew and look at it."))
        return answers

    def _was_changed_meanwhile(self) -> bool:
        for name, field in self.fields.items():
            shown = self.data.get(self[name].html_initial_name, "")
            if field.has_changed(self.initial.get(name), shown):
                return True
        return False

    @property
    def answer(self) -> dict:
        answers = self.cleaned_data
        return {
            "plan": self.plan,
            "choice": answers["choice"],
            "reason": answers["reason"].strip(),
            "year": answers["year"],
        }


class NeededPlanForm(forms.ModelForm):
    """A plan that the strategy finds is needed."""

    responsible = PositionField(label=_("Responsible"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000)

    class Meta:
        model = Plan
        fields = ["type", "title", "first_year", "last_year", "unit", "responsible"]
        field_classes: dict[str, Any] = {"unit": UnitField}
        widgets = {"first_year": NumberInput, "last_year": NumberInput}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = units_where(by, "plan.create").order_by("path")
        types: Any = self.fields["type"]
        types.queryset = PlanType.objects.filter(retired=False)

    def validate_constraints(self):
        """The operation says the same in words that help."""


def proposed_consultation(plan: Plan, today) -> dict:
    """From today for as long as the law asks, and a day more: the first day does not count."""
    return {"opened": today, "closes": today + timedelta(weeks=plan.type.consultation_weeks or 6, days=1)}
