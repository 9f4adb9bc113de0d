"""A state changes by a step: locked, checked, saved and written down at once, or not at all."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from styrhus.items import operations
from styrhus.items.flow import Held, take_step
from styrhus.items.models import Event, FollowUp, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(world):
    return world.things.internal


@pytest.fixture
def principal(world):
    return world.people.principal


def test_a_step_changes_the_state_and_writes_the_event(thing, principal, make):
    take_step(thing, "start", by=principal, note="  Nå  ")
    assert make.again(thing).state == "running"
    event = Event.objects.get(item=thing.pk)
    assert (event.step, event.source, event.target, event.by, event.note) == (
        "start",
        "planned",
        "running",
        principal,
        "Nå",
    )


def test_a_step_raises_the_version_so_that_an_open_form_is_told(thing, principal, make):
    before = thing.version
    take_step(thing, "start", by=principal)
    assert make.again(thing).version == before + 1
    with pytest.raises(operations.Conflict):
        operations.edit(thing, version=before, by=principal)


def test_a_state_is_said_in_its_own_words(thing, principal, make):
    assert thing.get_state_display() == "Planlagt"
    take_step(thing, "start", by=principal)
    assert make.again(thing).get_state_display() == make.again(thing.as_item).get_state_display() == "Pågår"


def test_a_finished_thing_has_ended_and_a_reopened_one_has_not(thing, principal, make):
    take_step(thing, "finish", by=principal)
    assert make.again(thing).ended is not None
    take_step(thing, "reopen", by=principal, note="Ikke ferdig likevel")
    assert make.again(thing).ended is None


def test_a_step_from_the_wrong_state_is_held(thing, principal, make):
    take_step(thing, "finish", by=principal)
    with pytest.raises(Held):
        take_step(thing, "start", by=principal)
    assert make.again(thing).state == "done"
    assert Event.objects.filter(item=thing.pk).count() == 1


def test_the_state_that_counts_is_the_one_in_the_database(thing, principal):
    take_step(thing, "finish", by=principal)
    thing.state = "planned"
    with pytest.raises(Held):
        take_step(thing, "start", by=principal)


@pytest.mark.parametrize("who", ["teacher", "other_principal", "councillor", "guest", "administrator", "controller"])
def test_a_step_needs_the_permission(thing, world, make, who):
    with pytest.raises(PermissionDenied):
        take_step(thing, "start", by=getattr(world.people, who))
    assert make.again(thing).state == "planned"
    assert not Event.objects.exists()


def test_a_step_that_does_not_exist_is_nobodys_to_take(thing, principal):
    with pytest.raises(PermissionDenied):
        take_step(thing, "explode", by=principal)


@pytest.mark.parametrize("note", ["", "   ", "\n\t"])
def test_a_step_that_needs_a_reason_is_held_without_one(thing, principal, make, note):
    with pytest.raises(Held):
        take_step(thing, "drop", by=principal, note=note)
    assert make.again(thing).state == "planned"


def test_open_follow_ups_hold_the_finish_until_they_are_ticked_off(thing, principal, make):
    promise = FollowUp.objects.create(item=thing.as_item, what="Ring", responsible=principal.position, due=date.today())
    with pytest.raises(Held, match="1"):
        take_step(thing, "finish", by=principal)
    assert make.again(thing).state == "planned"
    operations.tick_off(promise, by=principal)
    take_step(thing, "finish", by=principal)
    assert make.again(thing).state == "done"


def test_open_follow_ups_hold_no_other_step(thing, principal, make):
    FollowUp.objects.create(item=thing.as_item, what="Ring", responsible=principal.position, due=date.today())
    take_step(thing, "drop", by=principal, note="Ikke penger")
    assert make.again(thing).state == "dropped"


def test_the_steps_shown_are_those_that_may_be_taken(thing, world, principal):
    flow = type(thing).flow
    assert {step.name for step in flow.open_to(principal, thing)} == {"start", "finish", "drop"}
    assert flow.open_to(world.people.teacher, thing) == []
    thing.state = "done"
    assert {step.name for step in flow.open_to(principal, thing)} == {"reopen"}


def test_every_step_goes_between_states_that_exist(thing):
    flow = type(thing).flow
    names = {state.name for state in flow.states}
    for step in flow.steps:
        assert set(step.sources) | {step.target} <= names
        assert step.permission


def test_who_answers_for_it_is_told_of_a_step_by_another(thing, world, principal):
    operations.step(thing, "start", by=world.people.area_director, note="Begynn")
    told = Notification.objects.get()
    assert (told.person, told.reason, told.by, told.note) == (principal, "step", world.people.area_director, "Begynn")


def test_nobody_is_told_of_the_own_step(thing, principal):
    operations.step(thing, "start", by=principal)
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_takes_the_step(thing, principal, make):
    """Two real connections: the second waits for the lock, and then meets the new state."""
    outcomes, ready = [], threading.Barrier(2)

    def attempt():
        try:
            ready.wait(10)
            take_step(thing, "start", by=make.again(principal))
            outcomes.append("taken")
        except Held:
            outcomes.append("held")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["held", "taken"]
    assert Event.objects.filter(item=thing.pk).count() == 1
    assert make.again(thing).version == thing.version + 1
