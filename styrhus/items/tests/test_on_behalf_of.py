"""På vegne av: a colleague prepares what a position answers for; only the one who holds it takes the steps."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items import operations
from styrhus.items.models import Item, Reader
from styrhus.organisation.models import Preparer
from styrhus.organisation.operations import let_prepare, stop_preparing

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


@pytest.fixture
def colleague(world, make):
    """Works at the other school, where no role of hers reaches this one."""
    person = make.holder("employee", world.units.other_school, name="Kari Kollega")
    let_prepare(person, world.people.principal.position, start=TODAY, end=None, by=world.people.principal)
    return make.again(person)


def form_of(thing, **changed) -> dict:
    return {
        "title": thing.title,
        "unit": thing.unit_id,
        "responsible": thing.responsible_id,
        "field": thing.field,
        "due": thing.due,
        "openness": thing.openness,
        "progress": thing.progress,
        "version": thing.version,
    } | changed


def test_a_preparer_changes_what_is_written_and_the_step_keeps_both_names(world, signed_in, make, colleague):
    thing, principal = world.things.internal, world.people.principal
    url = reverse("planning:edit_measure", args=[thing.pk])
    assert signed_in(colleague).post(url, form_of(thing, title="Bedre internkontroll")).status_code == 302
    thing = make.again(thing)
    assert (thing.title, thing.prepared_by) == ("Bedre internkontroll", colleague)
    event = operations.step(thing, "start", by=principal)
    assert (event.by, event.prepared_by) == (principal, colleague)
    assert make.again(thing).prepared_by is None
    shown = signed_in(principal).get(thing.get_absolute_url()).content.decode()
    assert "Forberedt av Kari Kollega" in shown
    assert operations.step(thing, "finish", by=principal).prepared_by is None


def test_what_the_holder_writes_is_prepared_by_nobody(world, signed_in, make):
    thing, principal = world.things.internal, world.people.principal
    signed_in(principal).post(reverse("planning:edit_measure", args=[thing.pk]), form_of(thing, title="Selv"))
    assert make.again(thing).title == "Selv"
    assert operations.step(thing, "start", by=principal).prepared_by is None


def test_what_the_holder_corrects_is_still_prepared_by_the_colleague(world, make, colleague):
    thing = make.again(world.things.internal)
    operations.edit(thing, version=thing.version, by=colleague)
    operations.edit(thing, version=thing.version, by=world.people.principal)
    assert make.again(thing).prepared_by == colleague


def test_a_file_from_a_preparer_is_preparing_too(world, make, colleague, text_file):
    thing = world.things.internal
    upload = text_file()
    upload.chunks = lambda: [b"Hei"]
    operations.attach(thing.as_item, upload, content_type="text/plain", by=colleague)
    assert make.again(thing).prepared_by == colleague


def test_a_preparer_moves_nothing_and_opens_nothing(world, signed_in, make, colleague):
    """Whose it is, where it lies and who may see it are the leader's to decide."""
    thing = world.things.internal
    sent = form_of(
        thing, responsible=world.people.teacher.position.pk, unit=world.units.other_school.pk, openness="open"
    )
    signed_in(colleague).post(reverse("planning:edit_measure", args=[thing.pk]), sent | {"title": "Nytt navn"})
    kept = make.again(thing)
    assert kept.title == "Nytt navn"
    assert (kept.responsible_id, kept.unit_id, kept.openness) == (thing.responsible_id, thing.unit_id, thing.openness)


DOORS = [
    ("items:step", {"name": "start"}, {}),
    ("items:step", {"name": "drop"}, {"note": "Nei"}),
    ("items:follow_up", {}, {"what": "Ring", "due": TODAY}),
    ("items:link", {}, {"kind": "relates", "target": "Åpen skolegård"}),
]


@pytest.mark.parametrize(("name", "more", "sent"), DOORS)
def test_a_preparer_takes_no_step_and_promises_nothing(world, signed_in, make, colleague, name, more, sent):
    thing = world.things.internal
    url = reverse(name, kwargs={"pk": thing.pk} | more)
    assert signed_in(colleague).post(url, sent).status_code == 403
    assert make.again(thing).state == thing.state
    assert not thing.follow_ups.exists()


