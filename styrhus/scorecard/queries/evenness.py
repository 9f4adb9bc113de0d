"""Whether the units are steered alike: who measures, who says why, who acts on red, and how far results lie apart."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator, Series
from styrhus.scorecard.periods import latest_ended
from styrhus.scorecard.queries.cards import ON_A_CARD, Line, indicators_on_card, units_judged
from styrhus.scorecard.queries.demands import Demand, demands_in
from styrhus.scorecard.status import JUDGED, Status


@dataclass(frozen=True)
class Share:
    """So many of so many. Of nothing there is no share."""

    n: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.n / self.of) if self.of else None


@dataclass(frozen=True)
class UnitSteered:
    unit: Unit
    measured: Share
    commented: Share
    acted: Share


@dataclass(frozen=True)
class IndicatorSpread:
    """How far apart the units lie; what is kept back is neither least nor most."""

    indicator: Indicator
    measured: Share
    least: Decimal | None
    middle: Decimal | None
    most: Decimal | None
    counts: Sequence[tuple[Status, int]]


def evenness(above: Unit, *, on: date, person) -> tuple[list[UnitSteered], list[IndicatorSpread]]:
    """The units right below one, and the indicators on its card: the same few questions, however many they are."""
    indicators = list(indicators_on_card(above, on.year, person).filter(is_key_figure=False)[:ON_A_CARD])
    lines = units_judged(above, indicators, on=on, person=person)
    expected = _expected([unit for unit, _lines in lines], indicators, on)
    demands = _demands_below([unit for unit, _lines in lines], above, on, person)
    measuring = [(unit, own) for unit, own in lines if expected[unit.pk] or demands[unit.pk]]
    units = [_steered(unit, own, expected[unit.pk], demands[unit.pk], on) for unit, own in measuring]
    spreads = [_spread(each, [own[place] for _unit, own in lines], expected) for place, each in enumerate(indicators)]
    return units, [each for each in spreads if each.measured.of]


def _expected(units: Sequence[Unit], indicators: Sequence[Indicator], on: date) -> defaultdict[int, set[int]]:
    """Unit → the indicators that it, or a unit below it, is to measure."""
    rows = Series.objects.living(on).filter(indicator__in=[each.pk for each in indicators])
    places = {unit.pk for unit in units}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for path, indicator in rows.values_list("unit__path", "indicator"):
        for part in path.strip("/").split("/"):
            if int(part) in places:
                found[int(part)].add(indicator)
    return found


def _demands_below(units: Sequence[Unit], above: Unit, on: date, person) -> defaultdict[int, list[Demand]]:
    below = list(Unit.objects.below(above).living(on))
    found: defaultdict[int, list[Demand]] = defaultdict(list)
    places = {unit.pk for unit in units}
    for demand in demands_in(below, on=on, person=person):
        for key in places.intersection(demand.unit.path_ids()):
            found[key].append(demand)
    return found


def _steered(unit: Unit, lines: Sequence[Line], expected: set[int], demands: Sequence[Demand], on: date) -> UnitSteered:
    told = [each for each in demands if not each.indicator.is_imported]
    red = [each for each in demands if each.is_red]
    return UnitSteered(
        unit,
        Share(sum(_is_fresh(line, on) for line in lines if line.indicator.pk in expected), len(expected)),
        Share(sum(not each.without_comment for each in told), len(told)),
        Share(sum(not each.without_measure for each in red), len(red)),
    )


def _is_fresh(line: Line, on: date) -> bool:
    return line.latest is not None and line.latest.start >= latest_ended(on, line.indicator.frequency)


def _spread(indicator: Indicator, lines: Sequence[Line], expected: defaultdict[int, set[int]]) -> IndicatorSpread:
    values = sorted(line.latest.value for line in lines if line.latest and line.latest.value is not None)
    found = [line.status for line in lines]
    counts = [(status, found.count(status)) for status in JUDGED if status in found]
    asked = sum(indicator.pk in each for each in expected.values())
    measured = Share(sum(line.latest is not None for line in lines), asked)
    if not values:
        return IndicatorSpread(indicator, measured, None, None, None, counts)
    return IndicatorSpread(indicator, measured, values[0], median(values), values[-1], counts)
