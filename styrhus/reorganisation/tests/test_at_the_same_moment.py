"""Two at once: one closes a unit, the other is about to place something in it."""

from datetime import date, timedelta

import pytest
from django.db import transaction

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


def test_what_is_made_while_its_unit_closes_is_refused_in_words(world, merger, make, meanwhile):
    with transaction.atomic():
        plan(merger, by=world.people.director, on=TODAY)
        thread, outcome = meanwhile(lambda: a_new_measure(world, make))
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["unit"]
    assert not Item.objects.filter(unit=world.units.other_school).exists()


def test_what_was_made_just_before_goes_along(world, merger, make, meanwhile):
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
