"""The counting itself, on any day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.compliance.clock import answers, deadlines, is_breach, later
from styrhus.compliance.rules import Timing, rules
from styrhus.items.facts import Fact
from styrhus.kit.days import DAY, easter_sunday, is_working_day, public_holidays, working_day_from, working_days_after

DAYS = st.dates(date(1970, 1, 1), date(2150, 12, 31))
UNITS = st.sampled_from(["days", "weeks", "months", "years", "working_days"])


@settings(max_examples=60)
@given(DAYS, st.integers(1, 40), UNITS)
def test_so_long_after_is_later_and_never_a_day_too_much(day, amount, unit):
    found = later(day, Timing("after_event", amount=amount, unit=unit))
    assert found > day
    at_least = {"days": 1, "weeks": 7, "months": 28, "years": 365, "working_days": 1}[unit] * amount
    assert found - day >= timedelta(days=at_least)
    if unit in ("months", "years"):
        # The same day of the month, or the last one of a shorter month.
        assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


@settings(max_examples=60)
@given(DAYS)
def test_a_complaint_deadline_ends_on_a_working_day_and_moves_as_little_as_it_can(day):
    (found,) = deadlines([rules()["fvl_29_complaint"]], [Fact("decision_notified", day)], date.min, date.max)
    plain = day + timedelta(weeks=3)
    assert is_working_day(found.due)
    assert all(not is_working_day(plain + timedelta(days=n)) for n in range((found.due - plain).days))


@settings(max_examples=60)
@given(DAYS, st.integers(0, 90))
def test_a_consultation_is_too_short_exactly_when_it_closes_within_42_days(day, lasted):
    opened = Fact("consultation_opened", day, "zoning_plan")
    (found,) = deadlines([rules()["pbl_12_10_zoning_consultation"]], [opened], date.min, date.max)
    assert is_breach(found, day + timedelta(days=lasted)) == (lasted < 42)


@settings(max_examples=60)
@given(DAYS, st.integers(1, 30))
def test_working_days_are_counted_one_by_one(day, number):
    found = working_days_after(day, number)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(map(is_working_day, between)) == number
    assert is_working_day(found)


def test_easter_and_the_days_off_are_those_of_the_calendar():
    # From printed calendars.
    easters = [date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25)]
    assert [easter_sunday(day.year) for day in easters] == easters
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 2),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 17),
        date(2026, 5, 24),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]
    assert working_day_from(date(2026, 12, 25)) == date(2026, 12, 28)


def test_29_february_becomes_the_28th_where_there_is_none():
    a_year = Timing("interval", amount=1, unit="years")
    assert later(date(2024, 2, 29), a_year) == date(2025, 2, 28)
    assert later(date(2024, 2, 29), Timing("interval", amount=4, unit="years")) == date(2028, 2, 29)


def _only(name, *facts, since=date(2023, 7, 1), until=date(2027, 12, 31)):
    (found,) = deadlines([rules()[name]], facts, since, until)
    return found


def test_what_is_adopted_answers_the_nearest_year():
    budget = deadlines([rules()["kl_14_3_budget_adoption"]], [], date(2025, 1, 1), date(2026, 12, 31))
    adopted = [Fact("adopted", date(2025, 12, 9), "action_programme"), Fact("adopted", date(2026, 12, 8), "other")]
    assert [each.occurrence for each in budget] == ["2026", "2027"]
    assert [len(answers(each, adopted)) for each in budget] == [1, 0]


def test_another_plans_closing_does_not_answer_a_consultation():
    found = _only(
        "pbl_12_10_zoning_consultation", Fact("consultation_opened", date(2025, 3, 10), "zoning_plan", item=1)
    )
    other = Fact("consultation_closed", date(2025, 4, 25), "zoning_plan", item=2)
    own = Fact("consultation_closed", date(2025, 4, 25), "zoning_plan", item=1)
    assert answers(found, [other, own]) == [own]


def test_a_publication_answers_the_meeting_that_comes_after_it():
    found = _only("kl_14_3_budget_publication", Fact("council_meeting", date(2025, 12, 16), "action_programme"))
    last_year = Fact("published", date(2024, 12, 1), "action_programme")
    late = Fact("published", date(2025, 12, 3), "action_programme")
    assert answers(found, [last_year, late]) == [late]
    assert is_breach(found, late.on)
    assert not is_breach(found, date(2025, 12, 2))


def test_each_time_an_exercise_is_held_the_next_one_is_counted_from_it():
    held = [Fact("exercise_held", date(2022, 11, 1)), Fact("exercise_held", date(2024, 10, 29))]
    found = deadlines([rules()["beredskap_7_exercise"]], held, date(2023, 1, 1), date(2027, 12, 31))
    assert [each.due for each in found] == [date(2024, 11, 1), date(2026, 10, 29)]
    assert [len(answers(each, held)) for each in found] == [1, 0]
