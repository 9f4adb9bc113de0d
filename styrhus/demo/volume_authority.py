"""Authority as it is passed on in a large municipality: from the council down the line of leaders, power by power."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from styrhus.delegation.models import Authorisation, Power, Source, name_of
from styrhus.delegation.queries import council
from styrhus.items.copying import copy_rows
from styrhus.organisation.models import Position, UnitKind

POWERS = 25


def delegate_much(count: int, themes: list[str], since: date, today: date) -> None:
    """So many authorisations of `POWERS` powers, the highest givers first: what stands on another comes after it."""
    top = council()
    if not count or top is None:
        return
    powers = Power.objects.bulk_create(
        Power(name=f"{theme}, oppgave {number // len(themes) + 1}", theme=theme, legal_basis="kommuneloven § 13-1")
        for number, theme in zip(range(POWERS), themes * POWERS, strict=False)
    )
    terms = {"start": since, "due": today + timedelta(days=180)}
    left = count
    for line in _lines(top):
        rows = [(power, giver, holder) for power in powers for giver, holder in line][:left]
        _give(rows, top, terms)
        left -= len(rows)


def _lines(top: Position) -> Iterator[list[tuple[Position, Position]]]:
    """Giver and holder, depth by depth: the council, the municipal director, and the leaders of units below."""
    leading = Position.objects.filter(leads=True, until=None).exclude(unit__kind=UnitKind.BODY).select_related("unit")
    below = defaultdict(list)
    for position in leading.order_by("pk"):
        below[position.unit.parent_id].append(position)
    line = [(top, position) for position in below[None] if position.unit.kind == UnitKind.MUNICIPALITY]
    while line:
        yield line
        line = [(holder, position) for _giver, holder in line for position in below[holder.unit_id]]


def _give(rows: list[tuple[Power, Position, Position]], top: Position, terms: dict) -> None:
    held = Authorisation.objects.filter(power__in={power for power, _giver, _holder in rows})
    basis = {(power, holder): key for power, holder, key in held.values_list("power", "holder", "pk")}
    copy_rows(
        Authorisation,
        (
            {
                "title": f"{power.name} – {name_of(holder)}"[:250],
                "state": Authorisation.IN_FORCE,
                "unit_id": giver.unit_id,
                "responsible_id": giver.pk,
                "source": Source.DELEGATED,
                "power_id": power.pk,
                "giver_id": giver.pk,
                "holder_id": holder.pk,
                "passed_on_from_id": basis.get((power.pk, giver.pk)),
                "legal_basis": power.legal_basis,
                "decision": "PS 12/20" if giver == top else "",
                "may_be_passed_on": True,
                "check_how": "Stikkprøver av vedtak",
                "check_every": 12,
            }
            | terms
            for power, giver, holder in rows
        ),
    )
