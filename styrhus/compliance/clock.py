"""The legal clock: from what has happened, and what is planned, to the days by which things must be done.

Pure functions of rules, facts and days. The law's fixed dates never move; a complaint deadline that ends on a day off
does (fvl. § 30, domstolloven §§ 148–149). The day of the event, or of publication, is not counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from styrhus.compliance.rules import Comparison, Rule, Timing
from styrhus.items.facts import Fact
from styrhus.kit.days import DAY, months_later, working_day_from, working_days_after

NORWAY = ZoneInfo("Europe/Oslo")
HALF_A_YEAR = timedelta(days=182)
# How long before a meeting a publication is still taken to be about that meeting.
BEFORE_A_MEETING = timedelta(days=120)
LAST_DAY = date.max


@dataclass(frozen=True)
class Deadline:
    """One time that a rule falls due.

    `due` is the last day on which it can be done; for `is_earliest` the first (a consultation may not close before it);
    None for what is to be done without undue delay. `anchor` is the day counted from, `window` the days of a fact that
    answers it, `wanted` how many such facts it takes.
    """

    rule: Rule
    occurrence: str
    due: date | None
    anchor: date | None
    window: tuple[date, date]
    label: str = ""
    item: int | None = None
    wanted: int = 1
    is_earliest: bool = False


def deadlines(rules: Iterable[Rule], facts: Sequence[Fact], since: date, until: date) -> list[Deadline]:
    """Every deadline of these rules that falls due from one day to another, both included, the first one first.

    What has no day is there when the fact it counts from lies in that time.
    """
    periods = council_periods(facts)
    found = [each for rule in rules for each in _of_rule(rule, facts, periods, since, until)]
    inside = [each for each in found if since <= (each.due or each.anchor or since) <= until and _holds(each)]
    # On the same day of the same rule they keep the order in which the facts are told.
    return sorted(inside, key=lambda each: (each.due or each.anchor or since, each.rule.id))


def _holds(deadline: Deadline) -> bool:
    began = deadline.rule.valid_from
    return began is None or (deadline.due or deadline.anchor or began) >= began


def _of_rule(rule: Rule, facts, periods, since: date, until: date) -> Iterator[Deadline]:
    kind = rule.timing.type
    if kind == "annual_date":
        yield from _annual(rule, facts, since, until)
    elif kind == "min_per_year":
        yield from _per_year(rule, since, until)
    elif kind == "once_per_council_period":
        yield from _per_period(rule, periods)
    elif kind == "min_duration":
        yield from _durations(rule, facts)
    elif kind == "interval":
        yield from _intervals(rule, facts)
    elif rule.is_dated:
        yield from _from_events(rule, facts, periods)


def _annual(rule: Rule, facts, since: date, until: date) -> Iterator[Deadline]:
    """The occurrence is the year that the rule is about: the budget for 2027 is adopted in 2026."""
    offset = rule.timing.year_offset
    for year in range(since.year - offset, until.year - offset + 1):
        due = date(year + offset, rule.timing.month, rule.timing.day)
        if not rule.needs or any(fact.event == rule.needs and fact.on.year == year for fact in facts):
            yield Deadline(rule, str(year), due, None, (due - HALF_A_YEAR, due + HALF_A_YEAR), str(year))


def _per_year(rule: Rule, since: date, until: date) -> Iterator[Deadline]:
    for year in range(since.year, until.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        yield Deadline(rule, str(year), last, None, (first, last), str(year), wanted=rule.timing.count)


@dataclass(frozen=True)
class Period:
    """From one constituting meeting to the day before the next; `is_known` when that day is registered."""

    began: Fact
    last: date
    is_known: bool

    @property
    def label(self) -> str:
        return f"{self.began.on.year}–{self.last.year}"


def council_periods(facts: Iterable[Fact]) -> list[Period]:
    """Every council period, the first one first. A next meeting that has been held since is no longer planned.

    Where the next one is not registered the period ends before the last day that koml. § 7-1 allows for it.
    """
    held = sorted((fact for fact in facts if fact.event == "constituted"), key=lambda fact: fact.on)
    last = held[-1].on if held else date.min
    planned = [fact for fact in facts if fact.event == "next_constituted" and fact.on.year > last.year]
    meetings = [*held, *sorted(planned, key=lambda fact: fact.on)[:1]]
    found = [Period(one, after.on - DAY, is_known=True) for one, after in pairwise(meetings)]
    if meetings:
        found.append(Period(meetings[-1], date(meetings[-1].on.year + 4, 10, 30), is_known=False))
    return found


def _per_period(rule: Rule, periods: list[Period]) -> Iterator[Deadline]:
    for period in periods:
        if period.began.event == "constituted":
            window = (period.began.on, period.last)
            yield Deadline(rule, period.began.identity, period.last, period.began.on, window, period.label)


def _about(rule: Rule, fact: Fact) -> bool:
    return not rule.about or fact.document_type in rule.about


def _durations(rule: Rule, facts) -> Iterator[Deadline]:
    for fact in facts:
        if fact.event == rule.timing.event and _about(rule, fact):
            yield _from(rule, fact, later(fact.on, rule.timing), is_earliest=True)


def _intervals(rule: Rule, facts) -> Iterator[Deadline]:
    """From the last time it was done to the next: each time begins an interval of its own."""
    done = sorted(
        (fact for fact in facts if fact.event == rule.timing.event and _answer_is_about(rule, fact)),
        key=lambda fact: fact.on,
    )
    for fact in done:
        due = later(fact.on, rule.timing)
        yield Deadline(rule, fact.identity, due, fact.on, (fact.on + DAY, LAST_DAY), str(due.year))


def _from_events(rule: Rule, facts, periods: list[Period]) -> Iterator[Deadline]:
    timing = rule.timing
    if timing.event == "constituted":
        anchors = [(period.began, period.label) for period in periods]
    else:
        anchors = [(fact, "") for fact in facts if fact.event == timing.event and _about(rule, fact)]
    for fact, label in anchors:
        yield _from(rule, fact, _due(timing, fact), label)


def _from(rule: Rule, fact: Fact, due: date | None, label: str = "", *, is_earliest: bool = False) -> Deadline:
    label = label or fact.title or str(fact.on.year)
    window = _window(rule.timing, fact)
    return Deadline(rule, fact.identity, due, fact.on, window, label, fact.item, is_earliest=is_earliest)


def _window(timing: Timing, fact: Fact) -> tuple[date, date]:
    if timing.type == "before_event":
        return fact.on - BEFORE_A_MEETING, fact.on
    # A constituting meeting answers to its own last day.
    return fact.on, LAST_DAY


def _due(timing: Timing, fact: Fact) -> date | None:
    if timing.type == "immediate":
        return None
    if timing.type == "year_end_after_event":
        return date(fact.on.year + timing.year_offset, 12, 31)
    if timing.type == "month_end_of_event_year":
        return months_later(date(fact.on.year, timing.month, 1), 1) - DAY
    if timing.type == "before_event":
        return fact.on - timedelta(days=timing.amount * (7 if timing.unit == "weeks" else 1))
    due = hours_later(fact, timing.amount) if timing.unit == "hours" else later(fact.on, timing)
    return working_day_from(due) if timing.working_day_after else due


def later(day: date, timing: Timing) -> date:
    """So long after a day; that day itself is not counted, and 29 February becomes the 28th where there is none."""
    if timing.unit == "working_days":
        return working_days_after(day, timing.amount)
    if timing.unit in ("months", "years"):
        return months_later(day, timing.amount * (12 if timing.unit == "years" else 1))
    return day + timedelta(days=timing.amount * (7 if timing.unit == "weeks" else 1))


def hours_later(fact: Fact, hours: int) -> date:
    """The last day on which there is time left. Without a time of day it is counted from midnight, to be safe."""
    began = datetime.combine(fact.on, fact.at or time(), NORWAY).astimezone(UTC)
    ends = (began + timedelta(hours=hours)).astimezone(NORWAY)
    return (ends - timedelta(microseconds=1)).date()


def answers(deadline: Deadline, facts: Iterable[Fact]) -> list[Fact]:
    """The facts by which a deadline is met, the first one first."""
    rule, (first, last) = deadline.rule, deadline.window
    return sorted(
        (
            fact
            for fact in facts
            if fact.event == rule.answered_by
            and first <= fact.on <= last
            and _answer_is_about(rule, fact)
            and _same_subject(deadline, fact)
        ),
        key=lambda fact: fact.on,
    )


def _answer_is_about(rule: Rule, fact: Fact) -> bool:
    return not rule.answer_about or fact.document_type in rule.answer_about


def _same_subject(deadline: Deadline, fact: Fact) -> bool:
    return deadline.item is None or fact.item is None or deadline.item == fact.item


def is_breach(deadline: Deadline, done_on: date) -> bool:
    """Done too late, or, where a time may not be shorter, too early."""
    if deadline.due is None:
        return False
    return done_on < deadline.due if deadline.is_earliest else done_on > deadline.due


Figures = Mapping[str, Decimal | int]
COMPARISONS = {
    "over": lambda figure, limit: figure > limit,
    "at_least": lambda figure, limit: figure >= limit,
    "below": lambda figure, limit: figure < limit,
    "at_most": lambda figure, limit: figure <= limit,
}


def holds(comparisons: Iterable[Comparison], *years: Figures) -> bool:
    """Whether every comparison is true of the figures, for a rule about a plan in each of its years.

    Raises KeyError when a figure is missing, and ZeroDivisionError for a share of nothing.
    """
    return all(_compares(each, figures) for figures in years for each in comparisons)


def _compares(each: Comparison, figures: Figures) -> bool:
    figure = Decimal(figures[each.figure])
    if each.per:
        figure /= Decimal(figures[each.per])
    limit = Decimal(figures[each.than]) if each.than else each.limit
    return COMPARISONS[each.comparison](figure, limit)
