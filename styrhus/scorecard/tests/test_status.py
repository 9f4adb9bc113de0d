"""Whether a result is where it should be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhus.scorecard.status import JUDGED, Aim, Direction, Status, off_by, status_of, worst

NUMBERS = st.decimals(-(10**6), 10**6, places=3)
POSITIVE = st.decimals(0, 10**3, places=3)


@st.composite
def aims(draw):
    direction, tolerance = draw(st.sampled_from(list(Direction))), draw(POSITIVE)
    if direction == Direction.INTERVAL:
        low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
        return Aim(direction, low=low, high=high, tolerance=tolerance)
    return Aim(direction, draw(NUMBERS), tolerance=tolerance)


@pytest.mark.parametrize(
    ("direction", "value", "status"),
    [
        ("higher", "80", Status.MET),
        ("higher", "79.9", Status.NEAR),
        ("higher", "75", Status.NEAR),
        ("higher", "74.9", Status.MISSED),
        ("lower", "80", Status.MET),
        ("lower", "85", Status.NEAR),
        ("lower", "85.1", Status.MISSED),
    ],
)
def test_green_at_the_target_and_yellow_within_the_tolerance(direction, value, status):
    assert status_of(Decimal(value), Aim(direction, Decimal(80), tolerance=Decimal(5))) == status


@pytest.mark.parametrize(
    ("value", "status"),
    [("-1", "met"), ("1", "met"), ("1.5", "near"), ("-1.5", "near"), ("1.6", "missed"), ("-1.6", "missed")],
)
def test_an_interval_has_two_ends(value, status):
    aim = Aim("interval", low=Decimal(-1), high=Decimal(1), tolerance=Decimal("0.5"))
    assert status_of(Decimal(value), aim) == status


@given(aims())
def test_a_figure_that_is_missing_is_never_green(aim):
    assert status_of(None, aim) == Status.MISSING


@given(NUMBERS)
def test_nothing_is_judged_without_a_target(value):
    assert status_of(value, None) == Status.NO_TARGET


@given(aims(), NUMBERS, NUMBERS)
def test_who_is_further_off_is_never_judged_better(aim, one, other):
    near, far = sorted([one, other], key=lambda value: off_by(value, aim))
    assert JUDGED.index(status_of(far, aim)) <= JUDGED.index(status_of(near, aim))


@given(aims(), NUMBERS)
def test_more_tolerance_never_turns_green_or_red_into_each_other(aim, value):
    strict = Aim(aim.direction, aim.value, aim.low, aim.high)
    assert (status_of(value, strict) == Status.MET) == (status_of(value, aim) == Status.MET)


@given(st.lists(st.sampled_from(list(Status)), min_size=1))
def test_a_goal_is_as_its_worst_indicator(statuses):
    assert worst(statuses) in statuses
    if Status.MISSED in statuses:
        assert worst(statuses) == Status.MISSED
