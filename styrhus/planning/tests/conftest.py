"""Short ways of making plans."""

from datetime import date
from types import SimpleNamespace

import pytest

from styrhus.planning.models import Plan, PlanType
from styrhus.planning.operations import plans as operations

TODAY = date.today()


@pytest.fixture
def plans(world, make):
    """`plans.of(code, …)` proposes a plan as the planner; `plans.adopted(code, …)` one that holds."""
    planner = make.holder("planner", world.units.municipality, name="Pia Planlegger")
    return SimpleNamespace(planner=planner, **_ways(planner, world.units.municipality))


def _ways(planner, municipality) -> dict:
    def of(code="thematic_plan", *, by=planner, **fields) -> Plan:
        first = fields.pop("first_year", TODAY.year)
        wanted = {"title": f"{code} {first}", "unit": municipality, "responsible": planner.position} | fields
        return operations.propose(Plan(type=PlanType.objects.get(code=code), first_year=first, **wanted), by=by)

    def stand(plan: Plan, state: str) -> Plan:
        """Puts a plan in a state, without the way there."""
        Plan.objects.filter(pk=plan.pk).update(state=state)
        return Plan.objects.get(pk=plan.pk)

    def adopted(code="thematic_plan", *, on=TODAY, by=planner, decision="PS 1/26", **fields) -> Plan:
        plan = stand(of(code, **fields), Plan.FOR_DECISION)
        return operations.adopt(plan, by=by, on=on, decision=decision)

    return {"of": of, "stand": stand, "adopted": adopted}
