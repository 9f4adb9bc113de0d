"""Plans as pictures: bars on a line of years, and the tree of what follows up what. All is worked out on the server."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from styrhus.planning.models import Plan

YEARS = 12
YEAR_WIDTH = 80
WIDTH = YEARS * YEAR_WIDTH
HEAD = 34
ROW = 46
BAR_TOP = 24
BAR = 14
# Names of bars that begin further right than this are written to the left of their end.
TURN_NAMES = WIDTH * 0.55


@dataclass(frozen=True)
class Bar:
    """One plan on the line. All places are whole pixels."""

    plan: Plan
    top: int
    left: int
    width: int
    name_at: int
    is_turned: bool
    began_before: bool
    goes_on: bool
    adopted_at: int | None
    is_too_old: bool

    @property
    def bar_top(self) -> int:
        return self.top + BAR_TOP

    @property
    def name_top(self) -> int:
        return self.top + 17

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def mark(self) -> str:
        """The adoption as a diamond on the bar."""
        at, middle = self.adopted_at, self.bar_top + BAR // 2
        return "" if at is None else f"M{at} {middle - 8}l8 8l-8 8l-8 -8z"

    @property
    def onward(self) -> str:
        """An arrow head past the right edge, for what holds beyond it."""
        return f"M{WIDTH + 3} {self.bar_top}l9 7l-9 7z"

    @property
    def backward(self) -> str:
        return f"M-3 {self.bar_top}l-9 7l9 7z"


@dataclass(frozen=True)
class TimeLine:
    first: int
    bars: list[Bar]
    today_at: int | None

    @property
    def last(self) -> int:
        return self.first + YEARS - 1

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.bars) + 8

    @property
    def years(self) -> list[tuple[int, int]]:
        """Each year and where it begins."""
        return [(self.first + place, place * YEAR_WIDTH) for place in range(YEARS)]


def at(day: date, first: int) -> int:
    """Where a day lies on a line that begins with a year."""
    days = 366 if calendar.isleap(day.year) else 365
    return round((day.year - first + (day.timetuple().tm_yday - 1) / days) * YEAR_WIDTH)


def time_line(plans: Iterable[Plan], first: int, today: date) -> TimeLine:
    bars = [_bar(plan, HEAD + place * ROW, first, today) for place, plan in enumerate(plans)]
    now = at(today, first)
    return TimeLine(first, bars, now if 0 <= now <= WIDTH else None)


def _bar(plan: Plan, top: int, first: int, today: date) -> Bar:
    begins = (plan.first_year - first) * YEAR_WIDTH
    ends = WIDTH + 1 if plan.last_year is None else (plan.last_year + 1 - first) * YEAR_WIDTH
    # What lies outside the line altogether still has its row, with a mark at the edge.
    left, right = min(max(begins, 0), WIDTH - 12), max(min(ends, WIDTH), 12)
    adopted = at(plan.adopted_on, first) if plan.adopted_on else None
    is_turned = left > TURN_NAMES
    return Bar(
        plan=plan,
        top=top,
        left=left,
        width=max(right - left, 12),
        name_at=right if is_turned else left,
        is_turned=is_turned,
        began_before=begins < 0,
        goes_on=ends > WIDTH,
        adopted_at=adopted if adopted is not None and 0 <= adopted <= WIDTH else None,
        is_too_old=plan.is_too_old(today),
    )


@dataclass
class Node:
    """A plan in the hierarchy, as a flat list that a template draws without calling itself."""

    plan: Plan
    newer: Plan | None
    depth: int
    below: int
    # How many branches end with it.
    ends: range = field(default_factory=lambda: range(0))


def trees(plans: Iterable[Plan]) -> tuple[list[Node], list[Node]]:
    """The hierarchy from the plans that begin a line, and the trees of those that follow up nothing though they should.

    Each plan stands once: what is to replace it is told of beside it. What follows up an earlier version hangs under
    the one that holds now.
    """
    plans = list(plans)
    standing, newer = _standing(plans)
    under: dict[int | None, list[Plan]] = {}
    for plan in standing.values():
        above = standing.get(plan.follows_up.series) if plan.follows_up else None
        under.setdefault(above.pk if above and above is not plan else None, []).append(plan)
    tops = under.get(None, [])
    lines = [plan for plan in tops if plan.type.above_id is None or plan.pk in under]
    loose = [plan for plan in tops if plan not in lines]
    return _flat(lines, under, newer), _flat(loose, under, newer)


def _standing(plans: list[Plan]) -> tuple[dict[int, Plan], dict[int, Plan]]:
    """Of each line of versions the one that stands for it, and the one that is to replace that."""
    standing: dict[int, Plan] = {}
    newer: dict[int, Plan] = {}
    for plan in sorted(plans, key=lambda each: (each.is_under_work, -each.first_year)):
        if plan.series not in standing:
            standing[plan.series] = plan
        elif plan.is_under_work:
            newer[standing[plan.series].pk] = plan
    order = {plan.pk: place for place, plan in enumerate(plans)}
    return dict(sorted(standing.items(), key=lambda pair: order[pair[1].pk])), newer


def _flat(tops: list[Plan], under: dict, newer: dict) -> list[Node]:
    nodes: list[Node] = []
    waiting = [(plan, 0) for plan in reversed(tops)]
    while waiting:
        plan, depth = waiting.pop()
        below = under.get(plan.pk, [])
        nodes.append(Node(plan, newer.get(plan.pk), depth, len(below)))
        waiting += [(each, depth + 1) for each in reversed(below)]
    depths = [node.depth for node in nodes] + [0]
    for place, node in enumerate(nodes):
        node.ends = range(max(depths[place] - depths[place + 1], 0))
    return nodes
