"""What is to be entered: the series of a unit with the period that is over, and what stands there."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import ngettext

from styrhus.organisation.access import authority_of, units_where
from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator, Measurement, Series
from styrhus.scorecard.periods import Frequency, end_of, in_words, latest_ended, next_after


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


@dataclass(frozen=True)
class Awaited:
    """The figures that a unit has yet to deliver for one period: one thing to do, however many they are."""

    unit_id: int
    unit_name: str
    frequency: str
    start: date
    due: date
    count: int

    @property
    def words(self) -> str:
        words = ngettext("%(n)s figure of %(unit)s, %(period)s", "%(n)s figures of %(unit)s, %(period)s", self.count)
        return words % {"n": self.count, "unit": self.unit_name, "period": in_words(self.start, self.frequency)}

    @property
    def url(self) -> str:
        return reverse("scorecard:enter", args=[self.unit_id])

    @property
    def card_url(self) -> str:
        return reverse("scorecard:unit_scorecard", args=[self.unit_id])


def running(on: date, frequency: str) -> date:
    """The first day of the next period to be measured: its figures have a deadline, though nobody can give them yet."""
    return next_after(latest_ended(on, frequency), frequency)


def due_in(unit: Unit, *, on: date, person, by_hand: bool = True) -> list[Due]:
    """What a unit delivers, each for the last period that is over. Two questions, however many there are."""
    return due_in_all([unit], on=on, person=person, by_hand=by_hand)


def due_in_all(
    units: Sequence[Unit],
    *,
    on: date,
    person,
    by_hand: bool = True,
    period: Callable[[date, str], date] = latest_ended,
) -> list[Due]:
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
    starts = {each.pk: period(on, each.indicator.frequency) for each in found}
    latest = _latest_two(found)
    return [_due(each, starts[each.pk], latest.get(each.pk, [])) for each in found]


def units_led(person) -> list[Unit]:
    """The units that a person leads, as holder or deputy."""
    return list(Unit.objects.filter(pk__in=authority_of(person).leads).order_by("path"))


def figures_to_come(person, on: date, units: Sequence[Unit] | None = None) -> list[dict]:
    """What the units that a person leads have yet to deliver, in the shape of `items.queries.deadlines_of`."""
    found = awaited_of(person, on, units=units)
    return [{"due": each.due, "what": each.words, "url": each.url, "days": (each.due - on).days} for each in found]


def awaited_of(
    person, on: date, period: Callable[[date, str], date] = latest_ended, units: Sequence[Unit] | None = None
) -> list[Awaited]:
    """One for each period of a unit that a person leads. The day is that of the figure that is due first."""
    units = units_led(person) if units is None else units
    waiting: defaultdict[tuple[Unit, str, date], list[date]] = defaultdict(list)
    for each in due_in_all(units, on=on, person=person, period=period) if units else ():
        if each.stands is None:
            waiting[each.series.unit, each.series.indicator.frequency, each.start].append(each.day)
    return [
        Awaited(unit.pk, unit.name, frequency, start, min(days), len(days))
        for (unit, frequency, start), days in waiting.items()
    ]


def awaited_everywhere(on: date) -> Iterator[Awaited]:
    """The same of every unit, one for each day that figures are due on. A question for each frequency.

    Counts alone, which may be told to who leads the unit.
    """
    entered = Measurement.objects.standing().filter(series=OuterRef("pk"))
    asked = Series.objects.living(on).filter(indicator__state=Indicator.IN_USE, indicator__is_imported=False)
    for frequency in Frequency.values:
        start = latest_ended(on, frequency)
        lacking = asked.filter(~Exists(entered.filter(start=start)), indicator__frequency=frequency)
        by_day = lacking.values("unit", name=F("unit__name"), days=F("indicator__days_to_deliver"))
        for row in by_day.annotate(count=Count("pk")).order_by("unit", "days"):
            due = end_of(start, frequency) + timedelta(days=row["days"])
            yield Awaited(row["unit"], row["name"], frequency, start, due, row["count"])


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
