"""Who is told of which deadline, and when."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from styrhus.items.models import FollowUp, Notification
from styrhus.organisation.models import Appointment
from styrhus.reminders.models import Escalation, Threshold
from styrhus.reminders.operations import AT_MOST_A_DAY, escalate

pytestmark = pytest.mark.django_db
TODAY = date.today()
# Ahead: people and positions of the world begin today.
DUE = TODAY + timedelta(days=30)
Reason = Notification.Reason


def days(number):
    return timedelta(days=number)


def bells(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("reason", "item__title"))


@pytest.fixture
def promise(world):
    """Something that the teacher has promised, due in a month."""
    return FollowUp.objects.create(
        item=world.things.internal.as_item, what="Ring", responsible=world.people.teacher.position, due=DUE
    )


def told_on(on, person):
    before = Notification.objects.count()
    escalate(on)
    return [
        row.reason
        for row in Notification.objects.order_by("pk")[before:]
        if row.person_id == person.pk and row.note == "Ring"
    ]


def test_the_ladder_goes_from_who_answers_to_the_leader(world, promise):
    teacher, principal = world.people.teacher, world.people.principal
    assert told_on(DUE - days(8), teacher) == []
    assert told_on(DUE - days(7), teacher) == [Reason.DUE]
    assert told_on(DUE, teacher) == [Reason.DUE]
    assert told_on(DUE + days(7), teacher) == [Reason.OVERDUE]
    assert told_on(DUE + days(14), principal) == [Reason.ESCALATED]
    assert told_on(DUE + days(60), principal) == told_on(DUE + days(60), teacher) == []


def test_told_once_a_step_however_often_it_is_asked(world, promise):
    for day in (0, 0, 1, 5):
        escalate(DUE + days(day))
    assert bells(world.people.teacher) == [(Reason.DUE, "Internkontroll")]


def test_what_was_overdue_long_before_is_told_at_its_last_step_only(world, promise):
    escalate(DUE + days(400))
    assert bells(world.people.teacher) == []
    assert (Reason.ESCALATED, "Internkontroll") in bells(world.people.principal)


def test_a_new_deadline_begins_anew(world, promise):
    escalate(DUE)
    FollowUp.objects.filter(pk=promise.pk).update(due=DUE + days(3))
    escalate(DUE)
    assert len(bells(world.people.teacher)) == 2


def test_items_are_reminded_of_too_and_what_is_ended_or_done_is_not(world, make, promise):
    here, by = world.units.other_school, world.people.other_principal
    make.measure("Sent", here, by.position, due=TODAY - days(8))
    make.measure("Ferdig", here, by.position, due=TODAY - days(8), state="done", ended="2026-01-01T00:00Z")
    make.measure("Uten frist", here, by.position, due=None)
    FollowUp.objects.filter(pk=promise.pk).update(done="2026-01-01T00:00Z")
    escalate(TODAY)
    assert bells(by) == [(Reason.OVERDUE, "Sent")]
    assert bells(world.people.teacher) == []


def test_the_leader_of_who_leads_is_the_one_above(world, make):
    make.measure("Sent", world.units.school, world.people.principal.position, due=TODAY - days(20))
    escalate(TODAY)
    assert bells(world.people.area_director) == [(Reason.ESCALATED, "Sent")]


def test_a_vacant_position_is_told_of_to_the_leader_at_once(world, promise):
    Appointment.objects.filter(person=world.people.teacher).delete()
    escalate(DUE)
    assert (Reason.ESCALATED, "Internkontroll") in bells(world.people.principal)


def test_where_the_leader_is_missing_the_next_one_up_is_told(world, promise):
    Appointment.objects.filter(person__in=[world.people.teacher, world.people.principal]).delete()
    escalate(DUE)
    assert (Reason.ESCALATED, "Internkontroll") in bells(world.people.area_director)


def test_a_deputy_is_told_while_the_holder_is_away(world, make, promise):
    deputy = make.person("Vikar")
    make.appointment(deputy, world.people.teacher.position, kind=Appointment.Kind.DEPUTY)
    escalate(DUE)
    assert (len(bells(deputy)), bells(world.people.teacher)) == (1, [])


def test_an_enterprise_without_anybody_above_tells_nobody_and_goes_on(world, make):
    make.measure("Sent", world.units.harbour, world.people.harbour_master.position, due=TODAY - days(30))
    assert escalate(TODAY) == 1
    assert Escalation.objects.get().told is None
    assert escalate(TODAY) == 0


def test_a_bad_day_is_not_a_flood(world, make):
    here, by = world.units.school, world.people.principal
    for number in range(40):
        make.measure(f"Sent {number}", here, by.position, due=TODAY - days(7))
    escalate(TODAY)
    told = bells(by)
    assert len(told) == AT_MOST_A_DAY
    assert told[-1] == (Reason.DEADLINES, None)
    assert "31" in Notification.objects.latest("pk").note


def test_queries_do_not_grow_with_people_or_deadlines(world, make, capture_queries):
    def overdue(number):
        for _ in range(number):
            holder = make.holder("employee", world.units.school)
            make.measure("Sent", world.units.school, holder.position, due=TODAY)

    counts = []
    for number in (2, 20):
        overdue(number)
        with capture_queries() as captured:
            escalate(TODAY)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_database_refuses_the_same_step_twice(world, promise):
    escalate(DUE)
    row = Escalation.objects.get(follow_up=promise)
    for follow_up in (promise, None):
        same = {"item": row.item, "follow_up": follow_up, "due": row.due, "days": row.days}
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.create(**same)
            Escalation.objects.create(**same)


@given(st.integers(-30, 400))
def test_the_ladder_says_its_steps_in_words(number):
    words = Threshold(days=number).words
    assert str(abs(number)) in words if number else words


def test_only_administrators_change_the_ladder_and_it_is_kept(world, signed_in):
    client = signed_in(world.people.administrator)
    rows = list(Threshold.objects.all())
    sent = {
        "form-TOTAL_FORMS": len(rows) + 1,
        "form-INITIAL_FORMS": len(rows),
        "form-MIN_NUM_FORMS": 0,
        "form-MAX_NUM_FORMS": 12,
    }
    for place, row in enumerate(rows):
        sent |= {f"form-{place}-id": row.pk, f"form-{place}-days": row.days, f"form-{place}-to": row.to}
    sent |= {f"form-{len(rows)}-days": 28, f"form-{len(rows)}-to": "leader"}
    assert client.post("/paaminnelser/trapp/", sent).status_code == 302
    assert Threshold.objects.filter(days=28, to="leader").exists()
    sent[f"form-{len(rows)}-days"] = "mange"
    assert client.post("/paaminnelser/trapp/", sent).status_code == 422
    assert signed_in(world.people.principal).post("/paaminnelser/trapp/", sent).status_code == 403
