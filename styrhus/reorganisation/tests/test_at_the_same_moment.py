"""Two at once: one closes a unit, the other is about to place something in it."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from styrhus.items import operations as items
from styrhus.items.models import Item
from styrhus.organisation.models import Appointment, Position, Unit
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.operations import add, begin, plan

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date.today()
OLD = date(2020, 1, 1)


@pytest.fixture
def merger(world) -> Reorganisation:
    """The other school becomes part of the school, from today."""
    Unit.objects.update(since=OLD)
    Position.objects.update(since=OLD)
    Appointment.objects.update(start=OLD)
    merger = begin(Reorganisation(title="Ny skolestruktur", on=TODAY), by=world.people.director)
    add(merger, Change(kind=Change.Kind.MERGE, successor=world.units.school), units=[world.units.other_school])
    return merger


def a_new_measure(world, make) -> Item:
    """In the unit that closes, as somebody has just filled in the form."""
    answers = world.people.other_principal
    due = TODAY + timedelta(days=20)
    measure = make.Measure(title="Nytt gjerde", unit=world.units.other_school, responsible=answers.position, due=due)
    return items.create(measure, by=answers)


def meanwhile(work) -> tuple[threading.Thread, list]:
    """Begins the work on a connection of its own, and comes back when it waits for us."""
    outcome: list = []

    def attempt():
        try:
            outcome.append(work())
        except items.ClosedMeanwhile as closed:
            outcome.append(closed)
        finally:
            connection.close()

    thread = threading.Thread(target=attempt)
    thread.start()
    while thread.is_alive() and not somebody_waits():
        time.sleep(0.02)
    return thread, outcome


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_what_is_made_while_its_unit_closes_is_refused_in_words(world, merger, make):
    with transaction.atomic():
        plan(merger, by=world.people.director, on=TODAY)
        thread, outcome = meanwhile(lambda: a_new_measure(world, make))
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["unit"]
    assert not Item.objects.filter(unit=world.units.other_school).exists()


def test_what_was_made_just_before_goes_along(world, merger, make):
    with transaction.atomic():
        made = a_new_measure(world, make)
        thread, _outcome = meanwhile(lambda: plan(merger, by=world.people.director, on=TODAY))
    thread.join(20)
    moved = Item.objects.get(pk=made.pk)
    assert (moved.unit, moved.responsible) == (world.units.school, world.people.principal.position)


def test_nothing_new_is_placed_on_a_position_that_is_closed(world, merger, make):
    plan(merger, by=world.people.director, on=TODAY)
    gone = world.people.other_principal.position
    measure = make.Measure(title="Nytt gjerde", unit=world.units.school, responsible=gone, due=TODAY)
    with pytest.raises(items.ClosedMeanwhile) as refused:
        items.create(measure, by=world.people.principal)
    assert list(refused.value.message_dict) == ["responsible"]
