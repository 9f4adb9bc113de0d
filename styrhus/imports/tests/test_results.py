"""Figures and indicators from files: added, corrected, refused with a reason, and taken back."""

# ruff: noqa: F811 (a fixture is imported, and asked for by its name)

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from styrhus.imports.models import Import
from styrhus.imports.operations import load_files, take_back
from styrhus.kit.loading import Source, guess, kinds
from styrhus.organisation.models import Position, Unit
from styrhus.scorecard.models import (
    ComparisonGroup,
    Indicator,
    Measurement,
    Municipality,
    OthersFigure,
    Series,
    Withheld,
)
from styrhus.scorecard.tests.conftest import a_figure, a_series, an_indicator  # noqa: F401
from styrhus.trail.operations import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(world):
    """The units with codes, as long as anybody has measured."""
    codes = {"municipality": "K", "area": "O", "school": "S1", "other_school": "S2"}
    for name, code in codes.items():
        Unit.objects.filter(pk=getattr(world.units, name).pk).update(code=code, since=date(2000, 1, 1))
    return {code: getattr(world.units, name) for name, code in codes.items()}


@pytest.fixture
def load(tmp_path, places):
    """`load(text)`: what came of it, and the import."""

    def load(content: str, kind="results", write=True, name="tall.csv"):
        file = tmp_path / name
        file.write_text(content)
        of = Import(kind=kind)
        mapping = lambda table: guess(kinds()[kind], table.header)  # noqa: E731
        return load_files(of, [Source(file, name)], mapping=mapping, write=write), of

    return load


def said(outcome) -> list[tuple]:
    return [(told["line"], told["column"]) for told in outcome.refusals]


def counts(outcome) -> tuple:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.refused


@pytest.mark.django_db(transaction=True)
def test_figures_are_loaded_once_corrected_with_the_old_one_kept_and_taken_back(load, places, an_indicator):
    ratio, survey = an_indicator("ratio", code="SF", frequency="quarterly"), an_indicator("sum", title="Antall klager")
    text = "Indikator;Enhet;Periode;Verdi;Teller;Nevner;Kommentar\n"
    first = text + "SF;S1;2024K1;;80;1 000;ok\nSF;S2;1. kvartal 2024;;40;500;\nAntall klager;;2024;1,5;;;\n"
    assert counts(load(first, write=False)[0]) == (3, 0, 0, 0)
    assert not Series.objects.exists()
    assert counts(load(first)[0]) == (3, 0, 0, 0)
    assert counts(load(first)[0]) == (0, 0, 3, 0)
    assert Series.objects.get(indicator=ratio, unit=places["S1"]).since == date(2024, 1, 1)
    assert Series.objects.get(indicator=survey).unit == places["K"]
    before = list(Measurement.objects.standing().order_by("pk").values("pk", "numerator", "note"))
    outcome, of = load(text + "SF;S1;2024K1;;81;1 000;ok\nSF;S2;2024K2;;41;500;\n")
    assert counts(outcome) == (1, 1, 0, 0)
    assert Measurement.objects.count() == 5
    take_back(of, by=None)
    assert of.pk and Import.objects.get(pk=of.pk).state == Import.State.UNDONE
    assert list(Measurement.objects.order_by("pk").values("pk", "numerator", "note")) == before


@pytest.mark.django_db(transaction=True)
def test_a_load_that_began_a_series_takes_it_back_unless_it_was_corrected_since(load, an_indicator):
    an_indicator("sum", code="A", title="Klager")
    _outcome, of = load("Indikator;Enhet;År;Verdi\nA;S1;2024;7\n")
    _outcome, later = load("Indikator;Enhet;År;Verdi\nA;S1;2024;8\n")
    take_back(Import.objects.get(pk=of.pk), by=None)
    held = Import.objects.get(pk=of.pk)
    assert held.state == Import.State.LOADED
    assert "Klager" in held.problem and "2024" in held.problem
    take_back(Import.objects.get(pk=later.pk), by=None)
    take_back(Import.objects.get(pk=of.pk), by=None)
    assert not Measurement.objects.exists()
    assert not Series.objects.exists()


def test_what_cannot_be_right_is_refused_with_its_line_and_column(load, places, an_indicator):
    an_indicator("ratio", code="R", frequency="monthly")
    an_indicator("sum", code="S", least=0, most=100_000)
    Unit.objects.filter(pk=places["S2"].pk).update(until=date(2022, 12, 31))
    outcome, _of = load(
        "indikator;enhet;periode;verdi;teller;nevner;bekreftet\n"
        "R;S1;2024M01;;5;;\n"  # a numerator alone
        "R;S1;2024;;5;10;\n"  # a year of what is monthly
        "S;S1;2024;7;;;\n"
        "S;S1;2024;8;;;\n"  # said twice
        "S;O;2024;9;;;\n"  # the school is counted in it
        "S;S2;2024;9;;;\n"  # closed
        "X;Y;2024;9;;;\n"
        "S;S1;2023;-1;;;\n"  # less than there can be
        "S;S1;2025;70000;;;\n"  # thousands for units
        "S;S1;2025;70000;;;ja\n"
        "S;S1;2022;1.234;;;\n",
    )
    wrong = [(2, "nevner"), (3, "periode"), (5, "periode"), (6, "enhet"), (7, "enhet")]
    wrong += [(8, "indikator"), (8, "enhet"), (9, "verdi"), (10, "verdi"), (12, "verdi")]
    assert said(outcome) == wrong
    assert (outcome.added, outcome.written, Measurement.objects.count()) == (2, False, 0)


