"""Periods as people and offices write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhus.kit.parsing import Unfit
from styrhus.scorecard.periods import Frequency, end_of, in_words, latest_ended, next_after, parse, start_of

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
FREQUENCIES = st.sampled_from(list(Frequency))


@pytest.mark.parametrize(
    ("written", "frequency", "start"),
    [
        ("2024", "yearly", date(2024, 1, 1)),
        ("2024-03", "monthly", date(2024, 3, 1)),
        ("202403", "monthly", date(2024, 3, 1)),
        ("03.2024", "monthly", date(2024, 3, 1)),
        ("2024M03", "monthly", date(2024, 3, 1)),
        ("mars 2024", "monthly", date(2024, 3, 1)),
        ("Dec 2024", "monthly", date(2024, 12, 1)),
        ("15.03.2024", "monthly", date(2024, 3, 1)),
        ("2024-03-31", "quarterly", date(2024, 1, 1)),
        ("2000 Q1", "quarterly", date(2000, 1, 1)),
        ("2024K4", "quarterly", date(2024, 10, 1)),
        ("2. tertial 2024", "four_monthly", date(2024, 5, 1)),
        ("T3 2024", "four_monthly", date(2024, 9, 1)),
        ("2024H2", "half_yearly", date(2024, 7, 1)),
        ("2015/16", "yearly", date(2015, 1, 1)),
        ("2015–2016", "yearly", date(2015, 1, 1)),
        ("2025", "biennial", date(2025, 1, 1)),
    ],
)
def test_usual_ways_of_writing_a_period(written, frequency, start):
    assert parse(written, frequency) == start


@pytest.mark.parametrize(
    ("written", "frequency"),
    [
        ("2024", "monthly"),
        ("2024 Q1", "yearly"),
        ("2024 Q5", "quarterly"),
        ("2024M13", "monthly"),
        ("2015/18", "yearly"),
        ("31.02.2024", "monthly"),
        ("i fjor", "yearly"),
        ("24", "yearly"),
    ],
)
def test_what_is_no_such_period_is_refused_with_an_example(written, frequency):
    with pytest.raises(Unfit, match=r"2026"):
        parse(written, frequency)


@given(DAYS, FREQUENCIES)
def test_every_day_lies_in_one_period_and_the_next_begins_no_earlier_than_it_ends(day, frequency):
    start = start_of(day, frequency)
    assert start <= day <= end_of(start, frequency)
    assert start_of(end_of(start, frequency), frequency) == start
    assert next_after(start, frequency) > end_of(start, frequency)


@given(DAYS, FREQUENCIES)
def test_what_can_be_measured_is_over(day, frequency):
    start = latest_ended(day, frequency)
    assert end_of(start, frequency) < day
    assert start_of(end_of(start, frequency) + timedelta(days=1), frequency) == start_of(day, frequency)


@given(DAYS, st.sampled_from(["monthly", "quarterly", "four_monthly", "half_yearly", "yearly"]))
def test_what_is_shown_can_be_read_again(day, frequency):
    start = start_of(day, frequency)
    assert parse(in_words(start, frequency), frequency) == start
