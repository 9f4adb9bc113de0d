"""Values as they are written in files."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhus.kit.parsing import (
    EXCEL_BEGINS,
    Unfit,
    choice,
    day,
    decimal,
    email,
    organisation_number,
    text,
    whole_number,
    yes_no,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u202f567,89", "1234567.89"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234.5", "1234.5"),
        ("0.125", "0.125"),
        ("12,345", "12.345"),
        ("(12)", "-12"),
        ("−5", "-5"),
        ("5-", "-5"),
        ("+7", "7"),
        (",5", "0.5"),
        ("kr 100", "100"),
    ],
)
def test_numbers_in_norwegian_and_other_writing(written, number):
    assert decimal(written) == Decimal(number)


@pytest.mark.parametrize(
    "written", ["1.234", "12a", "", "-", "1,2,3", "1..2", "1.23.45", "NaN", "Infinity", "1e5", "٣", "12.34,56,7"]
)
def test_what_is_no_number_or_could_be_two_is_refused(written):
    with pytest.raises(Unfit):
        decimal(written)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_a_number_written_the_norwegian_way_is_read_back(number):
    assert decimal(f"{number:,.2f}".replace(",", "\u00a0").replace(".", ",")) == number


def test_a_whole_number_has_no_decimals():
    assert whole_number("1 200,00") == 1200
    with pytest.raises(Unfit):
        whole_number("1,5")


@pytest.mark.parametrize(
    "written",
    [
        "04.12.2026",
        "4.12.2026",
        "4.12.26",
        "2026-12-04",
        "2026-12-04T10:00:00Z",
        "20261204",
        "4. des. 2026",
        "4. desember 2026",
        "04/12/2026",
        "4-Dec-26",
    ],
)
def test_dates_in_every_usual_writing(written):
    assert day(written) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("written", "month"), [("1. mai 2026", 5), ("1. mars 2026", 3), ("1. oktober 2026", 10), ("1. okt 2026", 10)]
)
def test_months_that_begin_alike_are_told_apart(written, month):
    assert day(written).month == month


@pytest.mark.parametrize("written", ["31.02.2026", "12/31/2026", "i går", "0", "4. foo 2026", "99999999999"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(Unfit):
        day(written)


@given(st.dates(date(1930, 1, 1), date(2100, 1, 1)))
def test_a_spreadsheets_number_is_the_day_it_shows(wanted):
    assert day(str((wanted - EXCEL_BEGINS) // timedelta(days=1))) == wanted


@pytest.mark.parametrize(("written", "answer"), [("Ja", True), ("x", True), ("1", True), ("nei", False), ("0", False)])
def test_yes_and_no(written, answer):
    assert yes_no(written) is answer


@pytest.mark.parametrize("number", ["974760673", "974 760 673", "NO 974 760 673 MVA"])
def test_an_organisation_number_is_nine_figures_with_a_check(number):
    assert organisation_number(number) == "974760673"


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_figure_in_an_organisation_number_is_found(place, more):
    figures = list("974760673")
    figures[place] = str((int(figures[place]) + more) % 10)
    with pytest.raises(Unfit):
        organisation_number("".join(figures))


def test_an_address_is_kept_in_small_letters():
    assert email(" Rita@Fjord.Example ") == "rita@fjord.example"
    with pytest.raises(Unfit):
        email("rita at fjord")


def test_a_choice_by_its_code_or_its_word():
    parse = choice([("a", "Første"), ("b", "Andre")])
    assert (parse("B"), parse(" første ")) == ("b", "a")
    with pytest.raises(Unfit, match="Første"):
        parse("Tredje")


@pytest.mark.parametrize("written", ["a\x00b", "a\u202eb", "\ud800", "abcdef"])
def test_a_text_that_cannot_be_kept_is_refused(written):
    with pytest.raises(Unfit):
        text(5)(written)


def test_a_text_is_one_line_in_composed_letters():
    assert text(20)("  A\u030as\n kommune ") == "Ås kommune"
