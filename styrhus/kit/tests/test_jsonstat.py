"""Cubes of figures as statistics offices answer with them."""

import json

import pytest
from django.utils import translation

from styrhus.kit.layouts import Known
from styrhus.kit.reading import Unreadable, open_table, plain

KNOWN = frozenset(map(plain, ["year", "geo", "value"]))
SEX = {"label": "kjønn", "category": {"index": ["M", "K"], "label": {"M": "menn", "K": "kvinner"}}}
YEAR = {"label": "2023–2024", "category": {"index": {"2024": 1, "2023": 0}}}
SIDES = {"sex": SEX, "year": YEAR}
ROLE = {"time": ["year"]}
FIRST = {"value": [1, None, 2.125, 0], "dimension": {"id": ["sex", "year"], "size": ["2", 2], "role": ROLE, **SIDES}}
SECOND = {"class": "dataset", "version": "2.0", "id": ["sex", "year"], "size": [2, 2], "role": ROLE, "dimension": SIDES}
ROWS = [["M", "menn", "2023", "1"], ["K", "kvinner", "2023", "2,125"], ["K", "kvinner", "2024", "0"]]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def read(tmp_path):
    def read(content, name="svar.json"):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        with open_table(file, known=Known(KNOWN)) as table:
            return table.header, [cells for _line, cells in table.rows]

    return read


@pytest.mark.parametrize(
    "tree",
    [
        FIRST,
        {**SECOND, "value": [1, None, "2.125", 0]},
        {**SECOND, "value": {"3": 0, "0": 1, "2": 2.125}},
        {"class": "collection", "link": {"item": [{**SECOND, "value": [1, None, 2.125, 0]}, {"href": "x"}]}},
    ],
)
def test_each_figure_is_a_row_and_what_is_missing_is_none(read, tree):
    assert read(tree) == (["kjønn", "kjønn.label", "year", "value"], ROWS)


def test_a_wrapped_set_has_its_name_and_a_status_stands_beside_its_figure(read):
    header, rows = read({"tabell1": {**FIRST, "status": {"3": "f"}, "source": "SSB"}})
    assert header[3:] == ["dataset", "source", "value", "status"]
    assert [row[3:] for row in rows] == [
        ["tabell1", "SSB", figure, said] for figure, said in zip(["1", "2,125", "0"], ["", "", "f"], strict=True)
    ]


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({"a": FIRST, "b": FIRST}, "several data sets: a; b"),
        ({"class": "collection", "link": {"item": [{"label": "Ledighet", "href": "x"}]}}, "Ledighet"),
        ({"class": "dimension", "category": {}}, "no figures"),
        ({**SECOND, "value": [1, 2, 3]}, "room for 4 figures, but holds 3"),
        ({**SECOND, "value": {"4": 1}}, "no room for a figure in place 4"),
        ({**SECOND, "value": [None] * 4}, "missing"),
        ({**SECOND, "size": [3, 2], "value": [1]}, "says that it has 3 categories, but 2"),
        ({**SECOND, "dimension": {"sex": SEX}, "value": [1]}, "“year” is not described"),
        ({**SECOND, "id": [], "size": [], "value": [1]}, "which dimensions"),
        (
            {**SECOND, "dimension": {"sex": SEX, "year": {"category": {"index": {"a": 0, "b": 7}}}}, "value": [1]},
            "order",
        ),
        ("<!doctype html><title>503 Tjenesten er nede</title>", "web page.*503 Tjenesten er nede"),
    ],
)
def test_what_holds_no_single_set_of_figures_is_refused_in_words(read, tree, why):
    with pytest.raises(Unreadable, match=why):
        read(tree)
