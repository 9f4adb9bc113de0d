"""Plans and things for the tests of what plans consist of."""

from itertools import count

from styrhus.planning.models import Goal, Measure, Placement, Plan, PlanType, Thread

NUMBERS = count(1)


def a_plan(world, code="action_programme", *, state="started", **fields) -> Plan:
    fields = {"unit": world.units.municipality, "responsible": world.people.director.position} | fields
    if state in ("adopted", "superseded"):
        fields = {"adopted_on": "2026-01-10", "decision": "PS 1/26"} | fields
    fields = {"title": f"Plan {next(NUMBERS)}", "first_year": 2027, "last_year": 2030} | fields
    ended = "2026-02-01T00:00Z" if state in ("superseded", "repealed", "dropped") else None
    type_ = PlanType.objects.get(code=code)
    made = Plan.objects.create(kind=Plan.kind_name(), type=type_, state=state, ended=ended, **fields)
    return Plan.objects.select_related("type").get(pk=made.pk)


def a_thing(world, model=Goal, *, plan=None, part_of=None, order=0, fetched_from=None, **fields):
    """A thing that stands in a plan, put there past the operations."""
    fields = {"unit": world.units.municipality, "responsible": world.people.director.position} | fields
    fields = {"title": f"Mål {next(NUMBERS)}", "state": model.flow.start, "kind": model.kind_name()} | fields
    made = model.objects.create(**fields)
    if part_of:
        Thread.objects.create(item=made.as_item, part_of=part_of.as_item)
    if plan:
        Placement.objects.create(plan=plan, item=made.as_item, order=order, fetched_from=fetched_from)
    return made


def a_measure_under(world, thing, **fields):
    return a_thing(world, Measure, part_of=thing, **fields)
