"""The duty to check, withdrawing, the dates, and new regulations."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from styrhus.delegation.models import Authorisation, DelegationCheck, Receipt, Regulations
from styrhus.delegation.operations import adopt, draft, record_check, turn, withdraw
from styrhus.delegation.queries import (
    adopted_regulations,
    checks_not_done,
    count_checks_not_done,
    held_by,
    of_closed_positions,
    receipts_of,
    to_check_by,
)
from styrhus.items.flow import Held
from styrhus.items.models import FollowUp, Notification
from styrhus.items.operations import step, tick_off
from styrhus.kit.days import months_later
from styrhus.organisation.models import Position

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 48))
def test_so_many_months_later_is_that_month_and_never_a_later_day(day, months):
    later = months_later(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


def test_the_duty_to_check_stays_with_who_gave_it(hall, world):
    given = hall.down()
    assert given.chief.responsible == world.people.director.position
    assert list(to_check_by(world.people.director.position, world.people.director, TODAY)) == [given.chief]
    assert list(held_by(world.people.director.position, world.people.director, TODAY)) == [given.director]


def test_a_check_moves_the_next_one_forward(hall, world, make):
    given = hall.down()
    record_check(given.chief, "good", "", by=world.people.director, on=TODAY)
    row = make.again(given.chief)
    assert row.due == months_later(TODAY, 12)
    assert row.version == given.chief.version + 1
    assert row.events.first().step == "check"


def test_a_breach_becomes_a_follow_up_of_who_gave_it(hall, world):
    given = hall.down()
    record_check(given.chief, "breach", "Ansatt uten utlysning", by=world.people.director)
    promise = FollowUp.objects.get(item=given.chief.pk)
    assert "Ansatt uten utlysning" in promise.what
    assert promise.responsible == world.people.director.position
    assert promise.due > TODAY


@pytest.mark.parametrize("outcome", ["remarks", "breach"])
def test_what_was_found_is_said(hall, world, outcome):
    given = hall.down()
    with pytest.raises(ValidationError):
        record_check(given.chief, outcome, "  ", by=world.people.director)
    assert not DelegationCheck.objects.exists()


def test_who_has_the_authority_does_not_check_it(hall, world):
    given = hall.down()
    for person in (world.people.area_director, world.people.principal, world.people.teacher, hall.mayor):
        with pytest.raises(PermissionDenied):
            record_check(given.chief, "good", "", by=person)


def test_what_the_law_gives_has_no_check_to_record(hall, world):
    reserved = hall.reserve(hall.dismiss)
    with pytest.raises(ValidationError):
        record_check(reserved, "good", "", by=hall.secretary)


def test_a_check_late_or_never_done_is_a_finding(hall, world):
    given = hall.down()
    late = [given.chief, given.manager]
    for each in late:
        type(each).objects.filter(pk=each.pk).update(due=TODAY - DAY)
    DelegationCheck.objects.create(authorisation=given.chief, on=TODAY - 400 * DAY, by=hall.secretary, outcome="good")
    assert set(checks_not_done(world.people.teacher, TODAY)) == set(late)
    assert count_checks_not_done(world.people.teacher, TODAY) == {"late": 2, "never": 1}
    assert count_checks_not_done(world.people.teacher, TODAY - DAY) == {"late": 0, "never": 0}


def test_to_withdraw_takes_along_all_that_stands_on_it_and_nothing_else(hall, world, make):
    given = hall.down()
    other = hall.pass_on(given.director, make.position("Sjef", make.unit("HR", parent=world.units.municipality)))
    gone = withdraw(given.chief, by=world.people.director, note="Nytt reglement")
    assert gone == [given.head, given.manager]
    states = {
        each.pk: make.again(each).state for each in (given.director, given.chief, given.manager, given.head, other)
    }
    assert [states[each.pk] for each in (given.chief, given.manager, given.head)] == ["withdrawn"] * 3
    assert states[given.director.pk] == states[other.pk] == "in_force"
    told = Notification.objects.filter(person=world.people.head, reason="step")
    assert told.exists()
    assert make.again(given.head).events.first().by == world.people.director


def test_to_withdraw_asks_for_a_reason_and_then_nothing_has_changed(hall, world, make):
    given = hall.down()
    with pytest.raises(Held):
        withdraw(given.chief, by=world.people.director, note=" ")
    assert make.again(given.head).state == "in_force"


def test_only_who_gave_it_or_leads_there_withdraws(hall, world):
    given = hall.down()
    for person in (world.people.area_director, world.people.principal, world.people.administrator, hall.mayor):
        with pytest.raises(PermissionDenied):
            withdraw(given.chief, by=person, note="Nei")
    assert withdraw(given.manager, by=world.people.director, note="Ja")


def test_the_side_door_leaves_nothing_standing_on_what_is_withdrawn(hall, world, make):
    given = hall.down()
    with pytest.raises(Held):
        step(given.manager, "withdraw", by=world.people.area_director, note="Ut")
    step(given.head, "withdraw", by=world.people.principal, note="Ut")
    assert make.again(given.head).state == "withdrawn"


def test_what_the_law_reserves_is_not_withdrawn(hall):
    reserved = hall.reserve(hall.hire)
    with pytest.raises(Held):
        step(reserved, "withdraw", by=hall.secretary, note="Ut")


def test_states_follow_the_dates(hall, world, make):
    director = world.people.director.position
    given = hall.from_council(hall.hire, director, start=TODAY + DAY, end=TODAY + 10 * DAY)
    below = hall.pass_on(given, world.people.area_director.position, start=TODAY + 5 * DAY, end=TODAY + 10 * DAY)
    assert [given.state, below.state] == ["planned", "planned"]
    assert turn(TODAY) == 0
    assert turn(TODAY + DAY) == 1
    assert [make.again(given).state, make.again(below).state] == ["in_force", "planned"]
    assert turn(TODAY + 10 * DAY) == 1
    assert turn(TODAY + 11 * DAY) == 2
    assert [make.again(given).state, make.again(below).state] == ["expired", "expired"]
    assert turn(TODAY + 11 * DAY) == 0


def test_authority_holds_by_its_dates_whatever_its_state(hall, world):
    director = world.people.director.position
    given = hall.from_council(hall.hire, director, start=TODAY, end=TODAY + DAY)
    held = [day for day in range(-2, 4) if Authorisation.objects.in_force(TODAY + day * DAY).filter(pk=given.pk)]
    assert held == [0, 1]


def adopted(hall, title="Reglement") -> Regulations:
    made = draft(Regulations(title=title, text="# 1\nTekst"), by=hall.secretary)
    made.decision = "PS 9/26"
    adopt(made, by=hall.secretary)
    return Regulations.objects.get(pk=made.pk)


def test_new_regulations_replace_the_old_and_reissue_what_stands_on_them(hall, world, make):
    given = hall.down()
    first = adopted(hall)
    assert make.again(given.head).issued_under == first
    withdraw(given.head, by=world.people.principal, note="Ut")
    second = adopted(hall, "Nytt reglement")
    assert make.again(first).state == Regulations.SUPERSEDED
    assert adopted_regulations() == second
    assert (first.number, second.number) == (1, 2)
    assert make.again(given.manager).issued_under == second
    assert make.again(given.manager).events.first().step == "reissue"
    assert make.again(given.head).issued_under == first


def test_everyone_concerned_is_asked_once_to_read_and_confirm(hall, world):
    given = hall.down()
    version = adopted(hall)
    people = world.people
    concerned = {hall.council} | {
        each.position for each in (people.director, people.area_director, people.principal, people.head)
    }
    assert {each.position for each in Receipt.objects.all()} == concerned
    assert Notification.objects.filter(person=people.head, reason="follow_up", item=version.pk).count() == 1
    mine = version.receipts.get(position=given.head.holder).follow_up
    tick_off(mine, by=people.head)
    counted = receipts_of(version)
    assert (counted["asked"], counted["confirmed"]) == (5, 1)
    assert given.head.holder not in {each.position for each in counted["waiting"]}


def test_a_draft_is_not_adopted_without_its_decision_nor_twice_nor_by_others(hall, world):
    made = draft(Regulations(title="Utkast", text="Tekst"), by=hall.secretary)
    with pytest.raises(ValidationError):
        adopt(made, by=hall.secretary)
    made.decision = "PS 1"
    with pytest.raises(PermissionDenied):
        adopt(made, by=world.people.director)
    adopt(made, by=hall.secretary)
    with pytest.raises(ValidationError):
        adopt(made, by=hall.secretary)


def test_the_side_doors_neither_adopt_nor_take_away_regulations(hall, make):
    made = draft(Regulations(title="Utkast", text="Tekst"), by=hall.secretary)
    with pytest.raises(Held):
        step(made, "adopt", by=hall.secretary)
    version = adopted(hall)
    with pytest.raises(Held):
        step(version, "replace", by=hall.secretary)
    assert make.again(version).state == Regulations.ADOPTED


def test_what_a_closed_position_holds_or_has_given_is_found(world, hall):
    first = hall.from_council(hall.hire, world.people.director.position)
    second = hall.pass_on(first, world.people.area_director.position)
    third = hall.pass_on(second, world.people.principal.position)
    found = partial(of_closed_positions, Authorisation.objects.all(), TODAY)
    Position.objects.filter(pk=world.people.area_director.position.pk).update(until=TODAY)
    assert not found().exists()
    Position.objects.filter(pk=world.people.area_director.position.pk).update(until=TODAY - timedelta(days=1))
    assert set(found()) == {second, third}
    withdraw(third, by=world.people.director, note="Gis på nytt")
    assert set(found()) == {second}
