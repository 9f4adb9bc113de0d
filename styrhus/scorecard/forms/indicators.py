"""The forms of an indicator, its target values and the units it is measured in."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.items.forms import OPENNESS_FIELDS, ItemForm, UnitField
from styrhus.kit.fields import DateInput, NumberInput
from styrhus.organisation.access import units_where
from styrhus.organisation.models import Unit
from styrhus.planning.models import Goal
from styrhus.scorecard.forms.numbers import AmountField
from styrhus.scorecard.models import FocusArea, Indicator, Target
from styrhus.scorecard.queries.focus import holding

AMOUNTS = ("least", "most", "tolerance", "factor")


class IndicatorForm(ItemForm):
    least = AmountField(label=_("Least possible value"), required=False)
    most = AmountField(label=_("Greatest possible value"), required=False)
    tolerance = AmountField(
        label=_("Tolerance"), required=False, help_text=_("How far from the target value is still nearly reached")
    )
    factor = AmountField(label=_("Times"), required=False, help_text=_("100 for a percentage"))

    class Meta(ItemForm.Meta):
        model = Indicator
        fields = [
            "title",
            "definition",
            "focus_area",
            "of_goal",
            "is_key_figure",
            "unit",
            "responsible",
            "measured_in",
            "decimals",
            "direction",
            "tolerance",
            "frequency",
            "days_to_deliver",
            "aggregation",
            "numerator",
            "denominator",
            "factor",
            "weight",
            "least",
            "most",
            "min_respondents",
            "type",
            "is_leading",
            "source",
            "is_imported",
            "code",
            *OPENNESS_FIELDS,
        ]
        widgets = ItemForm.Meta.widgets | {
            "definition": forms.Textarea(attrs={"rows": 3}),
            "decimals": NumberInput,
            "days_to_deliver": NumberInput,
            "min_respondents": NumberInput,
        }
        help_texts = ItemForm.Meta.help_texts | {
            "measured_in": _("For example percent, days, persons or kroner"),
            "is_key_figure": _("It is compared and raises questions; it has no target value and no colour."),
            "min_respondents": _("Fewer people behind a figure, and only the unit's own leader and HR see it."),
            "days_to_deliver": _("From the end of the period until the figure is to be in"),
            "code": _("What a file knows it by"),
            "aggregation": _("A percentage is never the mean of percentages: choose ratio, and keep both parts."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        area: forms.ModelChoiceField = self.fields["focus_area"]  # type: ignore[assignment]
        area.queryset = FocusArea.objects.of_year(date.today().year)
        if self.instance.focus_area_id:
            self.initial["focus_area"] = holding(date.today().year)[self.instance.focus_area_id].pk
        goal: forms.ModelChoiceField = self.fields["of_goal"]  # type: ignore[assignment]
        goal.queryset = Goal.objects.visible_to(self.by).filter(ended=None).order_by("title_key")

    def clean(self):
        cleaned = super().clean()
        cleaned["factor"] = cleaned.get("factor") or 1
        cleaned["tolerance"] = cleaned.get("tolerance") or 0
        return cleaned


class TargetForm(forms.ModelForm):
    """One target value, for one unit and some years."""

    value = AmountField(label=_("Target value"), required=False)
    low = AmountField(label=_("From value"), required=False)
    high = AmountField(label=_("To value"), required=False)

    class Meta:
        model = Target
        fields = ["unit", "first_year", "last_year", "value", "low", "high", "reason", "decision"]
        field_classes = {"unit": UnitField}
        widgets = {"first_year": NumberInput, "last_year": NumberInput}
        help_texts = {
            "unit": _("It holds for the units below too, where they have none of their own."),
            "reason": _("Why this unit aims at something else than the others"),
            "decision": _("What decided it, such as the adoption of the action programme"),
        }

    def __init__(self, *args, indicator: Indicator, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        unit: forms.ModelChoiceField = self.fields["unit"]  # type: ignore[assignment]
        unit.queryset = (units_where(by, "target.set") | Unit.objects.filter(pk=indicator.unit_id)).order_by("path")
        for name in ("value",) if indicator.direction == "interval" else ("low", "high"):
            del self.fields[name]


class MeasuredInForm(forms.Form):
    """The units that are to deliver an indicator."""

    units = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    since = forms.DateField(label=_("From"), widget=DateInput)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        choice: forms.ModelMultipleChoiceField = self.fields["units"]  # type: ignore[assignment]
        choice.queryset = units
