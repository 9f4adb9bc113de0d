"""Figures that a unit owes are reminded of like other deadlines: by bell, in the letter and in the calendar."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from styrhus.items import operations as items
from styrhus.items.models import Notification
from styrhus.reminders.calendars import as_ics
from styrhus.reminders.operations import escalate, gather_digests, send
from styrhus.scorecard.models import Indicator, Measurement, Series

pytestmark = pytest.mark.django_db
# The figures of 2026 are to be in thirty days after the year.
OVER, DUE, LATE = date(2027, 1, 2), date(2027, 1, 30), date(2027, 2, 6)
Reason = Notification.Reason


@pytest.fixture
def owed(world):
    """Two figures that the principal's school owes each year, and one that is fetched from elsewhere."""
    director, school = world.people.director, world.people.principal.position.unit
    series = []
    for number, is_imported in enumerate([False, False, True]):
        indicator = Indicator(
            title=f"Indikator {number}", measured_in="prosent", aggregation="sum", frequency="yearly",
            is_imported=is_imported, unit=world.units.municipality, responsible=director.position,
        )  # fmt: skip
        items.create(indicator, by=director)
        items.step(indicator, "use", by=director)
        series.append(Series.objects.create(indicator=indicator, unit=school, since=date(2020, 1, 1)))
    return series


def bells(person):
    rows = Notification.objects.filter(person=person, item=None).order_by("pk")
    return [(row.reason, row.note, row.address) for row in rows]


def test_who_leads_the_unit_is_told_and_then_who_leads_the_leader(world, owed):
    principal, school = world.people.principal, owed[0].unit
    escalate(OVER)
    assert bells(principal) == []
    escalate(DUE - timedelta(days=7))
    words = f"2 tall for {school.name}, 2026"
    assert bells(principal) == [(Reason.DUE, words, f"/resultater/{school.pk}/")]
    escalate(LATE)
    assert bells(principal)[1:] == [(Reason.OVERDUE, words, f"/resultater/{school.pk}/")]
    escalate(date(2027, 2, 14))
    above = [bell for person in (world.people.area_director, world.people.director) for bell in bells(person)]
    assert (Reason.ESCALATED, words, f"/styringskort/{school.pk}/") in above


def test_what_is_entered_is_not_asked_for_and_nothing_is_asked_twice(world, owed):
    Measurement.objects.create(series=owed[0], start=date(2026, 1, 1), value=3)
    for _again in range(2):
        escalate(DUE)
    (told,) = bells(world.people.principal)
    assert told[1].startswith("1 tall ")
    Measurement.objects.create(series=owed[1], start=date(2026, 1, 1), value=3)
    escalate(LATE)
    assert len(bells(world.people.principal)) == 1


def test_the_letter_leads_to_where_the_figures_are_entered(world, owed, mail_server):
    escalate(DUE)
    send(gather_digests(date.today()), date.today())
    (letter,) = mail_server.to(world.people.principal)
    written = letter.get_body(("plain",)).get_content()
    assert f"https://styrhus.example/resultater/{owed[0].unit_id}/" in written


def test_the_calendar_shows_what_is_owed_and_what_comes_next(world, owed):
    written = as_ics(world.people.principal, site="https://s.example", host="s.example", alarm=False)
    found = {str(event["UID"]): event for event in Calendar.from_ical(written).walk("VEVENT")}
    school, year = owed[0].unit_id, date.today().year
    due = {begun: found[f"figures-{school}-yearly-{begun}0101@s.example"]["DTSTART"].dt for begun in (year - 1, year)}
    assert due == {year - 1: date(year, 1, 30), year: date(year + 1, 1, 30)}


def test_reminding_of_figures_asks_as_much_for_many_as_for_few(world, owed, capture_queries):
    with capture_queries() as few:
        escalate(DUE)
    for each in owed:
        Series.objects.create(indicator=each.indicator, unit=world.units.other_school, since=date(2020, 1, 1))
    with capture_queries() as many:
        escalate(LATE)
    assert len(many) <= len(few)
