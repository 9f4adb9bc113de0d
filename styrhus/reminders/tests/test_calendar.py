"""The calendar's secret address, and what stands in the calendar."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from styrhus.items.models import FollowUp
from styrhus.reminders.calendars import as_ics, printable
from styrhus.reminders.models import CalendarFeed
from styrhus.reminders.operations import make_feed, revoke_feed

pytestmark = pytest.mark.django_db
TODAY = date.today()


def calendar_of(person, **more) -> tuple[Calendar, bytes]:
    written = as_ics(person, **({"site": "https://s.example", "host": "s.example", "alarm": False} | more))
    return Calendar.from_ical(written), written


def events(person, **more):
    return {str(event["UID"]): event for event in calendar_of(person, **more)[0].walk("VEVENT")}


def fetched(token, client=None):
    return (client or Client()).get(f"/kalender/{token}.ics")


def test_deadlines_of_what_one_answers_for_stand_on_their_day(world):
    FollowUp.objects.create(
        item=world.things.internal.as_item, what="Ring", responsible=world.people.principal.position, due=TODAY
    )
    found = events(world.people.principal)
    assert sorted(str(event["SUMMARY"]).partition(": ")[2] for event in found.values() if ":" in event["SUMMARY"]) == [
        "Internkontroll", "Nytt budsjett", "Ring", "Åpen skolegård",
    ]  # fmt: skip
    one = found[f"item-{world.things.internal.pk}@s.example"]
    assert one["DTSTART"].dt == world.things.internal.due
    assert one["DTEND"].dt == world.things.internal.due + timedelta(days=1)
    assert one["DTSTAMP"].to_ical().endswith(b"Z")
    assert str(one["URL"]) == f"https://s.example/ting/{world.things.internal.pk}/"


def test_the_last_day_of_all_stops_no_calendar(world):
    FollowUp.objects.create(
        item=world.things.internal.as_item, what="Ring", responsible=world.people.principal.position, due=date.max
    )
    assert date.max in [event["DTSTART"].dt for event in events(world.people.principal).values()]


def test_exempt_is_not_named(world):
    written = calendar_of(world.people.principal)[1].decode()
    assert f"item-{world.things.exempt.pk}@" in written
    assert "Personalsak" not in written


def test_the_same_deadline_keeps_its_uid_when_it_moves(world, make):
    before = events(world.people.principal)
    make.Measure.objects.filter(pk=world.things.internal.pk).update(due=TODAY + timedelta(days=99), version=7)
    after = events(world.people.principal)
    assert before.keys() == after.keys()
    assert int(after[f"item-{world.things.internal.pk}@s.example"]["SEQUENCE"]) == 7


def test_alarms_only_where_they_are_asked_for(world):
    assert b"VALARM" not in calendar_of(world.people.principal)[1]
    alarm = next(iter(events(world.people.principal, alarm=True).values())).walk("VALARM")[0]
    assert alarm["TRIGGER"].dt == timedelta(hours=-15)


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_any_title_comes_back_as_it_was_and_no_line_is_too_long(title):
    from icalendar import Event

    event = Event()
    event.add("summary", printable(title))
    written = event.to_ical()
    assert str(Event.from_ical(written)["SUMMARY"]) == printable(title)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_odd_titles_cannot_add_lines_of_their_own(world, make):
    odd = "Nytt; tak, \\n\r\nATTENDEE:mailto:x@y.example\u2028BEGIN:VEVENT 🏫" + "å" * 120
    make.Measure.objects.filter(pk=world.things.internal.pk).update(title=odd)
    calendar, written = calendar_of(world.people.principal)
    assert calendar.walk("VEVENT") and not [line for line in written.split(b"\r\n") if line.startswith(b"ATTENDEE")]
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_the_address_works_without_a_session_and_leaves_none(world):
    token = make_feed(world.people.principal)
    response = fetched(token)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "noindex" in response["X-Robots-Tag"] and "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert b"Internkontroll" in response.content


def test_the_secret_is_not_in_the_base(world):
    token = make_feed(world.people.principal)
    assert token not in str(CalendarFeed.objects.values().get())
    assert len(token) >= 43


def test_a_new_address_closes_the_old_and_revoking_closes_it_all(world):
    person = world.people.principal
    old = make_feed(person)
    new = make_feed(person)
    assert (fetched(old).status_code, fetched(new).status_code) == (404, 200)
    revoke_feed(person)
    assert fetched(new).status_code == 404


def test_who_has_left_has_no_calendar(world):
    token = make_feed(world.people.principal)
    world.people.principal.is_active = False
    world.people.principal.save()
    assert fetched(token).status_code == 404


def test_guessing_is_stopped(world, settings):
    client = Client(REMOTE_ADDR="203.0.113.7")
    answers = {fetched(f"guess{number}", client).status_code for number in range(70)}
    assert answers == {404, 429}


def test_the_page_shows_the_address_once(world, signed_in):
    client = signed_in(world.people.principal)
    shown = client.post("/paaminnelser/kalender/", {"alarm": "on"})
    token = re.search(r"/kalender/([\w-]+)\.ics", shown.content.decode())[1]
    assert fetched(token).status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert token not in client.get("/paaminnelser/").content.decode()
    client.post("/paaminnelser/kalender/steng/")
    assert fetched(token).status_code == 404


def test_a_choice_of_mail_is_kept_and_junk_is_not(world, signed_in):
    client = signed_in(world.people.teacher)
    assert client.post("/paaminnelser/", {"digest": "never"}).status_code == 302
    assert b'value="never" ' in client.get("/paaminnelser/").content
    assert client.post("/paaminnelser/", {"digest": "hourly"}).status_code == 422


def test_the_calendar_asks_as_much_for_many_deadlines_as_for_few(world, make, capture_queries):
    counts = []
    for number in (1, 10):
        for _ in range(number):
            made = make.measure("Frist", world.units.school, world.people.principal.position)
            FollowUp.objects.create(item=made.as_item, what="x", responsible=world.people.principal.position, due=TODAY)
        person = make.again(world.people.principal)
        with capture_queries() as captured:
            calendar_of(person)
        counts.append(len(captured))
    assert counts[0] == counts[1]
