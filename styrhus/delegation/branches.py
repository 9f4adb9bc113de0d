"""The tree of authority: who has authority from whom, some levels at a time. A branch is opened when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from styrhus.delegation.models import Authorisation, Power, Source, name_of
from styrhus.items.models import Item, Openness
from styrhus.organisation.models import Position
from styrhus.organisation.queries import positions_with_words

# The council, those who have it from the council, and those who have it from them.
LEVELS = 2
# Who has passed on to more than this has pages of them.
A_PAGE = 25
SHOWN_POSITIONS = 25


@dataclass(frozen=True)
class Drawing:
    """What is drawn: the whole of authority or one power, as one person may see it on a date."""

    power: Power | None
    person: object
    on: date

    def given(self) -> QuerySet:
        """All that is delegated, in force, of the power, and seen by the reader."""
        seen = Authorisation.objects.visible_to(self.person).in_force(self.on).filter(source=Source.DELEGATED)
        return seen.filter(power=self.power) if self.power else seen


@dataclass
class Line:
    """One position in the drawing, with what it has from the one above; `ends` counts the branches that end with it.

    `drawn`: how many it has passed on to, where they follow; `goes_on`: they do not follow, but there are some.
    `left`: how many more a giver has than are drawn, on a line of its own.
    """

    position: Position
    depth: int
    number: int = 0
    first: int | None = None
    reservations: str = ""
    drawn: int = 0
    goes_on: bool = False
    left: int = 0
    ends: range = range(0)

    @property
    def name(self) -> str:
        return name_of(self.position)


Held = dict[int, list[dict]]
# What follows the last line, so that every branch ends.
_NOTHING = Line(Position(), 0)


def from_the_top(drawing: Drawing) -> list[Line]:
    """The first levels, from each position that has passed on what it has not been delegated itself."""
    tops, below = _tops(drawing)
    for _level in range(1, LEVELS):
        below |= _held_from(drawing, {row["holder"] for held in below.values() for row in held[:A_PAGE]} - below.keys())
    return _drawn(tops, below, drawing)


def right_under(drawing: Drawing, giver: Position, number: str | None) -> tuple[list[Line], Page]:
    """Those who have authority straight from a position, a page at a time."""
    page = Paginator(_held_from(drawing, {giver.pk}).get(giver.pk, []), A_PAGE).get_page(number)
    return _drawn(list(page.object_list), {}, drawing), page


def givers_of(drawing: Drawing, holder: Position) -> list[Position]:
    """Whom a position has authority from: the way up."""
    givers = drawing.given().filter(holder=holder.pk).values("giver")
    return list(Position.objects.select_related("unit").filter(pk__in=givers).order_by("unit__path", "title"))


def found_by_words(drawing: Drawing, words: str) -> list[Position]:
    """Positions with authority, or that have passed it on, where every word stands."""
    given = drawing.given().order_by()
    has = Exists(given.filter(holder=OuterRef("pk"))) | Exists(given.filter(giver=OuterRef("pk")))
    return list(positions_with_words(words).select_related("unit").filter(has)[:SHOWN_POSITIONS])


def _tops(drawing: Drawing) -> tuple[list[dict], Held]:
    """Those who have passed on without having been delegated anything that the reader sees; and to whom."""
    may_be = _perhaps_tops()
    held = _held(drawing, Q(giver__in=may_be) | Q(holder__in=may_be))
    holders = {row["holder"] for rows in held.values() for row in rows}
    tops = [{"holder": giver} for giver in held if giver in may_be - holders]
    return tops, {row["holder"]: held[row["holder"]] for row in tops}


def _perhaps_tops() -> set[int]:
    """What they gave stands on nothing, on the law, or on what is exempt, which the reader may not see.

    To ask it of all authority would grow with the municipality.
    """
    given = Authorisation.objects.filter(source=Source.DELEGATED).order_by()
    by_law = Authorisation.objects.filter(source=Source.BY_LAW).values("pk")
    exempt = Item.objects.filter(kind=Authorisation.kind_name(), openness=Openness.EXEMPT).values("pk")
    first, *others = [
        given.filter(condition).values_list("giver", flat=True)
        for condition in (Q(passed_on_from=None), Q(passed_on_from__in=by_law), Q(passed_on_from__in=exempt))
    ]
    return set(first.union(*others))


def _held_from(drawing: Drawing, givers: set[int]) -> Held:
    return _held(drawing, Q(giver__in=givers)) if givers else {}


def _held(drawing: Drawing, condition: Q) -> Held:
    """By giver: each holder in the order of the units, how many authorisations, and the first of them."""
    rows = (
        drawing.given()
        .filter(condition)
        .values("giver", "holder")
        .annotate(number=Count("pk"), first=Min("pk"), reservations=Min("reservations"))
        .order_by("giver__unit__path", "giver", "holder__unit__path", "holder__title", "holder")
    )
    return {giver: list(held) for giver, held in groupby(rows, key=lambda row: row["giver"])}


def _drawn(tops: list[dict], below: Held, drawing: Drawing) -> list[Line]:
    """The lines in the order in which a template draws them without calling itself."""
    rows = list(_in_order(tops, below, 0))
    positions = Position.objects.select_related("unit").in_bulk({row["holder"] for row, _depth in rows})
    lines = [_line(positions[row["holder"]], row, depth) for row, depth in rows]
    _say_what_lies_below(lines, drawing)
    for line, following in pairwise([*lines, _NOTHING]):
        line.ends = range(max(line.depth - following.depth, 0))
    return lines


def _in_order(rows: list[dict], below: Held, depth: int) -> Iterator[tuple[dict, int]]:
    for row in rows:
        held = below.get(row["holder"], []) if depth < LEVELS else []
        yield row | {"drawn": len(held)}, depth
        yield from _in_order(held[:A_PAGE], below, depth + 1)
        if held[A_PAGE:]:
            yield {"holder": row["holder"], "left": len(held) - A_PAGE}, depth + 1


def _line(position: Position, row: dict, depth: int) -> Line:
    found = Line(position, depth, left=row.get("left", 0), drawn=row.get("drawn", 0))
    found.number, found.first = row.get("number", 0), row.get("first")
    found.reservations = row.get("reservations", "")
    return found


def _say_what_lies_below(lines: list[Line], drawing: Drawing) -> None:
    """Whether anything lies below those whose branch is not drawn: not how much, which would be to read it all."""
    closed = [line for line in lines if not line.drawn and not line.left]
    # A subquery with a limit stops at the first one; EXISTS is turned into a join of all that they have passed on.
    first = Subquery(drawing.given().filter(giver=OuterRef("pk")).order_by().values("pk")[:1])
    asked = Position.objects.filter(pk__in={line.position.pk for line in closed}).alias(first=first)
    going_on = set(asked.filter(first__isnull=False).order_by().values_list("pk", flat=True))
    for line in closed:
        line.goes_on = line.position.pk in going_on
