"""Accounts and budgets from files: to the øre, once, and taken back."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from styrhus.economy import kostra
from styrhus.economy.imports.fields import said_by_heading
from styrhus.economy.models import Balance, Code, Extract, Line, Version
from styrhus.economy.queries.codes import readings

pytestmark = pytest.mark.django_db
HEAD = "ansvar;art;arttekst;funksjon;måned;beløp;tekst\n"
MARCH = HEAD + "2110;10100;Fastlønn;20200;3;1 000,50;Lønn\n2110;16000;;20200;3;-400,25;\n"


def counts(outcome) -> tuple:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.refused


def standing() -> list[tuple]:
    return list(Extract.objects.standing().order_by("month").values_list("month", "lines", "total"))


def said(outcome) -> list[tuple]:
    return [(told["line"], told["column"]) for told in outcome.refusals]


def test_lines_of_two_months_stand_apart_and_a_new_file_of_one_leaves_the_other(load):
    load("ledger", MARCH + "2110;10100;;20200;4;50;\n", year="2026")
    load("ledger", HEAD + "2110;10100;;20200;4;75;\n", year="2026")
    assert standing() == [(3, 2, 60_025), (4, 1, 7_500)]
    load("ledger", HEAD + "2110;10100;;20200;4;1;\n", year="2026", source="Et annet system")
    assert sum(total for _month, _lines, total in standing()) == 60_025 + 7_500 + 100


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_the_sums_and_lets_nobody_touch_the_lines(load):
    load("ledger", MARCH, year="2026")
    assert sum(Balance.objects.values_list("amount", flat=True)) == 60_025
    line = Line.objects.first()
    for touch in (
        lambda: Line.objects.update(amount=0),
        lambda: Line.objects.all().delete(),
        lambda: Line.objects.create(extract=line.extract, account_class="1", kind="10100", amount=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            touch()


def test_a_budget_of_four_years_stands_in_four_columns_and_an_empty_cell_says_nothing(load):
    table = "ansvar;art;2026;2027;2028;2029\n2110;10100; 1 362 250 ;1 400 000;;-5\n"
    outcome = load("budget", table, version="Økonomiplan")
    assert counts(outcome) == (3, 0, 0, 0)
    assert {each.year: each.extracts.get().total for each in Version.objects.all()} == {
        2026: 136_225_000,
        2027: 140_000_000,
        2029: -500,
    }


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("2013", {"year": 2013}),
        ("Budsjett 2013", {"year": 2013}),
        ("B2013", {"year": 2013}),
        ("2016-03", {"month": (2016, 3)}),
        ("mars", {"month": (None, 3)}),
        ("Des 2016", {"month": (2016, 12)}),
        ("Ansvar", None),
        ("2013 mot 2012", None),
    ],
)
def test_a_column_says_its_year_or_month(heading, said):
    assert said_by_heading(heading) == said


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2110;10100;;20200;3;12,345;", "beløp"),
        ("2110;10100;;20200;3;tolv;", "beløp"),
        ("2110;10100;;20200;14;12;", "måned"),
        ("2110;lønn;;20200;3;12;", "Kontoklasse"),
        ("2110;10100;;20200;3;12;;for mye", ""),
    ],
)
def test_what_cannot_be_booked_is_refused_by_line_and_column_and_nothing_is_loaded(load, row, column):
    outcome = load("ledger", MARCH + row + "\n", year="2026")
    assert said(outcome) == [(4, column)] and not Extract.objects.exists()


def test_the_kind_and_the_file_may_not_say_different_account_classes(load):
    outcome = load("ledger", MARCH, year="2026", account_class="0")
    assert outcome.refused == 2 and "kontoklasse 1" in outcome.refusals[0]["reason"]


def test_what_stands_after_the_last_column_is_left_out_when_it_is_said(load):
    outcome = load("ledger", MARCH + "2110;10100;;20200;3;5;;;2121102383000\n", year="2026", leave_stray=True)
    assert counts(outcome) == (3, 0, 0, 0) and standing() == [(3, 3, 60_525)]


def test_income_that_is_positive_in_the_file_is_told_of_and_turned_when_it_is_said(load):
    table = "konto;inntekt_utgift;beløp\n10100;Utgift;500\n16000;Inntekt;200\n"
    outcome = load("ledger", table, year="2026", write=False)
    assert any("positive" in note for note in outcome.notes)
    load("ledger", table, year="2026", sign="income_positive")
    assert standing() == [(0, 2, 30_000)]


def test_a_report_to_kostra_is_read_by_its_places_and_stands_in_a_book_of_its_own(load):
    records = "0A20264030100                  1202 010       75\n0A20264030100                  0202 230     -100"
    outcome = load("ledger", records)
    assert counts(outcome) == (2, 0, 0, 0)
    extract = Extract.objects.standing().get()
    assert (extract.book, extract.year, extract.month, extract.total) == ("reported", 2026, 0, -2_500_000)
    assert set(Balance.objects.values_list("account_class", "function", "kind")) == {
        ("1", "202", "010"),
        ("0", "202", "230"),
    }
    short = load("ledger", records[:-3])
    assert said(short) == [(2, "")]


def test_new_codes_get_kostras_by_the_rule_and_a_unit_by_its_code(load, world):
    type(world.units.school).objects.filter(pk=world.units.school.pk).update(code="2110")
    load("ledger", MARCH + "9999;10130;;25400;3;1;\n", year="2026")
    codes = {(each.dimension, each.code): each for each in Code.objects.select_related("unit")}
    assert codes["cost_centre", "2110"].unit == world.units.school
    assert codes["cost_centre", "9999"].unit is None
    # A third figure of one's own; a function that KOSTRA no longer has is left for people to place.
    assert (codes["kind", "10130"].kostra, codes["function", "25400"].kostra) == ("010", "")
    assert codes["kind", "10100"].name == "Fastlønn"


@given(st.from_regex(r"[0-9]{3,6}", fullmatch=True))
def test_a_code_is_read_as_one_of_kostras_or_not_at_all(code):
    found = kostra.read(code, {3: kostra.Reading(3, 1), 5: kostra.Reading(5, 2, 1)}, kostra.kinds())
    assert found == "" or found in kostra.kinds()
    assert not found or code[len(code) == 5 :].startswith(found[:2])


def test_the_usual_rules_are_there(db):
    assert readings()["kind"][5].account_class("10100") == "1"
    assert readings()["kind"][5].kostra("10100") == "010"


def test_cost_centres_are_placed_from_a_file_and_move_from_a_year_on(load, world):
    units = type(world.units.school).objects
    units.filter(pk=world.units.school.pk).update(code="S1")
    units.filter(pk=world.units.other_school.pk).update(code="S2")
    head = "kode;navn;enhet;fra\n"
    first = load("codes", head + "2110;Skolen;S1;2020\n3110;Andre;;2020\n", dimension="cost_centre")
    assert counts(first) == (2, 0, 0, 0)
    assert counts(load("codes", head + "2110;Skolen;S1;2020\n", dimension="cost_centre")) == (0, 0, 1, 0)
    assert counts(load("codes", head + "2110;;S2;2026\n", dimension="cost_centre")) == (0, 1, 0, 0)
    kept = Code.objects.filter(code="2110").order_by("first_year").values_list("name", "unit__code", "last_year")
    assert list(kept) == [("Skolen", "S1", 2025), ("Skolen", "S2", None)]


def test_codes_that_cannot_be_placed_are_refused_by_line_and_an_exception_from_the_rule_is_kept(load):
    table = "dimensjon;kode;enhet;kostra\nart;10130;;020\nart;11111;S9;\nart;22222;;999\nansvar;1;Finnes ikke;\n"
    outcome = load("codes", table)
    assert [place[0] for place in said(outcome)] == [3, 4, 5]
    assert counts(load("codes", "\n".join(table.splitlines()[:2]))) == (1, 0, 0, 0)
    load("ledger", "konto;beløp\n10130;5\n", year="2026")
    assert Code.objects.get(code="10130").kostra == "020" and Code.objects.get(code="10130").is_exception


def test_a_year_loaded_as_a_whole_is_not_loaded_by_month_too_nor_the_other_way(load):
    whole, month = "konto;beløp\n10100;12\n", "konto;måned;beløp\n10100;{};1\n"
    load("ledger", whole, year="2026")
    assert said(load("ledger", month.format(3), year="2026")) == [(2, "måned")]
    load("ledger", month.format(3), year="2025")
    assert load("ledger", whole, year="2025").refused == 1
    # What goes in with the months of its own file, such as an opening balance, is meant.
    both = load("ledger", "konto;måned;beløp\n20100;0;7\n20100;1;8\n", year="2024")
    assert counts(both) == (2, 0, 0, 0)
    assert counts(load("ledger", "konto;måned;beløp\n20100;2;9\n", year="2024")) == (1, 0, 0, 0)
