"""Questions about units, positions and people."""

from collections import Counter
from datetime import date

from django.db.models import Prefetch, Q

from styrhus.organisation.models import Appointment, Person, Position, Unit, UnitKind


def tree() -> list[dict]:
    """The whole organisation from the top down: each unit, how many lie right under it, and how many branches end
    with it. One query, and one flat list: a template draws it without calling itself.
    """
    units = list(Unit.objects.order_by("path"))
    depths = [unit.depth for unit in units] + [0]
    below = Counter(unit.parent_id for unit in units)
    # The words of the kinds once, not once a unit.
    kinds = {kind: str(label) for kind, label in UnitKind.choices}
    return [
        {
            "unit": unit,
            "kind": kinds[unit.kind],
            "below": below[unit.pk],
            "ends": range(max(depths[place] - depths[place + 1], 0)),
        }
        for place, unit in enumerate(units)
    ]


def indented_units() -> list[tuple[int, str]]:
    """Every unit for a select: its key, and its name moved in as deep as it lies. As bare values: there are many."""
    rows = Unit.objects.order_by("path").values_list("pk", "name", "path")
    return [(pk, "\u2003" * (path.count("/") - 2) + name) for pk, name, path in rows]


def positions_at(unit: Unit, on: date):
    """The positions of a unit with who holds them on a date, the leader first."""
    return unit.positions.prefetch_related(in_force(on), "roles").order_by("-leads", "title")


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


def answers_for(position: Position, on: date) -> Person | None:
    """Who answers for what lies with a position on a date: a deputy before a temporary before the permanent holder.

    Nobody, when it is vacant or closed.
    """
    first = position.holders(on).first()
    return first.person if first else None


def municipality() -> Unit | None:
    """The unit the house belongs to: the oldest root."""
    return Unit.objects.filter(parent=None).order_by("pk").first()


def positions_with_words(words: str):
    """Positions that are not closed where every word stands in the title, the unit's name or the holder's name."""
    found = Position.objects.living(date.today()).select_related("unit")
    holding = Appointment.objects.in_force(date.today())
    for word in words.split()[:6]:
        held = holding.filter(person__name__icontains=word).values("position")
        found = found.filter(Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(pk__in=held))
    return found.order_by("-leads", "unit__path", "title", "pk")
