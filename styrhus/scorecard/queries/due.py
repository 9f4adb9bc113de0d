"""What is to be entered: the series of a unit with the period that is over, and what stands there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from styrhus.organisation.access import authority_of, units_where
from styrhus.organisation.models import Position, Unit
from styrhus.scorecard.models import Indicator, Measurement, Series
from styrhus.scorecard.periods import end_of, in_words, latest_ended


@dataclass(frozen=True)
class Due:
    """A figure that is asked for; `stands` is what is entered already, `before` the latest one before it."""

    series: Series
    start: date
    stands: Measurement | None
    before: Measurement | None

    @property
    def period(self) -> str:
        return in_words(self.start, self.series.indicator.frequency)

    @property
    def day(self) -> date:
        indicator = self.series.indicator
        return end_of(self.start, indicator.frequency) + timedelta(days=indicator.days_to_deliver)

    def is_late(self, on: date) -> bool:
        return self.stands is None and on > self.day


def due_in(unit: Unit, *, on: date, person, by_hand: bool = True) -> list[Due]:
    """What a unit delivers, each for the last period that is over. Two questions, however many there are."""
    return due_in_all([unit], on=on, person=person, by_hand=by_hand)


def due_in_all(units: Sequence[Unit], *, on: date, person, by_hand: bool = True) -> list[Due]:
    series = (
        Series.objects.living(on)
        .filter(unit__in=[unit.pk for unit in units], indicator__state=Indicator.IN_USE)
        .filter(indicator__in=Indicator.objects.visible_to(person))
        .select_related("indicator__focus_area", "unit")
        .order_by("indicator__focus_area__order", "indicator__title_key", "pk")
    )
    if by_hand:
        series = series.filter(indicator__is_imported=False)
    found = list(series)
    starts = {each.pk: latest_ended(on, each.indicator.frequency) for each in found}
    latest = _latest_two(found)
    return [_due(each, starts[each.pk], latest.get(each.pk, [])) for each in found]


def units_led(person) -> list[Unit]:
    """The units that a person leads, as holder or deputy."""
    leads = Position.objects.filter(pk__in=authority_of(person).positions, leads=True).values("unit")
    return list(Unit.objects.filter(pk__in=leads).order_by("path"))


def figures_to_come(person, on: date) -> list[dict]:
    """What the units that a person leads have yet to deliver: one line for each unit and period, never one a figure.

    In the shape of `items.queries.deadlines_of`. The day is that of the figure that is due first.
    """
    waiting: defaultdict[tuple[Unit, str], list[date]] = defaultdict(list)
    units = units_led(person)
    for each in due_in_all(units, on=on, person=person) if units else ():
        if each.stands is None:
            waiting[each.series.unit, each.period].append(each.day)
    return [_in_words(unit, period, days, on) for (unit, period), days in waiting.items()]


def _in_words(unit: Unit, period: str, days: list[date], on: date) -> dict:
    words = ngettext("%(n)s figure of %(unit)s, %(period)s", "%(n)s figures of %(unit)s, %(period)s", len(days))
    what = words % {"n": len(days), "unit": unit.name, "period": period}
    day = min(days)
    return {"due": day, "what": what, "url": reverse("scorecard:enter", args=[unit.pk]), "days": (day - on).days}


def _latest_two(series: list[Series]) -> dict[int, list[Measurement]]:
    rows = Measurement.objects.standing().filter(series__in=[each.pk for each in series])
    found: dict[int, list[Measurement]] = {}
    for row in rows.filter(start__gte=date.today() - timedelta(days=5 * 366)).order_by("-start"):
        found.setdefault(row.series_id, []).append(row)
    return found


def _due(series: Series, start: date, rows: list[Measurement]) -> Due:
    stands = next((row for row in rows if row.start == start), None)
    before = next((row for row in rows if row.start < start), None)
    return Due(series, start, stands, before)


def units_to_enter(person) -> list[Unit]:
    """The units whose figures a person enters, those first that are the own."""
    measured = Series.objects.values("unit")
    return list(units_where(person, "measurement.enter").filter(Q(pk__in=measured)).order_by("path")[:200])
