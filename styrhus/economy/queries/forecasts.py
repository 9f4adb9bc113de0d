"""What has been forecast, and who has not said anything yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean

from styrhus.economy.models import Answer, Forecast
from styrhus.economy.queries.money import FAR_OFF, WHOLE_YEAR, Money, Year, by_unit, year_asked
from styrhus.organisation.models import Appointment, Unit
from styrhus.planning.models import Measure


def newest_of(units: Iterable[Unit], of: Year) -> dict[int, Forecast]:
    """Unit → its newest forecast of the year."""
    found = Forecast.objects.filter(unit__in=[unit.pk for unit in units], year=of.year)
    return {each.unit_id: each for each in found.order_by("month", "pk")}


@dataclass(frozen=True)
class Earlier:
    """A forecast as it was given; `missed` is how far the year came from it, when the year is over."""

    forecast: Forecast
    missed: int | None


def earlier(unit: Unit, outcomes: dict[int, int]) -> Sequence[Earlier]:
    """The forecasts of a unit, the newest first. `outcomes`: year → what it came to, of years that are over."""
    found = Forecast.objects.filter(unit=unit).select_related("by")[:24]
    return [Earlier(each, outcomes[each.year] - each.amount if each.year in outcomes else None) for each in found]


@dataclass(frozen=True)
class Told:
    """A unit of the roll-up. `expected`: its own forecast, else what those below come to, else what is computed."""

    unit: Unit
    money: Money
    forecast: Forecast | None
    is_delivered: bool
    expected: int
    depth: int
    leaders: str = ""

    @property
    def deviation(self) -> int:
        return self.expected - self.money.budget

    @property
    def is_far_off(self) -> bool:
        return bool(self.money.budget) and self.deviation > abs(self.money.budget) * FAR_OFF


def rolled_up(units: Sequence[Unit], of: Year) -> list[Told]:
    """The units in the order of the tree, each with what the year is expected to come to."""
    money = dict(by_unit(units, of))
    newest = newest_of(money, of)
    leaders = _leaders(money)
    top = min((unit.depth for unit in money), default=0)
    expected = expected_of(money, newest)
    return [
        Told(
            unit,
            money[unit],
            newest.get(unit.pk),
            is_delivered(newest.get(unit.pk), of),
            expected[unit.pk],
            unit.depth - top,
            leaders.get(unit.pk, ""),
        )
        for unit in money
    ]


def expected_of(money: Mapping[Unit, Money], newest: Mapping[int, Forecast]) -> dict[int, int]:
    """Unit → its forecast; without one, what is computed, with the forecasts nearest below in the place of theirs."""
    more: dict[int, int] = {unit.pk: 0 for unit in money}
    found: dict[int, int] = {}
    # Those the farthest down first.
    for unit, stands in sorted(money.items(), key=lambda pair: -pair[0].depth):
        given = newest.get(unit.pk)
        found[unit.pk] = given.amount if given else stands.expected + more[unit.pk]
        if unit.parent_id in more:
            more[unit.parent_id] += found[unit.pk] - stands.expected
    return found


def _leaders(units: Iterable[Unit]) -> dict[int, str]:
    """Unit → who leads it now."""
    leading = Appointment.objects.in_force(date.today()).filter(
        position__leads=True, position__unit__in=[unit.pk for unit in units]
    )
    return {each.position.unit_id: str(each.person) for each in leading.select_related("position", "person")}


@dataclass(frozen=True)
class Hit:
    """How far the forecasts of a month were from what the year came to, in per cent of the budget, on average."""

    year: int
    month: int
    given: int
    missed: float
    computed: float


def hits(units: Sequence[Unit], of: Year) -> list[Hit]:
    """Of last year, when it is over: the forecasts of these units by the month they were given with."""
    last = year_asked(str(of.year - 1), "", "", this_year=of.year)
    if last.year != of.year - 1 or last.last_month < WHOLE_YEAR:
        return []
    given = list(Forecast.objects.filter(unit__in=[unit.pk for unit in units], year=last.year).exclude(budget=0))
    outcomes = {unit.pk: money.accounts for unit, money in by_unit(units, last)} if given else {}
    by_month: dict[int, list[Forecast]] = {}
    for each in given:
        if each.unit_id in outcomes:
            by_month.setdefault(each.month, []).append(each)
    return [
        Hit(
            last.year,
            month,
            len(found),
            mean(_missed(each.amount, outcomes[each.unit_id], each.budget) for each in found),
            mean(_missed(each.computed, outcomes[each.unit_id], each.budget) for each in found),
        )
        for month, found in sorted(by_month.items())
    ]


def _missed(said: int, outcome: int, budget: int) -> float:
    return abs(outcome - said) * 100 / abs(budget)


def is_far_off(forecast: Forecast) -> bool:
    """More is expected than the limit beyond what is granted."""
    return forecast.deviation > abs(forecast.budget) * FAR_OFF


def measures_of(unit: Unit, of: Year, person) -> list[Measure]:
    """What is done because of the unit's forecasts of the year, as far as the person may see it."""
    answering = Answer.objects.filter(forecast__unit=unit, forecast__year=of.year).values("measure")
    return list(Measure.objects.visible_to(person).filter(pk__in=answering).order_by("due", "pk"))


def is_delivered(forecast: Forecast | None, of: Year) -> bool:
    return forecast is not None and forecast.month >= of.last_month


def with_forecasts(below: Sequence[tuple[Unit, Money]], of: Year) -> list[tuple[Unit, Money, Forecast | None, bool]]:
    """The units with their money, the newest forecast, and whether that is of the last month booked."""
    found = newest_of((unit for unit, _money in below), of)
    return [(unit, money, found.get(unit.pk), is_delivered(found.get(unit.pk), of)) for unit, money in below]
