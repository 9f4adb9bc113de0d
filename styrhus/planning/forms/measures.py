from django import forms

from styrhus.items.forms import ITEM_FIELDS, OPENNESS_FIELDS, ItemForm
from styrhus.kit.fields import NumberInput
from styrhus.planning.models import Measure


class MeasureForm(ItemForm):
    class Meta(ItemForm.Meta):
        model = Measure
        fields = ["title", "description", "expected_effect", *ITEM_FIELDS[1:], "progress", *OPENNESS_FIELDS]
        widgets = ItemForm.Meta.widgets | {
            "description": forms.Textarea(attrs={"rows": 5}),
            "expected_effect": forms.Textarea(attrs={"rows": 2}),
            "progress": NumberInput,
        }


class ProgressForm(forms.ModelForm):
    """The one thing a leader changes often."""

    class Meta:
        model = Measure
        fields = ["progress"]
        widgets = {"progress": NumberInput}
