"""One definition of a chart, drawn in the page and as a picture."""

import html
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.kit.charts import stacked_bars, svg

TITLES = {"area": "Område", "state": "Status", "count": "Tiltak"}
ROWS = [
    {"area": "Oppvekst", "state": "Planlagt", "count": 3},
    {"area": "Oppvekst", "state": "Ferdig", "count": 1},
    {"area": "Helse & omsorg <b>", "state": "Ferdig", "count": 1_234},
]


def drawing(rows) -> str:
    return svg(stacked_bars(rows, category="area", series="state", value="count", titles=TITLES))


def test_the_definition_is_plain_json_with_its_own_rows():
    chart = stacked_bars(ROWS, category="area", series="state", value="count", titles=TITLES)
    assert json.loads(json.dumps(chart))["data"]["values"] == ROWS
    assert chart["encoding"]["color"]["scale"]["domain"] == ["Planlagt", "Ferdig"]


def test_the_picture_is_svg_with_the_words_in_it():
    picture = drawing(ROWS)
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    for word in ("Oppvekst", "Planlagt", "Tiltak", "Status"):
        assert word in picture
    assert "<b>" not in picture
    assert "<script" not in picture


def test_bars_are_stacked_in_the_order_of_the_legend_whatever_the_alphabet_says():
    rows = [{"area": "Skole", "state": name, "count": 1} for name in ('Planlagt "i år"', "Avsluttet", "Måles")]
    bars = re.findall(r'aria-label="([^"]+)"[^>]* aria-roledescription="bar" d="M([\d.]+),', drawing(rows))
    said = [html.unescape(words) for words, _ in sorted(bars, key=lambda bar: float(bar[1]))]
    assert said == [f"Område: Skole; Status: {row['state']}; Tiltak: 1" for row in rows]


def test_a_picture_of_nothing_is_still_a_picture():
    assert ElementTree.fromstring(drawing([])).tag.endswith("svg")


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
def test_any_name_of_an_area_makes_a_valid_picture(name):
    assert ElementTree.fromstring(drawing([{"area": name, "state": "Ferdig", "count": 1}])) is not None


@pytest.mark.django_db
def test_the_page_gives_the_chart_as_page_definition_and_picture(world, signed_in):
    client = signed_in(world.people.teacher)
    assert "Oppvekst" in client.get("/tiltak/diagram/").content.decode()
    rows = client.get("/tiltak/diagram/?format=json").json()["data"]["values"]
    assert sum(row["count"] for row in rows) == 4
    picture = client.get("/tiltak/diagram/?format=svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Content-Disposition"].startswith("attachment;")


@pytest.mark.django_db
def test_the_chart_counts_only_what_may_be_seen(world, signed_in):
    rows = signed_in(world.people.councillor).get("/tiltak/diagram/?format=json").json()["data"]["values"]
    assert sum(row["count"] for row in rows) == 1
