"""Questions about owner health. Everything here counts only what the reader may see."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from styrhus.assurance.models import OwnerHealth
from styrhus.items.keeping import CAUSES, KEPT, found_by_cause, with_cause
from styrhus.items.models import Item
from styrhus.organisation.access import authority_of, units_where, within_reach
from styrhus.organisation.models import Unit

SEE = "assurance.view"
# A part of the organisation with more open things than this is shown as it was counted last night.
COUNTED_AT_ONCE = 20_000


@dataclass(frozen=True)
class Health:
    """How many open things a part of the organisation answers for, and for how many of them each cause holds."""

    things: int
    vacant: int = 0
    never: int = 0
    late: int = 0

    @property
    def findings(self) -> int:
        return self.vacant + self.never + self.late

    @property
    def kept(self) -> int:
        return self.things - self.findings

    @property
    def share(self) -> int | None:
        """Whole percent that is kept, rounded: 100 only when nothing is found. None where there is nothing."""
        if not self.things:
            return None
        return min((200 * self.kept + self.things) // (2 * self.things), 99 if self.findings else 100)


def looked_after(person) -> QuerySet:
    """The open things that a person may see and is to look after."""
    return Item.objects.visible_to(person).filter(within_reach(person, SEE), ended__isnull=True)


def answered_for(person, on: date) -> QuerySet:
    """The same, each with its `cause`."""
    return with_cause(looked_after(person), on)


def findings(person, on: date) -> QuerySet:
    return answered_for(person, on).exclude(cause=KEPT)


def gravest(things: QuerySet, on: date, cause: str, most: int) -> list[int]:
    """The keys of the first findings among open things: the gravest cause first, then by unit and deadline."""
    keys: list[int] = []
    for part in found_by_cause(things, on, cause):
        if len(keys) < most:
            keys += part.values_list("pk", flat=True)[: most - len(keys)]
    return keys


def to_confirm(person, on: date) -> QuerySet:
    """What the person answers for and has not stood by: never, or not for two periods."""
    mine = Item.objects.visible_to(person).filter(responsible__in=authority_of(person).positions, ended__isnull=True)
    return with_cause(mine, on).exclude(cause=KEPT).order_by("due", "pk")


def tops(person) -> list[Unit]:
    """The highest units of a person's reach: what lies under another of them is left out."""
    found: list[Unit] = []
    for unit in units_where(person, SEE).filter(path__in=[grant.path for grant in authority_of(person).having(SEE)]):
        if not any(unit.path.startswith(above.path) for above in found):
            found.append(unit)
    return found


@dataclass(frozen=True)
class Overview:
    """The health of a unit and of each unit right under it with all below, by key. `counted`: the day, if not now."""

    by_unit: dict[int, Health]
    counted: date | None = None


def overview_of(person, on: date, within: Unit) -> Overview:
    """Counted now for who has a part to look after; the whole of a large municipality as it was counted last night."""
    kept = last_count(within) if may_see_trend(person, within) else []
    if sum(row.things for row in kept) <= COUNTED_AT_ONCE:
        return Overview(health_by_unit(person, on, within))
    numbers = [
        (row.unit_id, cause, getattr(row, cause) if cause else row.things - row.vacant - row.never - row.late)
        for row in kept
        for cause in (*CAUSES, KEPT)
    ]
    return Overview(_summed(within, numbers), kept[0].counted)


def last_count(within: Unit) -> list[OwnerHealth]:
    """The last count of a unit and all below."""
    newest = OwnerHealth.objects.order_by("-week").values("week")[:1]
    return list(OwnerHealth.objects.filter(week=newest, unit__in=Unit.objects.below(within).values("pk")))


def health_by_unit(person, on: date, within: Unit) -> dict[int, Health]:
    """The health of a unit and of each unit right under it with all below, by key: one statement, then summed."""
    rows = (
        answered_for(person, on)
        .filter(unit__in=Unit.objects.below(within).values("pk"))
        .order_by()
        .values("unit", "cause")
        .annotate(number=Count("pk"))
        .values_list("unit", "cause", "number")
    )
    return _summed(within, rows)


def _summed(within: Unit, numbers: Iterable[tuple[int, str, int]]) -> dict[int, Health]:
    """Unit, cause and number: added up along the tree."""
    paths = dict(Unit.objects.below(within).values_list("pk", "path"))
    wanted = {within.pk, *(pk for pk, path in paths.items() if path.count("/") == within.path.count("/") + 1)}
    totals: dict[int, Counter] = {pk: Counter() for pk in wanted}
    for unit, cause, number in numbers:
        for above in wanted.intersection(int(part) for part in paths[unit].split("/") if part):
            totals[above]["things"] += number
            totals[above][cause] += number
    return {pk: Health(total["things"], *(total[cause] for cause in CAUSES)) for pk, total in totals.items()}


def may_see_trend(person, unit: Unit) -> bool:
    """A role in one field sees its own things only, and the kept weeks do not tell them apart."""
    return any(unit.path.startswith(grant.path) and not grant.field for grant in authority_of(person).having(SEE))


def trend(unit: Unit, since: date) -> list[dict]:
    """The weeks since a day for a unit and all below: the week, and its health as the tree is today."""
    rows = (
        OwnerHealth.objects.filter(unit__in=Unit.objects.below(unit).values("pk"), week__gte=since)
        .order_by("week")
        .values("week")
        .annotate(things=Sum("things"), vacant=Sum("vacant"), never=Sum("never"), late=Sum("late"))
    )
    return [
        {"week": row["week"], "health": Health(row["things"], row["vacant"], row["never"], row["late"])} for row in rows
    ]


def all_by_unit(on: date) -> list[tuple[int, str, int]]:
    """For the whole municipality: unit, cause and how many, without what is exempt."""
    open_things = Item.objects.filter(ended__isnull=True).exclude(openness="exempt")
    counted = with_cause(open_things, on).order_by().values("unit", "cause").annotate(number=Count("pk"))
    return list(counted.values_list("unit", "cause", "number"))
