"""Appointing, ending and closing from the pages, and that those concerned are told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from styrhus.compliance.models import Answering
from styrhus.items.models import FollowUp, Notification
from styrhus.leadership import operations
from styrhus.organisation.models import Appointment
from styrhus.writing.models import Chapter

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


@pytest.fixture
def administrator(world):
    return world.people.administrator


def url(name, thing) -> str:
    return reverse(f"leadership:{name}", args=[thing.pk])


def test_someone_is_appointed_by_name_and_told(world, make, administrator, signed_in):
    vacant, person = make.position("Tom stol", world.units.school), make.person("Vera Vikar")
    sent = {"person": "vera", "kind": "b_temporary", "start": TODAY, "end": TODAY + 30 * DAY}
    assert signed_in(administrator).post(url("appoint", vacant), sent).url == vacant.get_absolute_url()
    made = vacant.appointments.get()
    assert (made.person, made.kind, made.end) == (person, "b_temporary", TODAY + 30 * DAY)
    note = Notification.objects.get(person=person, reason="appointed").note
    assert note.startswith("Tom stol, Solsiden skole")


def test_two_in_one_position_are_refused_beside_the_field_and_nothing_typed_is_lost(
    world, make, administrator, signed_in
):
    make.person("Vera Vikar")
    sent = {"person": "Vera Vikar", "kind": "c_permanent", "start": TODAY}
    response = signed_in(administrator).post(url("appoint", world.people.principal.position), sent)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Rita Rektor" in response.context["form"].errors["start"][0]
    assert 'value="Vera Vikar"' in shown
    assert not Notification.objects.exists()


def test_a_leader_is_offered_deputies_only(world, make, signed_in):
    principal = world.people.principal
    make.person("Vera Vikar")
    page = signed_in(principal).get(url("appoint", principal.position))
    assert [key for key, _label in page.context["form"].fields["kind"].choices] == ["a_deputy"]
    sent = {"person": "Vera Vikar", "start": TODAY}
    assert (
        signed_in(principal).post(url("appoint", principal.position), sent | {"kind": "c_permanent"}).status_code == 422
    )
    assert signed_in(principal).post(url("appoint", principal.position), sent | {"kind": "a_deputy"}).status_code == 302


@pytest.mark.parametrize("typed", ["ingen heter dette", "person", "x@y", "\x00", "", "<>", "Vera <feil@fjord.example>"])
def test_a_name_that_nobody_or_many_have_is_asked_for_again(world, make, administrator, signed_in, typed):
    make.person("Person Hansen")
    make.person("Person Olsen")
    response = signed_in(administrator).post(
        url("appoint", make.position("Tom", world.units.school)), {"person": typed, "kind": "a_deputy", "start": TODAY}
    )
    assert response.status_code == 422
    assert "person" in response.context["form"].errors


def test_an_appointment_is_ended_and_the_person_told(world, administrator, signed_in):
    held = Appointment.objects.get(person=world.people.teacher)
    assert signed_in(administrator).post(url("end", held), {"end": TODAY + DAY}).status_code == 302
    held.refresh_from_db()
    assert held.end == TODAY + DAY
    assert Notification.objects.filter(person=world.people.teacher, reason="appointment_ends").exists()


def test_a_leader_ends_a_deputy_but_not_a_holder(world, make, signed_in):
    principal = world.people.principal
    deputy = make.appointment(make.person(), principal.position, kind="a_deputy")
    held = Appointment.objects.get(person=world.people.teacher)
    assert signed_in(principal).post(url("end", deputy), {"end": TODAY}).status_code == 302
    assert signed_in(principal).post(url("end", held), {"end": TODAY}).status_code == 403


# -- closing a position


def test_a_position_with_open_work_is_not_closed_without_a_successor(world, administrator, signed_in, make):
    position = world.people.principal.position
    response = signed_in(administrator).post(url("close", position), {"until": TODAY})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"successor"}
    assert response.context["number"] == 4
    assert make.again(position).until is None


def test_closing_hands_all_that_is_open_to_the_successor_in_one_operation(world, administrator, make):
    source, target = world.people.principal.position, world.people.head.position
    promise = FollowUp.objects.create(item=world.things.open, what="Ring", responsible=source, due=TODAY)
    ended = make.measure("Ferdig", world.units.school, source, state="done", ended="2026-01-01T00:00Z")
    assert operations.close(source, on=TODAY, successor=target, by=administrator) == (4, 1)
    assert make.again(world.things.exempt).responsible == target
    assert make.again(promise).responsible == target
    assert make.again(ended).responsible == source
    assert Notification.objects.filter(person=world.people.head, reason="responsible").exists()


def test_what_is_written_and_what_the_law_names_goes_along(world, administrator, make):
    source, target = make.position("Planlegger", world.units.school), world.people.head.position
    chapter = Chapter.objects.create(item=world.things.internal.as_item, title="Om oss", owner=source, place=1)
    named = Answering.objects.create(name="mayor", position=source)
    with pytest.raises(ValidationError, match="successor"):
        operations.close(source, on=TODAY, successor=None, by=administrator)
    operations.close(source, on=TODAY, successor=target, by=administrator)
    assert make.again(chapter).owner == target
    assert make.again(named).position == target


def test_closing_lists_what_moves_and_only_counts_what_one_may_not_see(world, administrator, signed_in):
    page = signed_in(administrator).get(url("close", world.people.principal.position))
    assert page.context["unseen"] == 1
    assert world.things.exempt.title not in page.content.decode()
    assert world.things.internal.title in page.content.decode()


def test_nothing_has_moved_when_closing_is_refused(world, administrator, make):
    source, target = world.people.principal.position, world.people.head.position
    make.appointment(make.person(), source, kind="a_deputy", start=TODAY + 9 * DAY)
    with pytest.raises(ValidationError):
        operations.close(source, on=TODAY, successor=target, by=administrator)
    assert make.again(world.things.internal).responsible == source


def test_a_position_is_not_its_own_successor_nor_is_a_closed_one(world, administrator, make):
    source = world.people.principal.position
    closed = make.position("Nedlagt", world.units.school, until=TODAY - DAY)
    for successor in (source, closed):
        with pytest.raises(ValidationError) as error:
            operations.close(source, on=TODAY, successor=successor, by=administrator)
        assert error.value.message_dict.keys() == {"successor"}
