"""An indicator beside the same one in other municipalities: median, quartiles and rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from styrhus.organisation.models import Unit, UnitKind
from styrhus.scorecard.models import ComparisonGroup, Indicator, Municipality, OthersFigure
from styrhus.scorecard.periods import in_words
from styrhus.scorecard.queries.results import Result, results
from styrhus.scorecard.standing import Rank, rank
from styrhus.scorecard.status import Direction

YEARS_BACK = 10
# The quartiles lie between the two nearest figures where they meet none (PERCENTILE.INC of a spreadsheet).
SPREAD = """
    SELECT start, count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY value)
    FROM scorecard_othersfigure
    WHERE indicator_id = %s AND municipality_id = ANY(%s) AND start >= %s AND replaced_in IS NULL
    GROUP BY start ORDER BY start
"""


@dataclass(frozen=True)
class Spread:
    """One period: the figure of our own and what those of the group come to."""

    start: date
    period: str
    own: Decimal | None
    is_loaded: bool
    lower: Decimal
    median: Decimal
    upper: Decimal
    count: int
    missing: int


@dataclass(frozen=True)
class Placed:
    """One municipality in the period that is looked at."""

    place: int
    name: str
    value: Decimal
    is_own: bool
    source: str


@dataclass(frozen=True)
class Comparison:
    """`spreads` the earliest first; what follows is about the period that is `chosen`."""

    indicator: Indicator
    group: ComparisonGroup | None
    groups: Sequence[ComparisonGroup]
    spreads: Sequence[Spread]
    chosen: Spread | None
    rank: Rank | None
    placed: Sequence[Placed]

    @property
    def latest_first(self) -> list[Spread]:
        return list(reversed(self.spreads))

    @property
    def has_direction(self) -> bool:
        """Whether one end is the better one, so that the first place is the best."""
        return self.indicator.direction != Direction.INTERVAL and not self.indicator.is_key_figure


def has_others(indicator: Indicator) -> bool:
    return OthersFigure.objects.filter(indicator=indicator.pk, replaced_in=None).exists()


def compared(indicator: Indicator, person, *, group: str = "", period: str = "", on: date) -> Comparison:
    """`group` is its key, or nothing for all with figures; `period` a first day, or nothing for the latest."""
    groups = list(ComparisonGroup.objects.all())
    asked = next((each for each in groups if str(each.pk) == group), None)
    members = list(asked.others() if asked else _all_with_figures(indicator))
    spreads = _spreads(indicator, members, person, on)
    with_own = [each for each in spreads if each.own is not None] or spreads
    chosen = next((each for each in spreads if each.start.isoformat() == period), with_own[-1] if with_own else None)
    figures = _figures(indicator, members, chosen)
    stands = None
    if chosen and chosen.own is not None:
        stands = rank(chosen.own, [each.value for each in figures], _direction(indicator))
    return Comparison(indicator, asked, groups, spreads, chosen, stands, _placed(indicator, figures, chosen))


def _all_with_figures(indicator: Indicator):
    return Municipality.objects.filter(
        is_own=False, pk__in=OthersFigure.objects.filter(indicator=indicator.pk).values("municipality")
    )


def _spreads(indicator: Indicator, members: Sequence[Municipality], person, on: date) -> list[Spread]:
    since = date(on.year - YEARS_BACK, 1, 1)
    own, loaded = _own(indicator, person, since, on), _own_loaded(indicator)
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [indicator.pk, [each.pk for each in members], since])
        rows = cursor.fetchall()
    found = []
    for start, count, parts in rows:
        lower, median, upper = (Decimal(str(round(part, 6))) for part in parts)
        # A figure that is kept back is not found by another way.
        value = own[start].value if start in own else loaded.get(start)
        value = None if value is None else round(value, indicator.decimals)
        words = in_words(start, indicator.frequency)
        is_loaded = start not in own and start in loaded
        found.append(Spread(start, words, value, is_loaded, lower, median, upper, count, len(members) - count))
    return found


def _own(indicator: Indicator, person, since: date, until: date) -> dict[date, Result]:
    """What we have measured ourselves, for the whole municipality."""
    top = Unit.objects.filter(kind=UnitKind.MUNICIPALITY, parent=None, until=None).first()
    if top is None:
        return {}
    found = results([top], [indicator.pk], since=since, until=until, person=person)
    return {each.start: each for each in found.get((top.pk, indicator.pk), [])}


def _own_loaded(indicator: Indicator) -> dict[date, Decimal]:
    rows = OthersFigure.objects.filter(indicator=indicator.pk, municipality__is_own=True, replaced_in=None)
    return dict(rows.values_list("start", "value"))


def _figures(indicator: Indicator, members: Sequence[Municipality], chosen: Spread | None) -> list[OthersFigure]:
    if chosen is None:
        return []
    rows = OthersFigure.objects.filter(indicator=indicator.pk, municipality__in=members, start=chosen.start)
    return list(rows.filter(replaced_in=None).select_related("municipality"))


def _direction(indicator: Indicator) -> str:
    return Direction.HIGHER if indicator.is_key_figure else indicator.direction


def _placed(indicator: Indicator, figures: Sequence[OthersFigure], chosen: Spread | None) -> list[Placed]:
    rows = [(each.value, str(each.municipality), False, each.source) for each in figures]
    if chosen and chosen.own is not None:
        rows.append((chosen.own, "", True, ""))
    sign = 1 if _direction(indicator) == Direction.LOWER else -1
    rows.sort(key=lambda row: (sign * row[0], not row[2], row[1]))
    values = [value for value, *_more in rows]
    return [Placed(values.index(value) + 1, name, value, own, source) for value, name, own, source in rows]
