"""An action programme with as many goals as a large municipality has, and the measures that follow them up."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from styrhus.items.copying import copy_rows
from styrhus.organisation.models import Position, UnitKind
from styrhus.planning.models import Goal, Placement, Plan, PlanType, PriorityArea, Thread

TITLE = "Handlingsprogram med alle mål"
AREAS, GOALS_TO_AN_AREA, BATCH = 12, 5, 5_000
# Measures that are there already are spread over the sub-goals; one in four stands in the programme too.
FOLLOW = """
    WITH goals AS (SELECT key, place - 1 AS place FROM unnest(%(goals)s) WITH ORDINALITY AS goal (key, place)),
         measures AS (
             SELECT id, row_number() OVER (ORDER BY id) AS place FROM items_item
             WHERE kind = 'planning.measure' AND NOT EXISTS (SELECT FROM planning_thread WHERE item_id = items_item.id)
             ORDER BY id LIMIT %(count)s
         )
    INSERT INTO planning_thread (item_id, part_of_id)
    SELECT measures.id, goals.key
    FROM measures JOIN goals ON goals.place = measures.place %% cardinality(%(goals)s)
"""
PLACE = """
    INSERT INTO planning_placement (plan_id, item_id, "order", at)
    SELECT %(plan)s, item_id, 100000 + row_number() OVER (ORDER BY item_id), now()
    FROM planning_thread WHERE part_of_id = ANY(%(goals)s) AND item_id %% 4 = 0
"""


def aim_much(goals: int, measures: int, today: date) -> None:
    """Adds an action programme with so many goals, and lets so many measures that are there follow from them."""
    leaders = list(
        Position.objects.filter(leads=True, until=None, unit__until=None)
        .exclude(unit__kind=UnitKind.BODY)
        .order_by("pk")
        .values_list("pk", "unit_id", "unit__name")
    )
    plan = _programme(leaders[0], today)
    areas = _made(PriorityArea, _rows("Satsingsområde", AREAS, leaders, today))
    mains = _made(Goal, _rows("Hovedmål", AREAS * GOALS_TO_AN_AREA, leaders, today))
    subs = _made(Goal, _rows("Delmål", goals - len(mains), leaders, today, level=Goal.Level.SUB))
    _hang(mains, areas)
    _hang(subs, mains)
    Placement.objects.bulk_create(
        (Placement(plan=plan, item_id=pk, order=order) for order, pk in enumerate([*areas, *mains, *subs])), BATCH
    )
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"goals": subs, "count": measures})
        cursor.execute(PLACE, {"goals": subs, "plan": plan.pk})


def _programme(leader: tuple, today: date) -> Plan:
    position, unit, _name = leader
    row = {
        "title": TITLE,
        "unit_id": unit,
        "responsible_id": position,
        "type_id": PlanType.objects.get(code="action_programme").pk,
        "first_year": today.year + 1,
        "last_year": today.year + 4,
        "state": Plan.STARTED,
    }
    copy_rows(Plan, [row])
    return Plan.objects.filter(title=TITLE).latest("pk")


def _rows(word: str, count: int, leaders: list[tuple], today: date, **fields) -> Iterator[dict]:
    for number in range(count):
        position, unit, name = leaders[number % len(leaders)]
        yield {
            "title": f"{word} {number + 1}: {name}"[:250],
            "unit_id": unit,
            "responsible_id": position,
            "due": today + timedelta(days=number % 900),
            "state": "in_force",
        } | fields


def _made(model, rows: Iterator[dict]) -> list[int]:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    copy_rows(model, rows)
    return list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))


def _hang(things: list[int], above: list[int]) -> None:
    Thread.objects.bulk_create(
        (Thread(item_id=pk, part_of_id=above[place % len(above)]) for place, pk in enumerate(things)), BATCH
    )
