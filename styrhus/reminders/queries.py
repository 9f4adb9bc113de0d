"""Questions about deadlines: what is due for a step, who leads whom, and what a letter may name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef

from styrhus.items.models import FollowUp, Item, Openness
from styrhus.items.queries import answered_for_by, promised_by
from styrhus.organisation.models import Appointment, Position, Unit
from styrhus.organisation.roles import ROLES
from styrhus.reminders.models import Escalation, FiguresAskedFor, Threshold
from styrhus.scorecard.periods import end_of, latest_ended
from styrhus.scorecard.queries.due import Awaited, awaited_of, running


@dataclass(frozen=True)
class Duty:
    """Something with a deadline: an item, a follow-up of one, or the figures that a unit owes."""

    item_id: int | None
    follow_up_id: int | None
    due: date
    responsible_id: int
    what: str
    figures: Awaited | None = None

    @property
    def words(self) -> str:
        return self.figures.words if self.figures else self.what


def untold(step: Threshold, following: Threshold | None, on: date) -> Iterator[Duty]:
    """What has come to this step, not yet to the following one, and is not told of: the latest deadline first."""
    within = {"due__lte": on - timedelta(days=step.days)}
    if following:
        within["due__gt"] = on - timedelta(days=following.days)
    told = Escalation.objects.filter(due=OuterRef("due"), days=step.days)
    items = Item.objects.filter(ended__isnull=True, **within)
    items = items.exclude(Exists(told.filter(item=OuterRef("pk"), follow_up__isnull=True)))
    for pk, due, responsible in items.order_by("-due", "pk").values_list("pk", "due", "responsible"):
        if due:
            yield Duty(pk, None, due, responsible, "")
    promises = FollowUp.objects.open().filter(item__ended__isnull=True, **within)
    promises = promises.exclude(Exists(told.filter(follow_up=OuterRef("pk"))))
    rows = promises.order_by("-due", "pk").values_list("item", "pk", "due", "responsible", "what")
    yield from (Duty(*row) for row in rows)


def untold_figures(
    step: Threshold, following: Threshold | None, on: date, waiting: Iterable[Awaited], line: "Line"
) -> Iterator[Duty]:
    """The same of figures, which who leads the unit answers for."""
    last = on - timedelta(days=step.days)
    first = on - timedelta(days=following.days) if following else date.min
    come = [each for each in waiting if first < each.due <= last]
    rows = FiguresAskedFor.objects.filter(days=step.days, due__in={each.due for each in come})
    told = set(rows.values_list("unit", "frequency", "due"))
    for each in come:
        position = line.leading_position(each.unit_id)
        if position and (each.unit_id, each.frequency, each.due) not in told:
            yield Duty(None, None, each.due, position, "", each)


class Line:
    """Who holds which position and who leads whom on a date: three questions, whatever the size of the municipality."""

    def __init__(self, on: date):
        positions = Position.objects.filter(since__lte=on).exclude(until__lt=on)
        self.paths = {unit.pk: unit.path_ids() for unit in Unit.objects.only("pk", "path")}
        self.units: dict[int, int] = {}
        self.leading: dict[int, int] = {}
        for pk, unit, leads in positions.values_list("pk", "unit", "leads"):
            self.units[pk] = unit
            if leads:
                self.leading[unit] = pk
        held = Appointment.objects.in_force(on).filter(person__is_active=True).order_by("-kind", "-start")
        # The last one written is the first who answers: a deputy before the permanent holder.
        self.holders = dict(held.values_list("position", "person"))

    def holder(self, position: int) -> int | None:
        """The person who answers in a position; nobody in one that is closed."""
        return self.holders.get(position) if position in self.units else None

    def leading_position(self, unit: int) -> int | None:
        """The position that leads a unit, or the nearest above where nobody is to lead it."""
        return next((self.leading[key] for key in reversed(self.paths.get(unit, [])) if key in self.leading), None)

    def leader_of(self, position: int) -> int | None:
        """The nearest leader above a position: of its own unit, or of the unit above for who leads it."""
        unit = self.units.get(position)
        if unit is None:
            unit = Position.objects.filter(pk=position).values_list("unit", flat=True).first()
        oneself = self.holder(position)
        for above in reversed(self.paths.get(unit or 0, [])):
            leading = self.leading.get(above)
            leader = self.holder(leading) if leading and leading != position else None
            if leader and leader != oneself:
                return leader
        return None


def to_be_told(line: Line, step: Threshold, position: int) -> int | None:
    """The person that a step tells: an empty position has nobody to remind, so its leader is told at once."""
    if step.to == Threshold.To.RESPONSIBLE:
        return line.holder(position) or line.leader_of(position)
    return line.leader_of(position)


class Naming:
    """What a letter may name. A letter travels open and lies about: nothing exempt is named in it, whoever may see it.

    What is internal is named to employees and to who answers for it. One question for all the readers.
    """

    def __init__(self, people: list[int], on: date):
        rows = (
            Appointment.objects.in_force(on)
            .filter(person__in=people)
            .values_list("person", "position", F("position__roles__role"))
        )
        self.staff: set[int] = set()
        self.positions: set[tuple[int, int]] = set()
        for person, position, role in rows:
            self.positions.add((person, position))
            if role in ROLES and "item.view_internal" in ROLES[role].within:
                self.staff.add(person)

    def may_name(self, item: Item, person: int) -> bool:
        if item.openness != Openness.INTERNAL:
            return item.openness == Openness.OPEN
        return person in self.staff or (person, item.responsible_id) in self.positions


@dataclass(frozen=True)
class Entry:
    """What stands on a day in a calendar; `what` is empty where it is exempt, and then it is not named."""

    uid: str
    what: str
    due: date
    url: str
    version: int
    changed: datetime


def calendar_of(person) -> list[Entry]:
    items = list(answered_for_by(person).filter(due__isnull=False)[:2_000])
    promises = list(promised_by(person).select_related("item")[:2_000])
    lines = [(f"item-{item.pk}", item, item.title, item.due, item.version) for item in items]
    lines += [(f"follow-up-{row.pk}", row.item, row.what, row.due, 0) for row in promises]
    named = [
        Entry(
            uid, "" if item.openness == Openness.EXEMPT else what, due, item.get_absolute_url(), version, item.updated
        )
        for uid, item, what, due, version in lines
    ]
    return named + [_figures(each) for each in _figures_to_deliver(person)]


def _figures_to_deliver(person) -> list[Awaited]:
    """Those that are asked for, and the next ones too: a calendar is looked at ahead."""
    return [each for period in (latest_ended, running) for each in awaited_of(person, date.today(), period)]


def _figures(awaited: Awaited) -> Entry:
    over = datetime.combine(end_of(awaited.start, awaited.frequency), time(), UTC)
    uid = f"figures-{awaited.unit_id}-{awaited.frequency}-{awaited.start:%Y%m%d}"
    return Entry(uid, awaited.words, awaited.due, awaited.url, 0, over)
