"""The register of indicators."""

from datetime import date

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from styrhus.items.lists import RESPONSIBLE, STATE, TITLE, UNIT, ItemFilters
from styrhus.kit.lists import Column
from styrhus.scorecard.models import FocusArea, Indicator
from styrhus.scorecard.periods import Frequency
from styrhus.scorecard.queries.focus import line_of

AREA = Column("focus_area", _("Focus area"), "focus_area", order=("focus_area__order", "focus_area"))
FREQUENCY = Column("frequency", _("How often"), lambda each: each.get_frequency_display(), order=("frequency",))
INDICATOR_COLUMNS = (TITLE, AREA, UNIT, RESPONSIBLE, FREQUENCY, STATE)
SORTS = [("indicator", _("Indicators with a target value")), ("key_figure", _("Key figures"))]


class IndicatorFilters(ItemFilters):
    area = filters.ModelChoiceFilter(
        label=_("Focus area"), method="in_area", queryset=FocusArea.objects.all(), empty_label=_("All")
    )
    frequency = filters.ChoiceFilter(label=_("How often"), choices=Frequency, empty_label=_("All"))
    sort_of = filters.ChoiceFilter(label=_("Sort"), method="of_sort", choices=SORTS, empty_label=_("All"))

    class Meta:
        model = Indicator
        fields = ["q", "unit", "state"]

    def in_area(self, queryset, name, asked):
        """Also what was put in an area that this one has replaced, or that has replaced this one."""
        return queryset.filter(focus_area__in=line_of(asked, date.today().year))

    def of_sort(self, queryset, name, asked):
        return queryset.filter(is_key_figure=asked == "key_figure")
