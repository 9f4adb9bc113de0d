"""As many plans as a large municipality has, in versions that hold, are being made and have been replaced."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.db.models import Max

from styrhus.items.copying import copy_rows
from styrhus.organisation.models import Position, UnitKind
from styrhus.planning.models import Plan, PlanType

KINDS = ("thematic_plan", "sub_plan", "zoning_plan", "unit_plan", "unit_plan", "cross_cutting_plan")
STATES = (Plan.ADOPTED, Plan.ADOPTED, Plan.ADOPTED, Plan.STARTED, Plan.ON_CONSULTATION, Plan.SUPERSEDED)
SEED = 1814


def plan_much(count: int, today: date) -> None:
    """Adds so many plans, each following up one that stands already, spread over the positions that lead."""
    chance = random.Random(SEED)  # noqa: S311
    copy_rows(Plan, _plans(count, today, chance))


def _plans(count: int, today: date, chance: random.Random) -> Iterator[dict]:
    leading = Position.objects.filter(leads=True, until=None, unit__until=None).exclude(unit__kind=UnitKind.BODY)
    positions = list(leading.order_by("pk").values_list("pk", "unit_id", "unit__name"))
    types = {each.code: each for each in PlanType.objects.filter(code__in=KINDS)}
    adopted = Plan.objects.filter(state=Plan.ADOPTED).order_by("pk")
    tops: list[int | None] = [*adopted.values_list("pk", flat=True)] or [None]
    last = Plan.objects.aggregate(last=Max("first_year"))["last"] or today.year
    for number in range(count):
        position, unit, name = chance.choice(positions)
        plan_type, state = types[chance.choice(KINDS)], chance.choice(STATES)
        first = min(last, today.year + 1) - chance.randint(0, 6)
        yield {
            "title": f"{plan_type} {number + 1} for {name}"[:250],
            "unit_id": unit,
            "responsible_id": position,
            "type_id": plan_type.pk,
            "first_year": first,
            "last_year": first + (plan_type.horizon_years or 8) - 1,
            "follows_up_id": chance.choice(tops),
            "purpose": "Planen viser hva som skal nås, og hvordan.",
            "state": state,
            "openness": "open" if state == Plan.ADOPTED else "internal",
            **_decided(state, first, today),
        }


def _decided(state: str, first: int, today: date) -> dict:
    if state not in (Plan.ADOPTED, Plan.SUPERSEDED):
        return {}
    on = min(date(first, 3, 1), today)
    ended = datetime.combine(today, time(6), UTC) if state == Plan.SUPERSEDED else None
    return {"adopted_on": on, "decision": f"PS {first % 100}/{first}", "ended": ended}
