"""The year so far as a chart."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from styrhus.economy.queries.money import Money, total
from styrhus.economy.words import ORE, month_in_words
from styrhus.kit.charts import COLOURS, base


def through_the_year(months: Mapping[int, int], series: Sequence[Money]) -> dict:
    """What is booked so far, month by month, and the budget of the whole year as a dashed line. In 1 000 kroner."""
    thousand = 1_000 * ORE
    budget, so_far, rows = total(series, "").budget, 0, []
    for month in sorted(each for each in months if each):
        so_far += months[month]
        row = {"month": month_in_words(month), "booked": so_far / thousand, "budget": budget / thousand}
        rows.append(row)
    axis = {"field": "month", "type": "ordinal", "sort": [row["month"] for row in rows], "title": None}
    y = {"type": "quantitative", "title": _("1 000 kroner")}
    tooltip = [
        {"field": "month", "title": _("Month")},
        {"field": "booked", "title": _("Booked so far"), "format": ",.0f"},
        {"field": "budget", "title": _("Budget of the year"), "format": ",.0f"},
    ]
    booked = {
        "mark": {"type": "line", "point": {"size": 60}, "color": COLOURS[0]},
        "encoding": {"y": y | {"field": "booked"}, "tooltip": tooltip},
    }
    granted = {
        "mark": {"type": "line", "strokeDash": [6, 4], "color": COLOURS[2]},
        "encoding": {"y": y | {"field": "budget"}},
    }
    return base(rows) | {"height": 260, "encoding": {"x": axis}, "layer": [granted, booked] if budget else [booked]}
