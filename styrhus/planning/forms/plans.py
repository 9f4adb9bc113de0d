from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from styrhus.items.forms import OPENNESS_FIELDS, ItemForm
from styrhus.kit.fields import DateInput, LeanSelect, NumberInput
from styrhus.planning.models import Plan
from styrhus.planning.queries.guards import warnings_before_adoption
from styrhus.planning.queries.plans import followable, reasons_against

PERIOD = ["first_year", "last_year"]
# What the decision was about is changed by a new version, never in the adopted one.
DECIDED = [*PERIOD, "follows_up", "purpose"]


class PlanChoices(ModelChoiceIterator):
    """Plans as bare values: a municipality may have hundreds."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "title")


class PlanField(forms.ModelChoiceField):
    """A plan among those offered. What was sent is looked for among all that one may see, so that a no has a reason."""

    iterator = PlanChoices
    widget = LeanSelect
    seen: Any = None

    def to_python(self, value):
        if value in self.empty_values:
            return None
        found = self.seen.filter(pk=value).first() if str(value).isdecimal() and len(str(value)) < 18 else None
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class Knowingly(forms.Form):
    """A form that warns before it does something: what it warns of must be ticked, and is never done silently.

    Subclasses say `warnings()`: sentences, from the cleaned data. `confirmed` are those that were ticked.
    """

    knowingly = forms.BooleanField(
        label=_("I know this, and it is to be done all the same"), required=False, widget=forms.HiddenInput
    )
    confirmed: list[str]

    def warnings(self) -> list[str]:
        raise NotImplementedError

    def clean(self):
        super().clean()
        self.confirmed = [] if self.errors else self.warnings()
        if self.confirmed:
            self.fields["knowingly"].widget = forms.CheckboxInput()
            if not self.cleaned_data.get("knowingly"):
                self.add_error("knowingly", self.confirmed)
        return self.cleaned_data


class PlanForm(ItemForm):
    """A plan of a known type: horizon, title and what it follows up are proposed by the type."""

    follows_up = PlanField(queryset=None, label=_("Follows up"), required=False, empty_label=_("No plan"))

    class Meta(ItemForm.Meta):
        model = Plan
        fields = [
            "title",
            *PERIOD,
            "shortens_older",
            "follows_up",
            "purpose",
            "unit",
            "responsible",
            "due",
            "field",
            "case_number",
            *OPENNESS_FIELDS,
        ]
        widgets = ItemForm.Meta.widgets | {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "first_year": NumberInput,
            "last_year": NumberInput,
        }
        labels = {"due": _("To be adopted by")}
        help_texts = ItemForm.Meta.help_texts | {
            "last_year": _("Leave it empty when no end is set."),
            "purpose": _("Why the plan is made, in a few sentences."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plan = self.instance
        above: Any = self.fields["follows_up"]
        above.seen = Plan.objects.visible_to(self.by)
        above.queryset = followable(self.by, plan.follows_up_id).exclude(pk=plan.pk)
        above.help_text = _("Only plans in force are listed.")
        if not plan.replaces_id:
            del self.fields["shortens_older"]
        if plan.pk and not plan.is_under_work:
            self._keep_what_was_decided()

    def _keep_what_was_decided(self) -> None:
        for name in DECIDED:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Decided when the plan was adopted. Make a new version to change it.")
        self.fields.pop("shortens_older", None)
        del self.fields["due"]

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if not {*PERIOD, "follows_up"} & self.errors.keys():
            for name, reason in reasons_against(self.instance):
                self.add_error(name if name in self.fields else None, reason)

    def validate_constraints(self):
        """`reasons_against` says the same in words that help."""


class AdoptForm(Knowingly, forms.ModelForm):
    class Meta:
        model = Plan
        fields = ["adopted_on", "decision", "decision_url", "kommuneplan", "kommuneplan_reason"]
        widgets = {"adopted_on": DateInput, "kommuneplan_reason": forms.Textarea(attrs={"rows": 3})}
        labels = {"adopted_on": _("Date of the decision")}
        help_texts = {
            "decision": _("For example PS 12/26."),
            "kommuneplan": _("The council decides this with the planning strategy (pbl § 10-1)."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("adopted_on", "decision"):
            self.fields[name].required = True
        for name in ("kommuneplan", "kommuneplan_reason"):
            self.fields[name].required = self.instance.is_planning_strategy
            if not self.instance.is_planning_strategy:
                del self.fields[name]

    def warnings(self) -> list[str]:
        return warnings_before_adoption(self.instance, self.cleaned_data["adopted_on"])

    def validate_constraints(self):
        """The operation says the same in words that help."""


class RepealForm(forms.Form):
    on = forms.DateField(label=_("Repealed from"), widget=DateInput)
    note = forms.CharField(label=_("Reason and decision"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
