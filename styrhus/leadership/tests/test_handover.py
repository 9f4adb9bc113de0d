"""Change of leader: prepared, handed over by the one who leaves, received by the one who comes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from styrhus.items.models import FollowUp, Notification
from styrhus.leadership import operations
from styrhus.leadership.models import Handover, HandoverNote
from styrhus.leadership.queries import holder_before, work_handed_over
from styrhus.organisation.models import Appointment

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)
Kind = Appointment.Kind
Reason = Notification.Reason


@pytest.fixture
def comer(world, make):
    return make.holder("employee", world.units.school, name="Nils Nye")


@pytest.fixture
def change(world, comer):
    """Rita Rektor leaves in ten days, and Nils Nye comes the day after."""
    principal = world.people.principal
    principal.position.appointments.update(start=TODAY - 900 * DAY, end=TODAY + 9 * DAY)
    made = Appointment(person=comer, position=principal.position, kind=Kind.PERMANENT, start=TODAY + 10 * DAY)
    operations.appoint(made, by=world.people.administrator)
    return Handover.objects.get()


def told(person, reason) -> int:
    return Notification.objects.filter(person=person, reason=reason).count()


# -- it begins


def test_a_leader_who_follows_another_begins_a_change_of_leader_and_both_are_told(world, change, comer):
    assert (change.leaver, change.receiver, change.on) == (world.people.principal, comer, TODAY + 10 * DAY)
    assert change.state == Handover.State.PREPARED
    assert told(comer, Reason.APPOINTED) == told(comer, Reason.HANDOVER) == 1
    assert told(world.people.principal, Reason.HANDOVER) == 1


def test_a_deputy_or_someone_who_leads_nothing_takes_over_from_nobody(world, make, comer):
    by, principal, teacher = world.people.administrator, world.people.principal, world.people.teacher
    Appointment.objects.update(start=TODAY - 9 * DAY, end=TODAY - DAY)
    make.appointment(by, by.position, start=TODAY)
    by = make.again(by)
    for position, kind in ((principal.position, Kind.DEPUTY), (teacher.position, Kind.PERMANENT)):
        operations.appoint(Appointment(person=comer, position=position, kind=kind, start=TODAY), by=by)
    assert not Handover.objects.exists()


def test_appointments_that_came_another_way_are_found_once(world, make, comer):
    principal = world.people.principal
    principal.position.appointments.update(start=TODAY - 900 * DAY, end=TODAY - DAY)
    made = make.appointment(comer, principal.position, start=TODAY)
    assert holder_before(made) == principal
    assert operations.begin_those_due(TODAY) == 1
    assert operations.begin_those_due(TODAY) == 0
    assert Handover.objects.get().leaver == principal


@pytest.mark.parametrize(("start", "found"), [(-31, 0), (-30, 1), (60, 1), (61, 0)])
def test_only_what_begins_about_now_is_found(world, make, comer, start, found):
    principal = world.people.principal
    begins = TODAY + start * DAY
    principal.position.appointments.update(start=TODAY - 900 * DAY, end=begins - DAY)
    make.appointment(comer, principal.position, start=begins)
    assert operations.begin_those_due(TODAY) == found


def test_who_comes_back_to_the_same_position_takes_over_from_nobody(world, make):
    principal = world.people.principal
    principal.position.appointments.update(start=TODAY - 900 * DAY, end=TODAY - DAY)
    assert holder_before(make.appointment(principal, principal.position, start=TODAY)) is None


def test_a_leader_in_the_line_begins_it_by_hand(world, comer, signed_in):
    principal, director = world.people.principal, world.people.area_director
    url = reverse("leadership:begin", args=[principal.position.pk])
    sent = {"receiver": comer.email, "on": TODAY + DAY}
    assert signed_in(world.people.other_principal).post(url, sent).status_code == 403
    assert signed_in(director).post(url, sent).status_code == 302
    assert Handover.objects.get().leaver == principal
    again = signed_in(director).post(url, sent)
    assert again.status_code == 422
    assert "receiver" in again.context["form"].errors


def test_nobody_hands_over_a_vacant_position_or_to_themselves(world, make, comer):
    director, principal = world.people.director, world.people.principal
    with pytest.raises(ValidationError):
        operations.begin(make.position("Tom", world.units.school), comer, on=TODAY, by=director)
    with pytest.raises(ValidationError):
        operations.begin(principal.position, principal, on=TODAY, by=director)


def test_it_is_begun_from_the_page_of_the_position(world, signed_in):
    """The page holds the place for the panel, and the panel the way to begin."""
    position, client = world.people.principal.position, signed_in(world.people.area_director)
    panel = reverse("leadership:of_position", args=[position.pk])
    assert f'hx-get="{panel}"' in client.get(position.get_absolute_url()).content.decode()
    begin = reverse("leadership:begin", args=[position.pk])
    assert begin in client.get(panel).content.decode()
    assert begin not in signed_in(world.people.teacher).get(panel).content.decode()


# -- what it shows


def test_it_has_a_place_for_the_authority_of_the_position(world, signed_in, change):
    shown = signed_in(world.people.principal).get(change.get_absolute_url()).content.decode()
    assert reverse("delegation:position", args=[change.position_id]) in shown


def test_it_shows_what_is_open_what_is_promised_and_what_is_late(world, make, change):
    principal, things = world.people.principal, world.things
    late = make.measure("For sent", world.units.school, principal.position, due=TODAY - DAY)
    make.measure("Ferdig", world.units.school, principal.position, state="done", ended=timezone.now())
    promise = FollowUp.objects.create(item=things.open, what="Ring", responsible=principal.position, due=TODAY - DAY)
    work = work_handed_over(change, principal, TODAY)
    shown = {line["what"].title for line in work["things"]}
    assert shown == {"For sent", things.open.title, things.internal.title, things.exempt.title, things.economy.title}
    assert [line["what"] for line in work["promises"]] == [promise]
    assert {line["what"].pk for line in work["late"]} == {late.pk, promise.pk}


def test_what_is_exempt_is_shown_to_who_comes_only_when_they_hold_the_position(world, change, comer):
    exempt = world.things.exempt.title
    seen = {line["what"].title for line in work_handed_over(change, comer, TODAY)["things"]}
    assert exempt not in seen
    Appointment.objects.filter(person=world.people.principal).delete()
    Appointment.objects.filter(person=comer, position=change.position).update(start=TODAY)
    fresh = type(comer).objects.get(pk=comer.pk)
    assert exempt in {line["what"].title for line in work_handed_over(change, fresh, TODAY)["things"]}


def test_the_page_is_closed_to_strangers_and_open_to_the_line(world, signed_in, change, comer):
    url = change.get_absolute_url()
    people = world.people
    for person in (people.principal, comer, people.area_director, people.director):
        assert signed_in(person).get(url).status_code == 200
    for person in (people.teacher, people.other_principal, people.councillor, people.harbour_master):
        assert signed_in(person).get(url).status_code == 404


def test_the_page_asks_no_more_for_many_things(world, make, signed_in, change, capture_queries):
    client, counts = signed_in(world.people.principal), []
    for number in (2, 20):
        for place in range(number):
            thing = make.measure(f"T{place}", world.units.school, world.people.principal.position)
            FollowUp.objects.create(
                item=thing.as_item, what="Ring", responsible=world.people.principal.position, due=TODAY
            )
        with capture_queries() as captured:
            assert client.get(change.get_absolute_url()).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


# -- the words


def test_the_one_who_leaves_writes_a_word_on_each_thing_and_may_take_it_back(world, signed_in, change, comer):
    thing, client = world.things.internal, signed_in(world.people.principal)
    client.post(change.get_absolute_url(), {"word": " Lykke til ", f"item-{thing.pk}": "Haster"})
    change.refresh_from_db()
    assert change.word == "Lykke til"
    assert "Haster" in signed_in(comer).get(change.get_absolute_url()).content.decode()
    client.post(change.get_absolute_url(), {f"item-{thing.pk}": "  "})
    assert not HandoverNote.objects.exists()


def test_a_word_is_kept_about_what_the_position_answers_for_and_nothing_else(world, signed_in, change):
    others = world.things.elsewhere
    sent = {f"item-{others.pk}": "Feil", "item-999999": "Ingen", "item-x": "Rart", "follow_up-5": "Ingen"}
    assert signed_in(world.people.principal).post(change.get_absolute_url(), sent).status_code == 302
    assert not HandoverNote.objects.exists()


def test_the_one_who_comes_writes_nothing(signed_in, change, comer):
    assert signed_in(comer).post(change.get_absolute_url(), {"word": "Hei"}).status_code == 403


# -- the receipts


def test_both_sign_and_both_are_told(world, signed_in, change, comer):
    principal = world.people.principal
    signed_in(principal).post(reverse("leadership:hand_over", args=[change.pk]))
    change.refresh_from_db()
    assert (change.state, change.handed_over_by) == (Handover.State.HANDED_OVER, principal)
    assert told(comer, Reason.HANDOVER) == 2
    signed_in(comer).post(reverse("leadership:receive", args=[change.pk]))
    change.refresh_from_db()
    assert change.state == Handover.State.RECEIVED
    assert told(principal, Reason.HANDOVER) == 2


def test_it_is_not_received_before_it_is_handed_over_nor_handed_over_twice(world, change, comer):
    principal = world.people.principal
    with pytest.raises(PermissionDenied):
        operations.receive(change, by=comer)
    operations.hand_over(change, by=principal)
    with pytest.raises(PermissionDenied):
        operations.hand_over(change, by=principal)
    with pytest.raises(PermissionDenied):
        operations.write(change, word="For sent", notes={}, by=principal)
    with pytest.raises(PermissionDenied):
        operations.receive(change, by=principal)


def test_a_leader_in_the_line_hands_over_only_for_who_is_gone(world, make, change, comer):
    director = world.people.area_director
    with pytest.raises(PermissionDenied):
        operations.hand_over(change, by=director)
    world.people.principal.is_active = False
    world.people.principal.save()
    with pytest.raises(PermissionDenied):
        operations.hand_over(change, by=comer)
    operations.hand_over(change, by=director)
    assert make.again(change).handed_over_by == director


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "handed_over"},
        {"state": "received"},
        {"received": timezone.now()},
        {"state": "unknown"},
    ],
)
def test_the_database_refuses_a_state_without_its_receipts(change, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=change.pk).update(**wrong)


def test_the_database_refuses_a_change_from_one_to_the_same(world, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=change.pk).update(receiver=world.people.principal)


def test_a_note_is_about_one_thing_and_said_once(world, change):
    thing = world.things.internal.as_item
    HandoverNote.objects.create(handover=change, item=thing, text="Et ord")
    for wrong in (
        {"item": thing, "text": "To"},
        {"text": "Ingenting"},
        {"item": world.things.open.as_item, "text": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverNote.objects.create(handover=change, **wrong)


def test_my_page_reminds_the_one_whose_turn_it_is_until_it_is_received(world, signed_in, change, comer):
    url, principal = change.get_absolute_url(), world.people.principal

    def reminded(person) -> bool:
        return url in signed_in(person).get(reverse("home")).content.decode()

    assert reminded(principal) and reminded(comer)
    operations.hand_over(change, by=principal)
    assert not reminded(principal) and reminded(comer)
    operations.receive(change, by=comer)
    assert not reminded(comer)
    assert not reminded(world.people.director)
