"""What is to be entered: the series of a unit with the period that is over, and what stands there."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from styrhus.organisation.access import units_where
from styrhus.organisation.models import Unit
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
    series = (
        Series.objects.living(on)
        .filter(unit=unit.pk, indicator__state=Indicator.IN_USE)
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
