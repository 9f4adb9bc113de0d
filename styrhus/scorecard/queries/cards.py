"""What stands on a scorecard: the indicators of a unit, by focus area and goal, with trend, target and status."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from styrhus.items.models import Link
from styrhus.organisation.models import Unit
from styrhus.planning.models import Measure
from styrhus.scorecard.models import FocusArea, Indicator, Measurement, ScorecardGoal, Series
from styrhus.scorecard.periods import APART, Frequency, in_words, later, latest_ended
from styrhus.scorecard.queries.focus import goals_on_card, holding, line_of
from styrhus.scorecard.queries.indicators import target_in_words
from styrhus.scorecard.queries.results import Result, aims, judged, results
from styrhus.scorecard.status import JUDGED, Aim, Status, worst

# A card is one screen: what is more is in the register.
ON_A_CARD = 60
POINTS = 6


@dataclass(frozen=True)
class Line:
    """An indicator on a card: its latest result against what was aimed at that year, and the results before it."""

    indicator: Indicator
    trend: Sequence[Result]
    aim: Aim | None
    status: Status
    period: str
    # What the unit itself wrote about the result, and the open measures that follow it up.
    comment: str = ""
    measures: Sequence[Measure] = ()

    @property
    def target(self) -> str:
        return target_in_words(self.aim)

    @property
    def latest(self) -> Result | None:
        return self.trend[-1] if self.trend else None


@dataclass(frozen=True)
class GoalOnCard:
    """A goal that is followed: as good as the worst of what measures it."""

    followed: ScorecardGoal
    status: Status | None

    def is_about(self, unit: Unit) -> bool:
        """A goal of another unit stands on the card only where it is measured; its own and the common ones always."""
        return bool(self.status) or self.followed.is_common or self.followed.goal.unit_id == unit.pk


@dataclass
class AreaOnCard:
    """What stands under one focus area; `area` is None for what no area has been chosen for."""

    area: FocusArea | None
    lines: list[Line] = field(default_factory=list)
    goals: list[GoalOnCard] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[Status, int]]:
        """How many stand how: a focus area shows the distribution, never a mean of colours."""
        found = [line.status for line in self.lines]
        return [(status, found.count(status)) for status in (*JUDGED, Status.MISSING) if status in found]


def indicators_on_card(unit: Unit, year: int, person):
    """Those measured in the unit or below it that are its own, common that year, of a unit above or right below."""
    measured = Series.objects.filter(indicator=OuterRef("pk"), unit__path__startswith=unit.path)
    own = Q(unit__in=unit.path_ids()) | Q(unit__parent=unit)
    common = Exists(ScorecardGoal.objects.of_year(year).filter(goal=OuterRef("of_goal"), is_common=True))
    found = Indicator.objects.visible_to(person).filter(Exists(measured), own | common, state=Indicator.IN_USE)
    return found.select_related("focus_area", "of_goal").order_by("focus_area__order", "of_goal", "title_key", "pk")


def reach_back(on: date, frequencies: Iterable[str]) -> date:
    """The first day of what a trend shows."""
    longest = max((APART[Frequency(each)] for each in frequencies), default=12)
    return later(on, -longest * (POINTS + 1))


def lines_of(unit: Unit, indicators: Sequence[Indicator], *, on: date, person) -> list[Line]:
    keys = [each.pk for each in indicators]
    since = reach_back(on, {each.frequency for each in indicators})
    found = results([unit], keys, since=since, until=on, person=person)
    aimed = aims([unit], indicators, _years(found.values(), on))
    return [_line(unit, each, found.get((unit.pk, each.pk), []), aimed, on) for each in indicators]


def _years(trends, on: date) -> set[int]:
    return {trend[-1].start.year for trend in trends} | {on.year}


def _line(unit: Unit, indicator: Indicator, trend: list[Result], aimed, on: date) -> Line:
    awaited = latest_ended(on, indicator.frequency)
    start = trend[-1].start if trend else awaited
    aim = aimed[start.year].get((unit.pk, indicator.pk)) if start.year in aimed else None
    status = judged(trend[-1] if trend else None, aim)
    return Line(indicator, trend[-POINTS:], aim, status, in_words(start, indicator.frequency))


def answered(unit: Unit, lines: Sequence[Line], person) -> list[Line]:
    """The lines with what was said of their latest result and what is done about it; of what is kept back, nothing."""
    shown = {line.indicator.pk: line.latest for line in lines if line.latest and not line.latest.is_withheld}
    rows = Measurement.objects.standing().filter(series__unit=unit, series__indicator__in=shown).exclude(note="")
    told = rows.filter(start__in={each.start for each in shown.values()})
    notes = {(key, start): note for key, start, note in told.values_list("series__indicator", "start", "note")}
    done = _measures_about(unit, shown, person)
    return [
        replace(line, comment=notes.get((line.indicator.pk, line.latest.start), ""), measures=done[line.indicator.pk])
        if line.indicator.pk in shown and line.latest
        else line
        for line in lines
    ]


def _measures_about(unit: Unit, keys: Collection[int], person) -> defaultdict[int, list[Measure]]:
    """The open measures of the unit, of one above it or one below it, by the indicator that they follow up."""
    near = Q(unit__in=unit.path_ids()) | Q(unit__path__startswith=unit.path)
    seen = Measure.objects.visible_to(person).filter(near, ended__isnull=True)
    linked = seen.filter(links_out__kind=Link.Kind.FOLLOWS_UP, links_out__target__in=list(keys))
    found: defaultdict[int, list[Measure]] = defaultdict(list)
    for measure in linked.annotate(about=F("links_out__target")).order_by("pk") if keys else ():
        found[measure.about].append(measure)
    return found


def card(unit: Unit, *, on: date, person) -> tuple[list[AreaOnCard], bool]:
    """The scorecard of a unit by focus area; and whether there are more indicators than it shows."""
    found = list(indicators_on_card(unit, on.year, person)[: ON_A_CARD + 1])
    lines = answered(unit, lines_of(unit, found[:ON_A_CARD], on=on, person=person), person)
    standing = holding(on.year)
    areas = {
        area.pk: AreaOnCard(area) for area in sorted(set(standing.values()), key=_by_order) if area.holds_in(on.year)
    }
    outside = AreaOnCard(None)
    for line in lines:
        if line.indicator.focus_area_id:
            area = standing[line.indicator.focus_area_id]
            areas.setdefault(area.pk, AreaOnCard(area)).lines.append(line)
        else:
            outside.lines.append(line)
    for goal in (_judged(followed, lines) for followed in goals_on_card(unit, on.year, person)):
        if goal.is_about(unit):
            area = standing[goal.followed.focus_area_id]
            areas.setdefault(area.pk, AreaOnCard(area)).goals.append(goal)
    return [*areas.values(), *([outside] if outside.lines else [])], len(found) > ON_A_CARD


def _by_order(area: FocusArea) -> tuple[int, int]:
    return area.order, area.pk


def _judged(followed: ScorecardGoal, lines: Iterable[Line]) -> GoalOnCard:
    own = [line for line in lines if line.indicator.of_goal_id == followed.goal_id]
    return GoalOnCard(followed, worst(line.status for line in own if not line.indicator.is_key_figure))


def heat(area: FocusArea, above: Unit, *, on: date, person) -> tuple[list[Indicator], list[tuple[Unit, list[Line]]]]:
    """The units right below one, each with a status for every indicator of a focus area."""
    same = line_of(area, on.year)
    asked = indicators_on_card(above, on.year, person).filter(focus_area__in=same, is_key_figure=False)
    indicators = list(asked[:ON_A_CARD])
    return indicators, units_judged(above, indicators, on=on, person=person)


def units_judged(above: Unit, indicators: Sequence[Indicator], *, on: date, person) -> list[tuple[Unit, list[Line]]]:
    """The units right below one, each with a line for every indicator, in the same order."""
    units = list(Unit.objects.filter(parent=above).living(on).order_by("path"))
    keys = [each.pk for each in indicators]
    since = later(on, -APART[Frequency.FOUR_YEARLY] - 12)
    found = results(units, keys, since=since, until=on, person=person) if units and keys else {}
    aimed = aims(units, indicators, _years(found.values(), on))
    return [(unit, [_cell(unit, each, found, aimed, on) for each in indicators]) for unit in units]


def _cell(unit, indicator, found, aimed, on) -> Line:
    return _line(unit, indicator, found.get((unit.pk, indicator.pk), []), aimed, on)
