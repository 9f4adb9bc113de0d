"""The forms of focus areas and of goals on the scorecard."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import LeanSelect, NumberInput
from styrhus.planning.models import Goal
from styrhus.scorecard.models import FocusArea, ScorecardGoal
from styrhus.scorecard.operations.focus import Words

LAST = 2100


class YearField(forms.IntegerField):
    """Kept within what can be a year of ours, so that nothing odd reaches the table."""

    widget = NumberInput

    def __init__(self, **more):
        super().__init__(min_value=2000, max_value=LAST, **more)


class FocusAreaForm(forms.ModelForm):
    first_year = YearField(
        label=_("Holds from the year"),
        help_text=_("The years before keep the focus area as it was."),
    )

    class Meta:
        model = FocusArea
        fields = ["name", "question", "order", "colour", "first_year"]
        widgets = {"order": NumberInput}
        help_texts = {
            "question": _("For example: Do we have motivated, competent and healthy staff?"),
            "order": _("A low number comes first on the scorecard."),
            "colour": _("The name always stands beside the colour."),
        }

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(given["name"], given["question"], given["order"], given["colour"])


class LastYearForm(forms.Form):
    """When something leaves the scorecard."""

    last_year = YearField(label=_("Last year"), help_text=_("The scorecards up to and with this year keep it."))


class ScorecardGoalForm(forms.ModelForm):
    first_year = YearField(label=_("On the scorecard from the year"))

    class Meta:
        model = ScorecardGoal
        fields = ["goal", "focus_area", "is_common", "first_year", "success_factor", "without_indicator"]
        widgets = {"goal": LeanSelect, "without_indicator": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "is_common": _("Every unit is measured by it. Otherwise it is unique to the unit that has the goal."),
            "success_factor": _("What has to go well for the goal to be reached"),
            "without_indicator": _("Only where nothing measures the goal: it is then judged in words."),
        }

    def __init__(self, *args, by, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["focus_area"].queryset = FocusArea.objects.of_year(year)
        if self.instance.pk:
            del self.fields["goal"]
        else:
            mine = Goal.objects.visible_to(by).where(by, "indicator.create").filter(ended=None, on_scorecard=None)
            fields["goal"].queryset = mine.order_by("title_key")
        if not by.has_perm("scorecard.set_up"):
            del self.fields["is_common"]
