"""How an indicator has gone in a unit, and how the units below compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator, Measurement, Series, Withheld
from styrhus.scorecard.periods import in_words, latest_ended, next_after
from styrhus.scorecard.queries.results import Aims, Result, aims, judged, results, sees_small
from styrhus.scorecard.status import Aim, Status

YEARS_BACK = 10
COMPARED = 60


@dataclass(frozen=True)
class Told:
    """One period as it is shown beside the chart."""

    period: str
    value: Decimal | None
    target: str
    status: Status
    units: int


@dataclass(frozen=True)
class Figures:
    indicator: Indicator
    unit: Unit
    units: Sequence[Unit]
    trend: Sequence[Result]
    # Year → (unit, indicator) → what is aimed at, of the unit and of those that it is compared by.
    aimed: dict[int, Aims]
    expected: int
    is_fresh: bool

    @property
    def aims(self) -> dict[int, Aim]:
        """Year → what the unit itself aims at."""
        key = self.unit.pk, self.indicator.pk
        return {year: of_year[key] for year, of_year in self.aimed.items() if key in of_year}

    @property
    def lines(self) -> list[Told]:
        """The latest period first."""
        return [self._told(each) for each in reversed(self.trend)]

    def _told(self, result: Result) -> Told:
        aim = self.aims.get(result.start.year)
        period = in_words(result.start, self.indicator.frequency)
        value = None if result.value is None else round(result.value, self.indicator.decimals)
        return Told(period, value, target_in_words(aim), judged(result, aim), result.units)


def target_in_words(aim: Aim | None) -> str:
    if aim is None:
        return "–"
    if aim.value is not None:
        return _written(aim.value)
    return _("%(low)s to %(high)s") % {"low": _written(aim.low), "high": _written(aim.high)}


def _written(end: Decimal | None) -> str:
    return "–" if end is None else number_format(f"{end.normalize():f}", force_grouping=True)


def figures_of(indicator: Indicator, person, asked: str, *, on: date) -> Figures:
    """The results of ten years in the unit that is asked for, else in the topmost one that is measured."""
    series = list(Series.objects.filter(indicator=indicator.pk).select_related("unit"))
    units = _places(indicator, series)
    wanted = [unit for unit in units if asked.isdecimal() and unit.pk == int(asked[:18])]
    unit = (wanted or units or [indicator.unit])[0]
    since = date(on.year - YEARS_BACK, 1, 1)
    trend = results([unit], [indicator.pk], since=since, until=on, person=person).get((unit.pk, indicator.pk), [])
    aimed = aims([unit, *_below(indicator, unit, units, on)], [indicator], range(since.year, on.year + 1))
    return Figures(indicator, unit, units, trend, aimed, _expected(series, unit, on), _is_fresh(indicator, trend, on))


def _below(indicator: Indicator, above: Unit, measured: Sequence[Unit], on: date) -> list[Unit]:
    """The living units that one is compared by: those right below it, or all where the figure is not added up."""
    living = (each for each in measured if each.since <= on and (each.until is None or each.until >= on))
    return [each for each in living if not indicator.is_added_up or each.parent_id == above.pk][:COMPARED]


def _places(indicator: Indicator, series: Sequence[Series]) -> list[Unit]:
    """The units that have figures of it, and where they are added up the units above them; from the top down."""
    keys = {each.unit_id for each in series}
    if indicator.is_added_up:
        keys.update(pk for each in series for pk in each.unit.path_ids())
    return list(Unit.objects.filter(pk__in=keys).order_by("path"))


def _expected(series: Sequence[Series], unit: Unit, on: date) -> int:
    """How many series of the unit and those below it live on a date."""
    living = (each for each in series if each.since <= on and (each.until is None or each.until >= on))
    return sum(each.unit.path.startswith(unit.path) for each in living)


def _is_fresh(indicator: Indicator, trend: Sequence[Result], on: date) -> bool:
    """Whether the figure that could be in by now is in."""
    if not trend:
        return False
    due = next_after(trend[-1].start, indicator.frequency)
    return due > latest_ended(on - timedelta(days=indicator.days_to_deliver), indicator.frequency)


@dataclass(frozen=True)
class Compared:
    unit: Unit
    period: str
    value: Decimal | None
    aim: Aim | None
    status: Status

    @property
    def target(self) -> str:
        return target_in_words(self.aim)


def units_compared(figures: Figures, person, *, on: date) -> list[Compared]:
    """The units right below one, each with its latest result."""
    indicator, units = figures.indicator, _below(figures.indicator, figures.unit, figures.units, on)
    found = results(units, [indicator.pk], since=date(on.year - 4, 1, 1), until=on, person=person) if units else {}
    latest = {unit: trend[-1] for (unit, _indicator), trend in found.items()}
    return [_compared(indicator, unit, latest[unit.pk], figures.aimed) for unit in units if unit.pk in latest]


def _compared(indicator: Indicator, unit: Unit, result: Result, aimed: dict[int, Aims]) -> Compared:
    aim = aimed[result.start.year].get((unit.pk, indicator.pk))
    value = None if result.value is None else round(result.value, indicator.decimals)
    period = in_words(result.start, indicator.frequency)
    return Compared(unit, period, value, aim, judged(result, aim))


def history_of(indicator: Indicator, unit: Unit, person) -> list[Measurement]:
    """The latest figures entered in the unit itself, corrected ones too: who wrote what, when."""
    rows = Measurement.objects.filter(series__indicator=indicator.pk, series__unit=unit.pk).select_related("by")
    if indicator.min_respondents and not sees_small(person, [unit]):
        kept = Withheld.objects.filter(indicator=indicator.pk, unit=unit.pk).values("start")
        rows = rows.exclude(start__in=kept)
    return list(rows.order_by("-at", "-pk")[:10])
