"""The chart of an indicator: results over time, what is aimed at, and the units below compared."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from styrhus.kit.charts import COLOURS, base
from styrhus.scorecard.models import Indicator
from styrhus.scorecard.periods import in_words
from styrhus.scorecard.queries.results import Result
from styrhus.scorecard.status import Aim


def over_time(indicator: Indicator, trend: Sequence[Result], aims: dict[int, Aim]) -> dict:
    """A line of results, with the target as a dashed line, or as a band where it is an interval."""
    rows = [_row(indicator, each, aims.get(each.start.year)) for each in trend]
    periods = [row["period"] for row in rows]
    axis = {
        "field": "period",
        "type": "ordinal",
        "sort": periods,
        "title": None,
        "axis": {"labelAngle": -30, "labelOverlap": "greedy"},
    }
    unit = indicator.measured_in
    tooltip = [
        {"field": "period", "title": _("Period")},
        {"field": "value", "title": indicator.title, "format": f",.{indicator.decimals}f"},
        {"field": "target", "title": _("Target value")},
    ]
    y = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    green = {"color": COLOURS[2]}
    band = {
        "mark": {"type": "area", "opacity": 0.2} | green,
        "encoding": {"y": y | {"field": "low"}, "y2": {"field": "high"}},
    }
    dashes = {"mark": {"type": "line", "strokeDash": [6, 4]} | green, "encoding": {"y": y | {"field": "goal"}}}
    results = {
        "mark": {"type": "line", "point": {"size": 60}, "color": COLOURS[0]},
        "encoding": {"y": y | {"field": "value"}, "tooltip": tooltip},
    }
    # A layer without a number in it makes the drawing complain.
    given = {name for row in rows for name in row}
    layers = [*([band] if "low" in given else []), *([dashes] if "goal" in given else []), results]
    return base(rows) | {"height": 280, "encoding": {"x": axis}, "layer": layers}


def _row(indicator: Indicator, result: Result, aim: Aim | None) -> dict:
    value = None if result.value is None else float(result.value)
    row: dict = {"period": in_words(result.start, indicator.frequency), "value": value}
    if aim is None:
        return row | {"target": "–"}
    if aim.value is None:
        low, high = float(aim.low or 0), float(aim.high or 0)
        return row | {"low": low, "high": high, "target": f"{low:g}–{high:g}"}
    return row | {"goal": float(aim.value), "target": f"{float(aim.value):g}"}
