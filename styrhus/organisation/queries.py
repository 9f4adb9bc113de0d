"""Questions about units, positions and people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import DateField, ExpressionWrapper, F, Prefetch, Q
from django.db.models.functions import Cast

from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.models import Appointment, Person, Position, Preparer, Unit, UnitKind, UnitPeriod

UNIT_COLUMNS = ("name", "kind", "code", "organisation_number", "parent_id", "until")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it stood on a date. `pk` is the unit's key, or a name of one that is only planned."""

    pk: int | str
    name: str
    kind: str
    code: str
    organisation_number: str
    parent_id: int | str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Node:
    """A unit at its place in the tree: how many lie right under it, and how many branches end with it."""

    unit: UnitRow
    depth: int
    below: int
    ends: int


def acting_now() -> Person | None:
    """Who acts on this connection; None for the program itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('styrhus.actor', true), '')::bigint")
        (pk,) = cursor.fetchone()
    return Person.objects.filter(pk=pk).first()


def units_on(on: date) -> list[UnitRow]:
    """Every unit that was there on a date, in Norwegian order. One query."""
    if on == date.today():
        found = Unit.objects.living(on).values_list("pk", *UNIT_COLUMNS)
    else:
        found = UnitPeriod.objects.on(on).values_list("unit_id", *UNIT_COLUMNS)
    return [UnitRow(*row) for row in found.order_by(NorwegianKey("name"), "pk")]


def tree(on: date | None = None) -> list[Node]:
    """The organisation from the top down as it stands today, or as it stood on a date."""
    return arranged(units_on(on or date.today()))


def arranged(units: Iterable[UnitRow]) -> list[Node]:
    """Units in the order of the tree, those side by side in the order they came. The municipality's own line first.

    A flat list: a template draws it without calling itself. A unit whose parent is not among them stands at the top.
    """
    rows = list(units)
    known = {row.pk for row in rows}
    under = defaultdict(list)
    for row in rows:
        under[row.parent_id if row.parent_id in known else None].append(row)
    under[None].sort(key=lambda row: row.kind != UnitKind.MUNICIPALITY)
    walked = list(_walk(under))
    following = [depth for _row, depth in walked[1:]] + [0]
    return [
        Node(row, depth, len(under.get(row.pk, ())), max(depth - following[place], 0))
        for place, (row, depth) in enumerate(walked)
    ]


def _walk(under) -> Iterator[tuple[UnitRow, int]]:
    """Without recursion: a tree from a file may be as deep as it likes."""
    waiting = [(row, 0) for row in reversed(under[None])]
    while waiting:
        row, depth = waiting.pop()
        yield row, depth
        waiting += [(child, depth + 1) for child in reversed(under.get(row.pk, ()))]


def indented_units() -> list[tuple[int, str]]:
    """Every unit of today for a select: its key, and its name moved in as deep as it lies."""
    return [(int(node.unit.pk), "\u2003" * node.depth + node.unit.name) for node in tree()]


def unit_as_on(unit: Unit, on: date) -> UnitPeriod | None:
    """What the unit was called and where it stood on a date; nothing when it was not there."""
    return unit.periods.on(on).select_related("parent").first()


def dates_of_change(limit: int = 12) -> list[date]:
    """The last dates on which the tree became another, the newest first."""
    began = UnitPeriod.objects.order_by().values_list("since", flat=True)
    after = ExpressionWrapper(F("until") + timedelta(1), output_field=DateField())
    closed = UnitPeriod.objects.order_by().filter(until__isnull=False).values_list(Cast(after, DateField()), flat=True)
    return sorted(began.union(closed), reverse=True)[:limit]


def positions_at(unit: Unit, on: date):
    """The positions of a unit with who holds them on a date, the leader first; without those closed before it."""
    return unit.positions.living(on).prefetch_related(in_force(on), "roles").order_by("-leads", "title")


def in_force(on: date) -> Prefetch:
    holders = Appointment.objects.in_force(on).select_related("person").order_by("kind", "start")
    return Prefetch("appointments", queryset=holders, to_attr="holders_now")


def positions_of(person, on: date):
    """The positions a person holds on a date, those that lead a unit first."""
    held = Appointment.objects.in_force(on).filter(person=person.pk).values("position")
    return (
        Position.objects.filter(pk__in=held)
        .select_related("unit")
        .prefetch_related("roles__reach")
        .order_by("-leads", "pk")
    )


def prepared_for_by(person, on: date):
    """Where a person prepares on behalf of a position on a date."""
    return Preparer.objects.in_force(on).filter(person=person.pk).select_related("position__unit").order_by("start")


def answers_for(position: Position, on: date) -> Person | None:
    """Who answers for what lies with a position on a date: a deputy before a temporary before the permanent holder.

    Nobody, when it is vacant or closed.
    """
    first = position.holders(on).first()
    return first.person if first else None


def positions_with_words(words: str):
    """Positions in use, at units in use, where every word stands in the title, the unit's name or the holder's name."""
    today = date.today()
    found = Position.objects.living(today).filter(unit__in=Unit.objects.living(today)).select_related("unit")
    holding = Appointment.objects.in_force(date.today())
    for word in words.replace("\x00", " ").split()[:6]:
        held = holding.filter(person__name__icontains=word).values("position")
        # The units by themselves: joined to every position, their names would be read as often as there are positions.
        named = Unit.objects.filter(name__icontains=word).order_by().values("pk")
        found = found.filter(Q(title__icontains=word) | Q(unit__in=named) | Q(pk__in=held))
    return found.order_by("-leads", "unit__path", "title", "pk")


def units_with_words(words: str):
    """Units with every word in the name."""
    found = Unit.objects.all()
    for word in words.split()[:6]:
        found = found.filter(name__icontains=word)
    return found.order_by("path")


def people_with_words(words: str):
    """Active people where every word stands in the name or the address."""
    found = Person.objects.filter(is_active=True)
    for word in words.replace("\x00", " ").split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found.order_by("name", "pk")


def held_by(people_or_positions: str, on: date) -> Prefetch:
    """Appointments in force with the other end of them, for many rows at once."""
    held = Appointment.objects.in_force(on).select_related(people_or_positions).order_by("kind", "start")
    return Prefetch("appointments", queryset=held, to_attr="holders_now")
