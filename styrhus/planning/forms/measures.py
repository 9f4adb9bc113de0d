from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.items.forms import OPENNESS_FIELDS, ItemForm
from styrhus.kit.fields import DateInput, NumberInput
from styrhus.planning.forms.contents import OWN, ContentForm
from styrhus.planning.forms.fields import KronerField
from styrhus.planning.models import EffectEvaluation, Measure


class MeasureForm(ContentForm):
    cost = KronerField(label=_("Cost in kroner"), required=False, help_text=_("For example 1 250 000 or 1,25 mill."))

    class Meta(ItemForm.Meta):
        model = Measure
        fields = [
            "title",
            "description",
            "part_of",
            "plan",
            "expected_effect",
            "evaluate_on",
            *OWN,
            "progress",
            "cost",
            "information",
            "carries",
            *OPENNESS_FIELDS,
        ]
        widgets = ItemForm.Meta.widgets | {
            "description": forms.Textarea(attrs={"rows": 5}),
            "expected_effect": forms.Textarea(attrs={"rows": 2}),
            "information": forms.Textarea(attrs={"rows": 2}),
            "progress": NumberInput,
            "evaluate_on": DateInput,
        }
        help_texts = ItemForm.Meta.help_texts | {
            "evaluate_on": _("When the measure is done, it becomes a duty to judge on this day whether it worked."),
            "information": _("Who is to be told what, when and by whom (kommuneloven § 4-1)"),
        }


class ProgressForm(forms.ModelForm):
    """The one thing a leader changes often."""

    class Meta:
        model = Measure
        fields = ["progress"]
        widgets = {"progress": NumberInput}


class EvaluationForm(forms.ModelForm):
    """Did it work? What cannot be said yet gets a new date."""

    again_on = forms.DateField(
        label=_("Evaluate again on"),
        widget=DateInput,
        required=False,
        help_text=_("Only when it cannot be said yet"),
    )

    class Meta:
        model = EffectEvaluation
        fields = ["verdict", "evidence", "on"]
        widgets = {
            "verdict": forms.RadioSelect,
            "evidence": forms.Textarea(attrs={"rows": 5}),
            "on": DateInput,
        }
        help_texts = {"evidence": _("What you build on: figures, a survey, what users and staff say")}