@pytest.mark.django_db(transaction=True)
def test_what_came_before_is_known_from_the_file_and_from_what_stood(load, places, an_indicator):
    indicator = an_indicator("sum", code="A")
    a_figure(a_series(indicator, places["S1"]), year=2020, value=10)
    head = "indikator;enhet;periode;verdi\n"
    assert said(load(head + "A;S1;2021;9000\n")[0]) == [(2, "verdi")]
    assert said(load(head + "A;S1;2021;400\nA;S1;2022;90000\nA;S2;2022;90000\n")[0]) == []
    assert said(load(head + "A;S1;2023;90000000\n")[0]) == [(2, "verdi")]


def test_a_file_changes_what_it_speaks_of_alone(load, places, an_indicator):
    indicator = an_indicator("weighted_mean", code="A", min_respondents=5)
    series = a_series(indicator, places["S1"])
    a_figure(series, year=2024, value=4, weight=20, respondents=20, note="Sagt av rektor", source="Skjema")
    head = "indikator;enhet;periode;verdi;vekt\n"
    assert counts(load(head + "A;S1;2024;4;20\n")[0]) == (0, 0, 1, 0)
    assert counts(load(head + "A;S1;2024;4,1;20\n")[0]) == (0, 1, 0, 0)
    stands = Measurement.objects.standing().get()
    assert (stands.note, stands.source, stands.respondents) == ("Sagt av rektor", "Skjema", 20)


def test_small_groups_are_kept_back_by_the_load_and_shown_when_it_is_undone(load, places, an_indicator):
    an_indicator("weighted_mean", code="A", min_respondents=5)
    _outcome, of = load("indikator;enhet;periode;verdi;vekt\nA;S1;2024;4;3\nA;S2;2024;5;30\n")
    assert set(Withheld.objects.values_list("unit", flat=True)) >= {places["S1"].pk, places["S2"].pk}
    take_back(of, by=None)
    assert not Withheld.objects.exists()


def test_queries_do_not_grow_with_the_rows(load, an_indicator):
    an_indicator("sum", code="A", frequency="monthly")
    spent = []
    for years in (range(2001, 2002), range(2002, 2022)):
        rows = [f"A;S1;{year}M{month:02};{month}\n" for year in years for month in range(1, 13)]
        with CaptureQueriesContext(connection) as queries:
            assert load("indikator;enhet;periode;verdi\n" + "".join(rows))[0].added == len(rows)
        spent.append(len(queries))
    # The second time the series is there, and what stood is asked for.
    assert spent[1] <= spent[0] + 1


def test_an_answer_from_an_office_is_loaded(load, an_indicator):
    an_indicator("none", code="KOSAG1", measured_in="kr")
    cube = """{"version": "2.0", "class": "dataset", "label": "12134", "id": ["region", "ContentsCode", "Tid"],
        "size": [2, 1, 2], "role": {"time": ["Tid"], "geo": ["region"], "metric": ["ContentsCode"]}, "dimension": {
        "region": {"label": "region", "category": {"index": ["S1", "S2"], "label": {"S1": "Solsiden", "S2": "Åsen"}}},
        "ContentsCode": {"label": "statistikkvariabel", "category": {"label": {"KOSAG1": "Frie inntekter (kr)"}}},
        "Tid": {"label": "år", "category": {"index": {"2024": 1, "2023": 0}}}},
        "source": "Statistisk sentralbyrå", "value": [81240, null, 66605.125, 70000]}"""
    outcome, _of = load(cube, name="ssb.json")
    assert (counts(outcome), str(outcome.totals["value"]["sum"])) == ((3, 0, 0, 0), "217845.125")
    found = Measurement.objects.order_by("series__unit__code", "start").values_list("series__unit__code", "start__year")
    assert list(found) == [("S1", 2023), ("S2", 2023), ("S2", 2024)]
    assert set(Measurement.objects.values_list("source", flat=True)) == {"Statistisk sentralbyrå"}


