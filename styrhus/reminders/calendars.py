"""A person's deadlines as iCalendar (RFC 5545): whole days, which have no clock and so no time zone to get wrong."""

import unicodedata
from datetime import date, timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from styrhus.reminders.queries import Entry, calendar_of


def as_ics(person, *, site: str, host: str, alarm: bool) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Styrhus//Frister//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Deadlines in Styrhus"))
    calendar.add("x-wr-timezone", "Europe/Oslo")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in calendar_of(person):
        event = _event(entry, site=site, host=host)
        if alarm:
            event.add_component(_alarm())
        calendar.add_component(event)
    return calendar.to_ical()


def _event(entry: Entry, *, site: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.changed)
    event.add("dtstart", entry.due)
    if entry.due < date.max:
        # The end is the first day after; an event without one lasts the day (RFC 5545, 3.6.1).
        event.add("dtend", entry.due + timedelta(days=1))
    event.add("summary", _("Due: %(what)s") % {"what": printable(entry.what)} if entry.what else _("Deadline"))
    event.add("sequence", entry.version)
    event.add("url", site + entry.url)
    # A deadline does not make anybody busy.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _alarm() -> Alarm:
    """At nine the morning before: the day itself begins at midnight."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Deadline tomorrow"))
    alarm.add("trigger", timedelta(hours=-15))
    return alarm


def printable(text: str) -> str:
    """Without control characters, which a calendar may not hold; line breaks become spaces."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())
