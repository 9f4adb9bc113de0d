"""Who may certify and order payment, and who could do both."""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from styrhus.economy.models import PaymentRight
from styrhus.organisation.models import Appointment

Right = PaymentRight.Right


def clashes_of(right: PaymentRight) -> list[PaymentRight]:
    """Rights of the other sort, at overlapping times, for a unit that lies above or below, with the same holder."""
    other = Right.ORDER if right.right == Right.CERTIFY else Right.CERTIFY
    found = PaymentRight.objects.filter(right=other).exclude(pk=right.pk).select_related("unit", "position")
    found = found.filter(Q(end__isnull=True) | Q(end__gte=right.start))
    if right.end:
        found = found.filter(start__lte=right.end)
    people = _people_in([right.position_id], date.today()).get(right.position_id, set())
    held = _people_in({each.position_id for each in found}, date.today())
    return [
        each
        for each in found
        if _overlap(each.unit.path, right.unit.path)
        and (each.position_id == right.position_id or people & held.get(each.position_id, set()))
    ]


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _people_in(positions, on: date) -> dict[int, set[int]]:
    """Position → who holds it, deputies too."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Appointment.objects.in_force(on).filter(position__in=positions).values_list("position", "person")
    for position, person in rows:
        found[position].add(person)
    return dict(found)


def who_holds(right: PaymentRight) -> str:
    found = Appointment.objects.in_force(date.today()).filter(position=right.position_id).select_related("person")
    return ", ".join(str(each.person) for each in found)


def could_do_both(on: date) -> list[tuple[PaymentRight, PaymentRight]]:
    """A finding: pairs of rights that somebody has come to hold, through two positions or as a deputy."""
    rights = list(
        PaymentRight.objects.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on).select_related(
            "unit", "position"
        )
    )
    held = _people_in({each.position_id for each in rights}, on)
    orders = [each for each in rights if each.right == Right.ORDER]
    return [
        (each, other)
        for each in rights
        if each.right == Right.CERTIFY
        for other in orders
        if _overlap(each.unit.path, other.unit.path)
        and held.get(each.position_id, set()) & held.get(other.position_id, set())
    ]
