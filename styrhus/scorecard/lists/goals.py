"""The register of the goals that are followed on the scorecard."""

from datetime import date

import django_filters as filters
from django.db.models import Q
from django.forms import CheckboxInput
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from styrhus.kit.lists import NOTHING, Column
from styrhus.scorecard.models import FocusArea, ScorecardGoal


def _title_look(followed: ScorecardGoal):
    return format_html(
        '<a class="ds-link" href="{}">{}</a>', reverse("planning:goal", args=[followed.goal_id]), followed.goal.title
    )


def _sort(followed: ScorecardGoal) -> str:
    return gettext("Common to all units") if followed.is_common else gettext("Unique to the unit")


def _years(followed: ScorecardGoal) -> str:
    return f"{followed.first_year}–{followed.last_year or ''}"


def _change_look(followed: ScorecardGoal):
    if not followed.may_change:  # type: ignore[attr-defined]
        return NOTHING
    words = format_html('<span class="ds-sr-only">: {}</span>', followed.goal.title)
    return format_html(
        '<a class="ds-link" href="{}">{}{}</a> <a class="ds-link" href="{}">{}{}</a>',
        *(reverse("scorecard:edit_goal", args=[followed.pk]), gettext("Change"), words),
        *(reverse("scorecard:end_goal", args=[followed.pk]), gettext("End"), words),
    )


GOAL_COLUMNS = (
    Column("title", gettext_lazy("Goal"), "goal.title", ("goal__title_key",), look=_title_look, kind="head"),
    Column("area", gettext_lazy("Focus area"), "focus_area", ("focus_area__order", "focus_area")),
    Column("sort_of", gettext_lazy("Sort"), _sort, ("is_common",)),
    Column("unit", gettext_lazy("Unit"), "goal.unit", ("goal__unit__path",)),
    Column("years", gettext_lazy("Years"), _years, ("first_year", "last_year")),
    Column("indicators", gettext_lazy("Indicators"), "indicator_count", ("indicator_count",)),
    Column("why", gettext_lazy("Why it has no indicator"), "without_indicator"),
    Column("change", gettext_lazy("Change"), lambda _followed: NOTHING, look=_change_look),
)


class GoalFilters(filters.FilterSet):
    area = filters.ModelChoiceFilter(
        label=_("Focus area"), field_name="focus_area", queryset=FocusArea.objects.all(), empty_label=_("All")
    )
    common = filters.ChoiceFilter(
        label=_("Sort"),
        method="of_sort",
        choices=[("ja", _("Common to all units")), ("nei", _("Unique to the unit"))],
        empty_label=_("All"),
    )
    ended = filters.BooleanFilter(label=_("Earlier goals too"), method="with_ended", widget=CheckboxInput)

    class Meta:
        model = ScorecardGoal
        fields: list[str] = []

    def of_sort(self, goals, _name, asked):
        return goals.filter(is_common=asked == "ja")

    def with_ended(self, goals, _name, ticked):
        return goals if ticked else goals.filter(Q(last_year=None) | Q(last_year__gte=date.today().year))
