"""Who holds a position when, as the database keeps it."""

from datetime import date, timedelta

import pytest
from django.db import DataError, IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.organisation.models import Appointment
from styrhus.organisation.queries import positions_at, positions_of

pytestmark = pytest.mark.django_db
Kind = Appointment.Kind
TODAY = date.today()
DAY = timedelta(days=1)


@pytest.fixture
def position(make):
    return make.position("Rektor", make.unit("Solsiden skole"), leads=True)


def test_two_people_cannot_hold_a_position_on_the_same_day(make, position):
    make.appointment(make.person(), position, start=TODAY, end=TODAY)
    with pytest.raises(IntegrityError, match="one_holder_of_a_position_at_a_time"):
        make.appointment(make.person(), position, start=TODAY)


def test_a_successor_begins_the_day_after(make, position):
    make.appointment(make.person(), position, start=TODAY, end=TODAY)
    make.appointment(make.person(), position, start=TODAY + DAY)
    assert position.appointments.count() == 2


def test_a_temporary_holder_is_a_holder_too(make, position):
    make.appointment(make.person(), position, kind=Kind.TEMPORARY)
    with pytest.raises(IntegrityError, match="one_holder_of_a_position_at_a_time"):
        make.appointment(make.person(), position, kind=Kind.PERMANENT)


def test_deputies_stand_beside_the_holder_and_answer_first(make, position):
    holder, deputy, other = make.person(), make.person(), make.person()
    make.appointment(holder, position)
    make.appointment(deputy, position, kind=Kind.DEPUTY)
    make.appointment(other, position, kind=Kind.DEPUTY, start=TODAY)
    assert [row.person for row in position.holders(TODAY)] == [deputy, other, holder]


def test_the_same_person_may_hold_two_positions(make, position):
    person, second = make.person(), make.position("Vara", position.unit)
    make.appointment(person, position)
    make.appointment(person, second)
    assert list(positions_of(person, TODAY)) == [position, second]


def test_one_position_leads_a_unit(make, position):
    with pytest.raises(IntegrityError, match="one_position_leads_a_unit"):
        make.position("Rektor til", position.unit, leads=True)


def test_any_number_of_positions_do_not_lead(make, position):
    for _number in range(3):
        make.position("Lærer", position.unit)
    assert [p.leads for p in positions_at(position.unit, TODAY)] == [True, False, False, False]


def test_an_appointment_ends_no_earlier_than_it_begins(make, position):
    # Both the check and the range of the exclusion refuse it; which one speaks first is the database's choice.
    with pytest.raises((IntegrityError, DataError), match=r"appointment_ends_after_it_begins|lower bound"):
        make.appointment(make.person(), position, start=TODAY, end=TODAY - DAY)


def test_authority_begins_at_level_one(make, position):
    with pytest.raises(IntegrityError, match="authority_level_from_one"):
        type(position).objects.filter(pk=position.pk).update(authority_level=0)


def test_two_people_cannot_share_an_email_in_any_case(make):
    make.person(email="kari@fjord.example")
    with pytest.raises(IntegrityError):
        make.person(email="Kari@Fjord.example")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(-5, 5), length=st.one_of(st.none(), st.integers(0, 5)), on=st.integers(-12, 12))
def test_an_appointment_is_in_force_on_its_first_day_its_last_day_and_between(make, position, start, length, on):
    first = TODAY + start * DAY
    last = None if length is None else first + length * DAY
    row = make.appointment(make.person(), position, kind=Kind.DEPUTY, start=first, end=last)
    day = TODAY + on * DAY
    expected = first <= day and (last is None or day <= last)
    assert Appointment.objects.in_force(day).filter(pk=row.pk).exists() == expected


def test_positions_that_lead_a_unit_come_first_among_ones_own(make, position):
    person, plain = make.person(), make.position("Lærer", make.unit("Annen skole"))
    make.appointment(person, plain)
    make.appointment(person, position)
    assert list(positions_of(person, TODAY)) == [position, plain]


def test_a_position_of_yesterday_is_not_held_today(make, position):
    person = make.person()
    make.appointment(person, position, start=TODAY - 9 * DAY, end=TODAY - DAY)
    assert not positions_of(person, TODAY).exists()
    assert positions_of(person, TODAY - DAY).exists()
