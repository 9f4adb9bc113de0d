"""The chart of an indicator: results over time, what is aimed at, and the units below compared."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from styrhus.kit.charts import COLOURS, base
from styrhus.scorecard.models import Indicator
from styrhus.scorecard.periods import in_words
from styrhus.scorecard.queries.comparison import Comparison, Spread
from styrhus.scorecard.queries.indicators import Compared
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


def unit_by_unit(indicator: Indicator, compared: Sequence[Compared]) -> dict:
    """A lying bar for each unit's latest result, with a stroke where it aims. What is kept back has no bar."""
    rows = [_bar(each) for each in compared if each.value is not None]
    number = f",.{indicator.decimals}f"
    x = {"type": "quantitative", "title": indicator.measured_in}
    told = {"unit": _("Unit"), "period": _("Period"), "value": indicator.title, "target": _("Target value")}
    tooltip = [{"field": name, "title": title} for name, title in told.items()]
    bars = {
        "mark": {"type": "bar", "cornerRadius": 2, "color": COLOURS[0]},
        "encoding": {
            "x": x | {"field": "value"},
            "tooltip": [each | ({"format": number} if each["field"] == "value" else {}) for each in tooltip],
        },
    }
    strokes = {
        "mark": {"type": "tick", "thickness": 3, "size": 24, "color": COLOURS[1]},
        "encoding": {"x": x | {"field": "goal"}},
    }
    layers = [bars, *([strokes] if any("goal" in row for row in rows) else [])]
    y = {"field": "unit", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 240}}
    return base(rows) | {"height": {"step": 28}, "encoding": {"y": y}, "layer": layers}


def _bar(each: Compared) -> dict:
    row = {"unit": each.unit.name, "period": each.period, "value": float(each.value or 0), "target": each.target}
    return row | ({"goal": float(each.aim.value)} if each.aim and each.aim.value is not None else {})


def beside_others(found: Comparison) -> dict:
    """Our own line, the median of the group as a dashed line, and a band from the lower to the upper quartile."""
    rows = [_beside(each) for each in found.spreads]
    unit = found.indicator.measured_in
    labels = {
        "own": _("Our own municipality"),
        "median": _("Median of the group"),
        "band": _("Middle half of the group"),
    }
    axis = {"field": "period", "type": "ordinal", "sort": [row["period"] for row in rows], "title": None}
    y = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    number = f",.{found.indicator.decimals}f"
    tooltip = [{"field": "period", "title": _("Period")}, *(_told(name, labels, number) for name in ("own", "median"))]
    colour = {
        "type": "nominal",
        "scale": {"domain": list(labels.values()), "range": [COLOURS[0], COLOURS[4], COLOURS[2]]},
        "legend": {"orient": "top", "title": None, "columns": 1, "labelLimit": 0, "symbolOpacity": 1},
    }
    band = {
        "mark": {"type": "area", "opacity": 0.2},
        "encoding": {
            "y": y | {"field": "lower"},
            "y2": {"field": "upper"},
            "color": colour | {"datum": labels["band"]},
        },
    }
    ends = {"mark": {"type": "rule", "strokeWidth": 8, "opacity": 0.2}, "encoding": band["encoding"]}
    median = {
        "mark": {"type": "line", "strokeDash": [6, 4], "point": True},
        "encoding": {"y": y | {"field": "median"}, "color": colour | {"datum": labels["median"]}, "tooltip": tooltip},
    }
    own = {
        "mark": {"type": "line", "point": {"size": 60}},
        "encoding": {"y": y | {"field": "own"}, "color": colour | {"datum": labels["own"]}, "tooltip": tooltip},
    }
    # One period alone has no width: its band is drawn as a bar.
    layers = [band if len(rows) > 1 else ends, median, *([own] if any(row["own"] is not None for row in rows) else [])]
    return base(rows) | {"height": 280, "encoding": {"x": axis}, "layer": layers}


def _told(name: str, labels: dict[str, str], number: str) -> dict:
    return {"field": name, "title": labels[name], "format": number}


def _beside(spread: Spread) -> dict:
    numbers = {name: getattr(spread, name) for name in ("own", "lower", "median", "upper")}
    return {"period": spread.period} | {
        name: None if number is None else float(number) for name, number in numbers.items()
    }