def test_a_preparer_ticks_off_nothing(world, signed_in, colleague):
    promise = operations.follow_up(
        world.things.internal.as_item,
        "Ring",
        responsible=world.people.principal.position,
        due=TODAY,
        by=world.people.principal,
    )
    url = reverse("items:tick_off", args=[world.things.internal.pk, promise.pk])
    assert signed_in(colleague).post(url).status_code == 403


def test_the_page_offers_a_preparer_no_step(world, signed_in, colleague):
    thing = world.things.internal
    page = signed_in(colleague).get(thing.get_absolute_url())
    assert page.context["steps"] == []
    assert page.context["may_edit"]


def test_what_is_exempt_is_not_seen_by_preparing(world, signed_in, colleague):
    exempt = world.things.exempt
    assert signed_in(colleague).get(exempt.get_absolute_url()).status_code == 404
    assert signed_in(colleague).get(reverse("planning:edit_measure", args=[exempt.pk])).status_code == 404
    Reader.objects.create(item=exempt.as_item, person=colleague)
    assert signed_in(colleague).get(reverse("planning:edit_measure", args=[exempt.pk])).status_code == 200


def test_a_preparer_changes_nothing_that_others_answer_for(world, signed_in, colleague):
    url = reverse("planning:edit_measure", args=[world.things.harbour.pk])
    assert signed_in(colleague).get(url).status_code == 403


def test_it_ends_when_it_is_taken_back(world, make, colleague):
    thing = world.things.internal
    assert colleague.has_perm("measure.edit", thing)
    stop_preparing(Preparer.objects.get(), by=world.people.principal)
    assert not make.again(colleague).has_perm("measure.edit", thing)


@pytest.mark.parametrize(("start", "end", "may"), [(-9, -1, False), (-9, 0, True), (0, None, True), (1, None, False)])
def test_it_holds_from_the_first_day_to_the_last(world, make, start, end, may):
    person, position = make.holder("employee", world.units.other_school), world.people.principal.position
    last = TODAY + end * DAY if end is not None else None
    Preparer.objects.create(
        position=position, person=person, start=TODAY + start * DAY, end=last, by=world.people.principal
    )
    assert make.again(person).has_perm("measure.edit", world.things.internal) == may


def test_it_ends_with_the_position(world, make, colleague):
    position = world.people.principal.position
    position.until = TODAY - DAY
    position.save()
    assert not make.again(colleague).has_perm("measure.edit", world.things.internal)


def test_only_the_holder_gives_and_takes_it(world, make, colleague, signed_in):
    position = world.people.principal.position
    for stranger in (world.people.director, world.people.administrator, colleague):
        with pytest.raises(PermissionDenied):
            let_prepare(world.people.teacher, position, start=TODAY, end=None, by=stranger)
        with pytest.raises(PermissionDenied):
            stop_preparing(Preparer.objects.get(), by=stranger)
    url = reverse("organisation:let_prepare", args=[position.pk])
    signed_in(world.people.principal).post(url, {"person": world.people.teacher.email, "start": TODAY})
    assert position.preparers.filter(person=world.people.teacher).exists()


def test_it_is_refused_for_oneself_for_strangers_and_twice(world, colleague):
    position, principal = world.people.principal.position, world.people.principal
    for person in (principal, world.people.guest, world.people.councillor, colleague):
        with pytest.raises(ValidationError) as error:
            let_prepare(person, position, start=TODAY, end=None, by=principal)
        assert error.value.message_dict.keys() == {"person"}
    assert Preparer.objects.count() == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.sampled_from(["employee", "case_officer", "unit_manager", "councillor"]),
    prepared=st.sampled_from(["employee", "unit_manager", "councillor", "quality_manager"]),
    place=st.sampled_from(["school", "other_school", "harbour"]),
    permission=st.sampled_from(["measure.edit", "measure.step", "item.follow_up", "item.view_exempt"]),
)
def test_the_rows_where_and_the_one_thing_agree_for_who_prepares(world, make, held, prepared, place, permission):
    person, leader = make.holder(held, world.units.area), make.holder(prepared, world.units.school)
    Preparer.objects.create(position=leader.position, person=person, by=leader)
    thing = make.measure("Noe", getattr(world.units, place), leader.position)
    assert Item.objects.where(person, permission).filter(pk=thing.pk).exists() == person.has_perm(permission, thing)
