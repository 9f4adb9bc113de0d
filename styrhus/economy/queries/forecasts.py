"""What has been forecast, and who has not said anything yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from styrhus.economy.models import Forecast
from styrhus.economy.queries.money import Money, Year
from styrhus.organisation.models import Unit


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


def is_delivered(forecast: Forecast | None, of: Year) -> bool:
    return forecast is not None and forecast.month >= of.last_month


def with_forecasts(below: Sequence[tuple[Unit, Money]], of: Year) -> list[tuple[Unit, Money, Forecast | None, bool]]:
    """The units with their money, the newest forecast, and whether that is of the last month booked."""
    found = newest_of((unit for unit, _money in below), of)
    return [(unit, money, found.get(unit.pk), is_delivered(found.get(unit.pk), of)) for unit, money in below]
