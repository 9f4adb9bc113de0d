"""Charts as Vega-Lite: one definition, drawn interactively in the page and as static SVG elsewhere."""

import json

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Inter, sans-serif"
# The width of a picture in pixels.
WIDE = 800
# On a phone: the letters are still read when it is no wider than that.
NARROW = 360
# Told apart in grey print and by colour-blind readers; the legend and the table beside it carry the words.
COLOURS = ["#0b5b66", "#f0a63c", "#276b43", "#7a4b9a", "#9a520f", "#1f5fa8"]


def base(rows: list[dict]) -> dict:
    """What every chart has: its rows, the width of its place, and the way we write and draw."""
    return {
        "$schema": SCHEMA,
        "data": {"values": rows},
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {
            "font": FONT,
            "axis": {
                "labelFontSize": 13,
                "titleFontSize": 13,
                "grid": False,
                "domain": False,
                "ticks": False,
            },
            "legend": {"labelFontSize": 13, "titleFontSize": 13},
            "view": {"stroke": None},
            "locale": {"number": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", " kr"]}},
        },
    }


def stacked_bars(rows: list[dict], *, category: str, series: str, value: str, titles: dict) -> dict:
    """Lying bars, one per category, divided by series. `titles` names category, series and value for people."""
    order = list(dict.fromkeys(row[series] for row in rows))
    return base(rows) | {
        "height": {"step": 28},
        "transform": [
            # Left alone, bars are stacked by the alphabet and read in another order than the legend.
            {"calculate": f"indexof({json.dumps(order)}, datum[{json.dumps(series)}])", "as": "place_in_legend"},
            {"calculate": said_of_a_bar(titles, [category, series, value]), "as": "in_words"},
        ],
        "mark": {"type": "bar", "cornerRadius": 2},
        "encoding": {
            "y": {
                "field": category,
                "type": "nominal",
                "title": None,
                "sort": None,
                "axis": {"labelLimit": 240},
            },
            "x": {
                "field": value,
                "type": "quantitative",
                "stack": "zero",
                "title": titles[value],
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "color": {
                "field": series,
                "type": "nominal",
                "title": titles[series],
                "sort": order,
                "scale": {"domain": order, "range": COLOURS[: len(order)]},
                "legend": {"orient": "top", "columns": 2},
            },
            "order": {"field": "place_in_legend", "type": "quantitative"},
            "description": {"field": "in_words", "type": "nominal"},
            "tooltip": [{"field": name, "title": titles[name]} for name in (category, series, value)],
        },
    }


def said_of_a_bar(titles: dict, names: list[str]) -> str:
    """What a screen reader says of one bar, as an expression: "Område: Skole; Status: Ferdig; Tiltak: 3"."""
    return ' + "; " + '.join(f"{json.dumps(titles[name] + ': ')} + datum[{json.dumps(name)}]" for name in names)


def svg(chart: dict, *, width: int = WIDE) -> str:
    """The same chart as a static picture, for print and files."""
    import vl_convert  # heavy, and few requests need it

    return vl_convert.vegalite_to_svg(chart | {"width": width}, vl_version="6.1")


def answer(chart: dict, form: str, *, narrow: bool = False):
    """A chart asked for by URL: its definition for the page, or the picture as a file."""
    if form != "svg":
        return JsonResponse(chart)
    response = HttpResponse(
        svg(chart, width=NARROW if narrow else WIDE),
        content_type="image/svg+xml",
        headers={"Content-Language": get_language()},
    )
    response["Content-Disposition"] = 'attachment; filename="diagram.svg"'
    return response