def test_indicators_are_added_changed_and_left_alone(load, world, places):
    Position.objects.filter(pk=world.people.director.position.pk).update(code="100")
    head = "Kode;Tittel;Måleenhet;Aggregering;Teller;Nevner;Ganges med;Fokusområde;Ansvarlig;Frekvens;Enhet\n"
    text = head + "SF;Sykefravær;prosent;ratio;Tapte;Mulige;100;Medarbeidere;100;quarterly;\n"
    text += "KL;Klager;antall;sum;;;;;100;;O\n"
    assert counts(load(text, kind="indicators")[0]) == (2, 0, 0, 0)
    assert counts(load(text, kind="indicators")[0]) == (0, 0, 2, 0)
    found = Indicator.objects.get(code="SF")
    assert (found.state, found.frequency, found.factor, found.focus_area.name) == (
        "in_use",
        "quarterly",
        100,
        "Medarbeidere",
    )
    assert Indicator.objects.get(code="KL").unit == places["O"]
    outcome, _of = load("Kode;Tittel\nSF;Sjukefråvær\n", kind="indicators")
    assert counts(outcome) == (0, 1, 0, 0)
    assert (Indicator.objects.get(code="SF").title, Indicator.objects.get(code="SF").version) == ("Sjukefråvær", 2)


def test_an_indicator_that_cannot_be_added_up_or_has_figures_is_refused(load, world, places, an_indicator):
    Position.objects.filter(pk=world.people.director.position.pk).update(code="100")
    a_figure(a_series(an_indicator("sum", code="A"), places["S1"]), value=1)
    head = "kode;tittel;måleenhet;aggregering;ansvarlig;fokusområde\n"
    outcome, _of = load(
        head + "A;;;ratio;;\nB;Ny;prosent;ratio;100;\nC;Ny;prosent;sum;999;Vær\nD;Ny;;sum;;\n", kind="indicators"
    )
    assert said(outcome) == [
        *((2, name) for name in ("aggregering", "Teller", "Nevner")),
        *((3, name) for name in ("Teller", "Nevner")),
        *((4, name) for name in ("ansvarlig", "fokusområde")),
        (5, "måleenhet"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_comparison_taken_back_leaves_the_municipalities_as_they_were(load, an_indicator):
    an_indicator("none", code="gjeld")
    Municipality.objects.create(number="9900", name="Gammelt navn")
    rows = "9900;Nytt navn;gjeld;2025;4\n9901;Ny;gjeld;2025;5\n9902;Valgt;gjeld;2025;6\n"
    outcome, of = load("kommune;navn;indikator;år;verdi\n" + rows, kind="comparison")
    assert counts(outcome) == (3, 0, 0, 0)
    ComparisonGroup.objects.create(name="Naboer").members.add(Municipality.objects.get(number="9902"))
    take_back(of, by=None)
    assert not OthersFigure.objects.exists()
    # The one that somebody has chosen meanwhile stays.
    left = [("9900", "Gammelt navn"), ("9902", "Valgt")]
    assert list(Municipality.objects.order_by("number").values_list("number", "name")) == left


def test_who_loads_may_load_of_the_units_the_role_reaches_only(load, make, places, an_indicator):
    an_indicator("sum", code="SUM")
    controller = make.holder("controller", places["S1"])
    with acting(controller):
        outcome, _of = load("indikator;enhet;periode;verdi\nSUM;S1;2025;1\nSUM;S2;2025;2\n", write=False)
        table = "kode;tittel;måleenhet;aggregering;enhet\n"
        new, _of = load(table + "A;Vårt;stk;sum;S1\nB;Deres;stk;sum;S2\n", kind="indicators", write=False)
    assert counts(outcome) == counts(new) == (1, 0, 0, 1)
    assert said(outcome) == said(new) == [(3, "enhet")]


def test_who_leads_the_unit_answers_for_a_new_indicator_where_the_file_names_nobody(load, places):
    leader = Position.objects.get(unit=places["S1"], leads=True)
    table = "kode;tittel;måleenhet;aggregering;enhet\n"
    assert counts(load(table + "A;Vårt;stk;sum;S1\n", kind="indicators")[0]) == (1, 0, 0, 0)
    assert Indicator.objects.get(code="A").responsible == leader
    Position.objects.filter(pk=leader.pk).update(leads=False)
    outcome, _of = load(table + "B;Vårt;stk;sum;S1\n", kind="indicators")
    assert said(outcome) == [(2, "Ansvarlig stilling")]


def test_a_period_in_each_column_is_a_figure_for_each_and_an_empty_cell_says_nothing(load, places, an_indicator):
    an_indicator("sum", code="SUM", frequency="monthly")
    table = "indikator;enhet;jan 2024;feb 2024;mars 2024\nSUM;S1;10;;12,5\nSUM;S2;1;2;3\n"
    outcome, _of = load(table)
    assert counts(outcome) == (5, 0, 0, 0) and outcome.totals["value"]["sum"] == Decimal("28.5")
    figures = Measurement.objects.filter(series__unit=places["S1"]).values_list("start", "value")
    assert dict(figures) == {date(2024, 1, 1): 10, date(2024, 3, 1): Decimal("12.5")}
    yearly, _of = load("indikator;enhet;2024\nSUM;S1;10\n")
    assert said(yearly) == [(2, "Periode")]
