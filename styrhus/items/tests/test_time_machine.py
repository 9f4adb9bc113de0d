"""A page as it stood: the trail played backwards."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.items import operations
from styrhus.items.models import Attachment, Event, Link
from styrhus.items.time_machine import as_it_stood, end_of, page_as_it_stood
from styrhus.trail.models import Change

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)
FIRST = TODAY - 40 * DAY


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


class Calendar:
    """Lets what is written happen on another day: everything since the last call is moved there."""

    def __init__(self):
        self.mark = 0

    def moved_to(self, day, at=None):
        moment = at or noon(day)
        Change.objects.filter(pk__gt=self.mark).update(at=moment)
        Event.objects.filter(at__gte=noon(TODAY) - DAY).update(at=moment)
        self.mark = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture
def calendar():
    return Calendar()


@pytest.fixture
def thing(world, calendar, make):
    """Made on the first day."""
    calendar.moved_to(FIRST)
    return make.again(world.things.internal)


def edit(thing, by, **fields):
    for name, value in fields.items():
        setattr(thing, name, value)
    return operations.edit(thing, version=thing.version, by=by)


def url(thing, day=None):
    return reverse("items:as_it_stood", args=[thing.pk]) + (f"?dato={day}" if day else "")


def test_the_day_ends_at_midnight_in_norway():
    assert end_of(date(2026, 7, 1)).isoformat() == "2026-07-02T00:00:00+02:00"
    assert end_of(date(2026, 12, 1)).isoformat() == "2026-12-02T00:00:00+01:00"


def test_an_edit_late_on_the_day_counts_and_one_after_midnight_does_not(thing, world, calendar, make):
    edit(thing, world.people.principal, title="Før midnatt")
    calendar.moved_to(FIRST, at=end_of(FIRST) - timedelta(seconds=1))
    edit(make.again(thing), world.people.principal, title="Etter midnatt")
    calendar.moved_to(FIRST, at=end_of(FIRST))
    assert as_it_stood(make.again(thing), FIRST).title == "Før midnatt"
    assert as_it_stood(make.again(thing), FIRST + DAY).title == "Etter midnatt"


def test_what_was_not_there_yet_is_none(thing):
    assert as_it_stood(thing, FIRST - DAY) is None
    assert as_it_stood(thing, FIRST) is not None


EDITS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.fixed_dictionaries(
            {},
            optional={
                "title": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40).filter(
                    str.strip
                ),
                "description": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
                "progress": st.integers(0, 100),
                "due": st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
                "field": st.sampled_from(["", "economy", "hr"]),
            },
        ),
    ),
    max_size=8,
)
FIELDS = ["title", "description", "progress", "due", "field", "unit_id", "responsible_id", "version", "state"]


def held(thing) -> dict:
    return {name: getattr(thing, name) for name in FIELDS}


@settings(max_examples=40, deadline=None)
@given(edits=EDITS)
def test_on_each_day_it_is_what_was_saved_that_day(edits, request):
    world, make = request.getfixturevalue("world"), request.getfixturevalue("make")
    with transaction.atomic():  # undone after each example
        calendar, saved = Calendar(), {}
        thing = make.measure("Ny", world.units.school, world.people.principal.position)
        calendar.moved_to(FIRST)
        saved[0] = held(thing)
        for after, fields in sorted(edits, key=lambda edit: edit[0]):
            edited = edit(make.again(thing), world.people.principal, **fields)
            calendar.moved_to(FIRST + after * DAY)
            saved[after] = held(edited)
        for after in range(14):
            expected = saved[max(day for day in saved if day <= after)]
            assert held(as_it_stood(make.again(thing), FIRST + after * DAY)) == expected
        transaction.set_rollback(True)


def test_unit_responsible_and_state_are_as_they_were_and_what_differs_is_told(thing, world, calendar, make):
    principal = world.people.principal
    operations.step(thing, "start", by=principal)
    edit(make.again(thing), principal, unit=world.units.department, responsible=world.people.head.position)
    world.units.school.name = "Solsiden barneskole"
    world.units.school.save()
    calendar.moved_to(TODAY)
    page = page_as_it_stood(make.again(thing), FIRST + DAY, world.people.teacher)
    assert (page["item"].unit.name, page["item"].responsible.title) == ("Solsiden skole", "Rektor")
    assert page["state"].name == "planned"
    told = {tuple(map(str, line[1:])) for line in page["stood"]["lines"]}
    assert {("Solsiden skole", "Første trinn"), ("Rektor", "Avdelingsleder")} <= told


def test_a_unit_that_has_another_name_today_is_told(thing, world, calendar):
    world.units.school.name = "Solsiden barneskole"
    world.units.school.save()
    calendar.moved_to(TODAY)
    lines = page_as_it_stood(thing, FIRST, world.people.teacher)["stood"]["lines"]
    assert [tuple(map(str, line[1:])) for line in lines] == [("Solsiden skole", "Solsiden barneskole")]


def test_who_held_the_position_then_is_named(thing, world, make):
    position = world.people.principal.position
    position.appointments.update(start=TODAY - 5 * DAY)
    make.appointment(make.person("Tidligere Rektor"), position, start=FIRST - DAY, end=TODAY - 6 * DAY)
    page = page_as_it_stood(thing, FIRST + DAY, world.people.teacher)
    assert [holder.person.name for holder in page["holders"]] == ["Tidligere Rektor"]


def test_follow_ups_comments_files_and_links_are_those_of_the_day(thing, world, calendar, make, text_file):
    principal, item = world.people.principal, thing.as_item
    promise = operations.follow_up(item, "Ring", responsible=principal.position, due=TODAY, by=principal)
    link = operations.link(item, world.things.open.as_item, Link.Kind.RELATES, by=principal)
    file = operations.attach(item, text_file("gammel.txt"), content_type="text/plain", by=principal)
    said = operations.comment(item, "Først", by=principal)
    calendar.moved_to(FIRST + DAY)
    operations.tick_off(promise, by=principal, note="Ringte")
    Link.objects.filter(pk=link.pk).delete()
    Attachment.objects.filter(pk=file.pk).delete()
    operations.comment(item, "Siden", by=principal)
    calendar.moved_to(TODAY - DAY)
    then = page_as_it_stood(thing, FIRST + 2 * DAY, principal)
    assert [(row.what, row.done, row.responsible.title) for row in then["follow_ups"]] == [("Ring", None, "Rektor")]
    assert [line["other"].title for line in then["links"]] == ["Åpen skolegård"]
    assert [(kept.name, kept.is_gone, kept.by) for kept in then["attachments"]] == [("gammel.txt", True, principal)]
    assert [comment.text for comment in then["comments"]] == [said.text]
    before = page_as_it_stood(thing, FIRST, principal)
    assert not any(before[part] for part in ("follow_ups", "links", "attachments", "comments"))


def test_a_row_that_came_and_went_between_is_not_shown_later(thing, world, calendar):
    link = operations.link(thing.as_item, world.things.open.as_item, Link.Kind.RELATES, by=world.people.principal)
    calendar.moved_to(TODAY - 10 * DAY)
    Link.objects.filter(pk=link.pk).delete()
    calendar.moved_to(TODAY - 5 * DAY)
    shown = {
        after: len(page_as_it_stood(thing, TODAY - after * DAY, world.people.principal)["links"])
        for after in (11, 10, 6, 5, 0)
    }
    assert shown == {11: 0, 10: 1, 6: 1, 5: 0, 0: 0}


def test_a_link_to_what_may_not_be_seen_is_not_counted_either(thing, world, calendar):
    operations.link(thing.as_item, world.things.exempt.as_item, Link.Kind.RELATES, by=world.people.principal)
    calendar.moved_to(TODAY)
    seen, unseen = (
        page_as_it_stood(thing, FIRST, person)["stood"]["lines"]
        for person in (world.people.principal, world.people.teacher)
    )
    assert ([line[1:] for line in seen], unseen) == ([(0, 1)], [])


def test_the_other_end_of_a_link_is_only_what_may_be_seen_today(thing, world, calendar):
    operations.link(thing.as_item, world.things.exempt.as_item, Link.Kind.RELATES, by=world.people.principal)
    calendar.moved_to(FIRST + DAY)
    assert page_as_it_stood(thing, TODAY, world.people.teacher)["links"] == []
    assert len(page_as_it_stood(thing, TODAY, world.people.principal)["links"]) == 1


def test_who_may_not_see_it_today_may_not_see_what_it_was(world, calendar, signed_in, make):
    """It was internal then: openness of the past gives nobody access."""
    calendar.moved_to(FIRST)
    thing = make.again(world.things.internal)
    edit(thing, world.people.principal, **make.exempt)
    assert signed_in(world.people.teacher).get(url(thing, FIRST)).status_code == 404
    assert signed_in(world.people.principal).get(url(thing, FIRST)).status_code == 200


def test_the_page_is_drawn_by_the_kinds_own_template_without_buttons(thing, world, calendar, signed_in, make):
    edit(thing, world.people.principal, description="Ny tekst", title="Ny tittel")
    calendar.moved_to(TODAY)
    client = signed_in(world.people.principal)
    shown = client.get(url(thing, FIRST)).content.decode()
    assert "Internkontroll" in shown
    assert "<h1" in shown
    assert reverse("planning:edit_measure", args=[thing.pk]) not in shown
    assert reverse("items:comment", args=[thing.pk]) not in shown
    assert reverse("items:step", args=[thing.pk, "start"]) not in shown
    assert thing.get_absolute_url() in shown


def test_a_day_before_it_was_made_says_so(thing, world, signed_in):
    response = signed_in(world.people.teacher).get(url(thing, FIRST - DAY))
    assert response.status_code == 200
    assert response.context["not_yet"] == FIRST - DAY


@pytest.mark.parametrize("day", [TODAY + DAY, "i går", "2026-02-30", "0000-00-00"])
def test_a_day_to_come_or_no_day_is_asked_for_again(thing, world, signed_in, day):
    response = signed_in(world.people.teacher).get(url(thing, day))
    assert response.status_code == 422
    assert response.context["form"].errors["dato"]


def test_without_a_day_it_is_asked_for(thing, world, signed_in):
    assert signed_in(world.people.teacher).get(url(thing)).status_code == 200


def test_the_item_and_its_changes_lead_to_the_past(thing, world, calendar, signed_in, make):
    edit(thing, world.people.principal, title="Ny tittel")
    operations.step(make.again(thing), "start", by=world.people.principal)
    calendar.moved_to(FIRST + 3 * DAY)
    client, wanted = signed_in(world.people.teacher), url(thing, FIRST + 3 * DAY)
    assert wanted in client.get(thing.get_absolute_url()).content.decode()
    assert wanted in client.get(reverse("items:changes", args=[thing.pk])).content.decode()


def test_a_kind_without_a_page_of_its_own_is_drawn_by_its_fields(thing, world):
    page = page_as_it_stood(thing, TODAY, world.people.teacher)
    assert [str(value) for _label, value in page["own_facts"]] == ["–", "–", "0", *["–"] * 4]


def test_a_position_that_has_moved_is_named_with_the_unit_it_stood_in(thing, world, calendar, make):
    position = world.people.principal.position
    operations.follow_up(thing.as_item, "Ring", responsible=position, due=TODAY, by=world.people.principal)
    calendar.moved_to(FIRST)
    position.unit, position.leads = world.units.other_school, False
    position.save()
    calendar.moved_to(TODAY)
    page = page_as_it_stood(thing, FIRST, world.people.teacher)
    assert page["follow_ups"][0].responsible.unit.name == "Solsiden skole"


def test_the_number_of_queries_does_not_grow(thing, world, calendar, signed_in, make, capture_queries):
    principal, item = world.people.principal, thing.as_item
    client = signed_in(principal)

    def more(number):
        for place in range(number):
            operations.comment(item, f"Nummer {place}", by=principal)
            operations.follow_up(item, f"Gjør {place}", responsible=world.people.head.position, due=TODAY, by=principal)
            other = make.measure(f"Annet {place}", world.units.school, principal.position)
            operations.link(item, other.as_item, Link.Kind.RELATES, by=principal)
            edit(make.again(thing), principal, progress=place + 1)
        calendar.moved_to(FIRST + DAY)
        moved = {"unit": world.units.department, "responsible": world.people.head.position}
        edit(make.again(thing), principal, **moved)
        calendar.moved_to(FIRST + 5 * DAY)

    def queries():
        with capture_queries() as captured:
            assert client.get(url(thing, FIRST + 4 * DAY)).status_code == 200
        return len(captured)

    more(2)
    few = queries()
    more(8)
    assert queries() == few
    assert few <= 20
