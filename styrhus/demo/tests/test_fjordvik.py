"""The demonstration municipality as people meet it: loaded once, and only read."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from styrhus.delegation.models import Authorisation, Regulations, Source
from styrhus.delegation.queries import chain_of, count_checks_not_done
from styrhus.demo.files import FILES
from styrhus.demo.imports import load_employee_numbers
from styrhus.demo.loading import load
from styrhus.demo.organisation import PASSWORD
from styrhus.demo.tests.said import everything_said
from styrhus.items.models import Attachment, Comment, Event, FollowUp, Item, Notification, Openness
from styrhus.organisation.models import Appointment, Person, Position
from styrhus.organisation.roles import ROLES
from styrhus.planning.models import Measure
from styrhus.trail.models import Change

# Without the mark no test database is made when this file is run alone.
pytestmark = pytest.mark.django_db
TODAY = date.today()


@pytest.fixture(scope="module", autouse=True)
def fjordvik(django_db_setup, django_db_blocker, tmp_path_factory):
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        load(TODAY)
        yield everything_said()
        transaction.set_rollback(True)


def person(name):
    return Person.objects.get(name=name)


def told() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said, stderr=StringIO())
    return said.getvalue()


def test_loading_again_changes_nothing_and_tells_the_sign_ins_again(fjordvik):
    changes, first = Change.objects.count(), told()
    assert told() == first
    assert len(fjordvik[2]) > 70
    assert everything_said() == fjordvik
    assert Change.objects.count() == changes
    assert PASSWORD in first
    assert "siri.braten@fjordvik.example" in first
    assert Attachment.objects.count() == len(FILES)


def test_the_employee_numbers_fit_the_people_of_fjordvik():
    outcome = load_employee_numbers()
    assert (outcome.changed, outcome.added, outcome.refused) == (6, 0, 0)


def test_every_role_is_held_today():
    held = Appointment.objects.in_force(TODAY).values_list("position__roles__role", flat=True)
    assert set(ROLES) - set(held) == set()


def test_everyone_can_sign_in_with_the_common_password():
    people = list(Person.objects.all())
    assert len(people) >= 60
    assert all(each.is_active and each.email.endswith("@fjordvik.example") for each in people)
    assert len({each.password for each in people}) == 1
    assert check_password(PASSWORD, people[0].password)


def test_exempt_measures_are_seen_by_those_who_answer_and_by_nobody_else():
    exempt = set(Measure.objects.filter(openness=Openness.EXEMPT))
    assert len(exempt) == 3
    assert exempt.isdisjoint(Measure.objects.visible_to(person("Emil Bjørge")))
    assert exempt.isdisjoint(Measure.objects.visible_to(person("Priya Raman")))
    of_hr = {measure for measure in exempt if measure.field == "hr"}
    assert len(of_hr) == 2 and of_hr <= set(Measure.objects.visible_to(person("Amina Warsame")))
    assert exempt <= set(Measure.objects.visible_to(person("Ingrid Sæther")))


def test_a_councillor_sees_what_is_open_and_nothing_else():
    seen = Measure.objects.visible_to(person("Astrid Høyland"))
    assert seen.count() >= 15
    assert set(seen.values_list("openness", flat=True)) == {Openness.OPEN}


def test_measures_are_in_every_state_and_some_are_late():
    assert set(Measure.objects.values_list("state", flat=True)) == {state.name for state in Measure.flow.states}
    assert Measure.objects.overdue(TODAY).count() >= 8
    assert Measure.objects.filter(due__gt=TODAY, ended=None).count() >= 25
    assert FollowUp.objects.overdue(TODAY).exists()
    assert FollowUp.objects.filter(done__isnull=False).exists()


def test_some_positions_are_vacant_and_others_held_for_a_while():
    held = Appointment.objects.in_force(TODAY)
    vacant = Position.objects.vacant(TODAY)
    assert {"Leder", "Ingeniør"} == {each.title for each in vacant}
    assert held.filter(kind=Appointment.Kind.TEMPORARY).exists()
    director = Position.objects.get(title="Direktør for helse og velferd")
    assert [each.person.name for each in director.holders(TODAY)] == ["Trude Nøst", "Gunnhild Mæland"]


def test_everything_that_happened_lies_behind_us():
    midnight_passed = TODAY - timedelta(days=1)
    for model, field in [
        (Event, "at"),
        (Comment, "at"),
        (Item, "created"),
        (Item, "updated"),
        (FollowUp, "created"),
    ]:
        assert not model.objects.filter(**{f"{field}__date__gt": midnight_passed}).exists(), model
    assert not Item.objects.filter(ended__date__gt=midnight_passed).exists()
    assert not Event.objects.filter(at__iso_week_day__gt=5).exists()
    assert not Change.objects.filter(table_name="items_item", at__date__gt=midnight_passed).exists()


def test_a_deadline_moved_is_told_by_history_and_trail_alike():
    measure = Measure.objects.get(title="Lage felles mal for brukerundersøkelser")
    assert [event.step for event in measure.events.all()] == ["reopen", "finish", "start", "create"]
    moved = Change.objects.get(table_name="items_item", row_id=measure.pk, after__has_key="due")
    assert moved.by == person("Mari Blåsternes")
    assert TODAY - timedelta(days=51) <= moved.at.date() <= TODAY - timedelta(days=49)
    assert moved.after["due"] == (TODAY + timedelta(days=28)).isoformat()
    assert measure.last_change() == person("Mari Blåsternes")


def test_those_mentioned_are_told():
    told = Notification.objects.filter(person=person("Farah Siddiqui"), reason=Notification.Reason.MENTIONED)
    assert told.exists()
    assert Notification.objects.filter(read=None).exists()


def test_authority_is_followed_from_the_council_to_a_middle_manager():
    leader = Position.objects.get(title="Pedagogisk leder")
    held = Authorisation.objects.in_force(TODAY).filter(holder=leader, power__name="Ansette i faste stillinger").get()
    assert [each.holder.title for each in chain_of(held)] == [
        "Kommunedirektør",
        "Direktør for oppvekst",
        "Styrer",
        "Pedagogisk leder",
    ]
    assert chain_of(held)[0].giver.unit.name == "Kommunestyret"


def test_authority_is_checked_late_withdrawn_reserved_and_given_by_law():
    counted = count_checks_not_done(person("Emil Bjørge"), TODAY)
    assert counted["late"] >= 3
    assert counted["never"] >= 1
    assert set(Authorisation.objects.values_list("source", flat=True)) == set(Source.values)
    assert {"in_force", "withdrawn"} == set(Authorisation.objects.values_list("state", flat=True))
    states = list(Regulations.objects.order_by("number").values_list("state", flat=True))
    assert states == ["adopted", "draft"]
