"""Rød tråd: from a goal to its last result, both ways from any thing. Four questions, whatever there is."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Subquery

from styrhus.items.controls import Control, controls
from styrhus.items.models import Item
from styrhus.planning.models import Placement, Plan
from styrhus.planning.queries.threads import ACTS, KINDS
from styrhus.scorecard.models import Indicator
from styrhus.scorecard.queries.latest import Latest, latest

# So many things are drawn, and so many right under one of them; so many are looked at.
DRAWN, UNDER_ONE, LOOKED_AT = 60, 8, 1_000
INDICATOR = Indicator.kind_name()
ORDER = {kind: place for place, kind in enumerate((Plan.kind_name(), *KINDS, INDICATOR))}

# The way up; everything below, the nearest first; and what stands beside under the same goal: of what is done about it
# its indicators, and of an indicator what is done about it.
AROUND = """
    WITH RECURSIVE above (id, height) AS (
        SELECT %(start)s::bigint, 0
        UNION ALL
        SELECT coalesce(thread.part_of_id, indicator.of_goal_id), above.height + 1
        FROM above
            LEFT JOIN planning_thread thread ON thread.item_id = above.id
            LEFT JOIN scorecard_indicator indicator ON indicator.item_ptr_id = above.id
        WHERE above.height < 30 AND coalesce(thread.part_of_id, indicator.of_goal_id) IS NOT NULL
    ), below (id, parent, depth) AS (
        SELECT %(start)s::bigint, NULL::bigint, 0
        UNION ALL
        SELECT part.id, below.id, below.depth + 1
        FROM below CROSS JOIN LATERAL (
            SELECT item_id FROM planning_thread WHERE part_of_id = below.id
            UNION ALL
            SELECT item_ptr_id FROM scorecard_indicator WHERE of_goal_id = below.id
            UNION ALL
            SELECT placed.item_id FROM planning_placement placed
            WHERE below.depth = 0 AND placed.plan_id = below.id AND NOT EXISTS (
                SELECT FROM planning_thread thread
                JOIN planning_placement other ON other.item_id = thread.part_of_id AND other.plan_id = placed.plan_id
                WHERE thread.item_id = placed.item_id
            )
        ) part (id)
        WHERE below.depth < 30
    )
    SELECT id, lead(id) OVER (ORDER BY height) FROM above
    UNION ALL
    (SELECT id, parent FROM below WHERE depth > 0 LIMIT %(most)s)
    UNION ALL
    SELECT indicator.item_ptr_id, indicator.of_goal_id
    FROM above
        JOIN items_item begun ON begun.id = %(start)s AND begun.kind = ANY(%(acts)s)
        JOIN scorecard_indicator indicator ON indicator.of_goal_id = above.id
    WHERE above.height = 1
    UNION ALL
    (SELECT thread.item_id, thread.part_of_id
    FROM above
        JOIN items_item begun ON begun.id = %(start)s AND begun.kind = %(indicator)s
        JOIN planning_thread thread ON thread.part_of_id = above.id
        JOIN items_item act ON act.id = thread.item_id AND act.kind = ANY(%(acts)s)
    WHERE above.height = 1 LIMIT %(most)s)
"""


@dataclass
class Node:
    """One thing of the thread, with what is wrong with it and what follows from it."""

    item: Item
    gaps: list[Control]
    result: Latest | None = None
    is_start: bool = False
    # How many more follow from it than are drawn.
    more: int = 0
    parts: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """The bare facts of what may be drawn."""

    pk: int
    kind: str
    ended: datetime | None
    due: date | None
    title_key: str

    @property
    def place(self) -> tuple:
        """Goals before what is done about them, the open before the ended, and the most urgent first."""
        return ORDER.get(self.kind, 99), self.ended is not None, self.due or date.max, self.title_key, self.pk


def thread_of(start: int, person, on: date) -> list[Node]:
    """The tops of the thread that a thing is part of; empty when the person may not see the thing."""
    parents = _around(start)
    seen = _seen(list(parents), person)
    if start not in seen:
        return []
    above = _nearest_seen(parents, seen)
    under = _under(above, seen)
    drawn, more = _chosen(start, above, under)
    items = _details(drawn, person, on)
    results = latest([pk for pk in drawn if seen[pk].kind == INDICATOR], person)
    nodes = {
        pk: Node(items[pk], _gaps_of(items[pk]), results.get(pk), pk == start, more.get(pk, 0))
        for pk in drawn
        if pk in items
    }
    for pk, node in nodes.items():
        if (parent := above[pk]) in nodes:
            nodes[parent].parts.append(node)
    return [node for pk, node in nodes.items() if above[pk] not in nodes]


def _around(start: int) -> dict[int, int | None]:
    """What lies on the thread, the nearest first → what it follows from."""
    with connection.cursor() as cursor:
        cursor.execute(
            AROUND, {"start": start, "most": LOOKED_AT, "indicator": INDICATOR, "acts": [*ACTS, "planning.strategy"]}
        )
        found: dict[int, int | None] = {}
        for key, parent in cursor.fetchall():
            found.setdefault(key, parent)
        return found


def _seen(keys: list[int], person) -> dict[int, Seen]:
    rows = Item.objects.visible_to(person).filter(pk__in=keys)
    found = (Seen(*row) for row in rows.values_list("pk", "kind", "ended", "due", "title_key"))
    return {each.pk: each for each in found}


def _nearest_seen(parents: dict[int, int | None], seen: dict[int, Seen]) -> dict[int, int | None]:
    """What each follows from, over what the reader may not see."""
    above = {}
    for key in seen:
        parent = parents[key]
        while parent is not None and parent not in seen:
            parent = parents.get(parent)
        above[key] = parent
    return above


def _under(above: dict[int, int | None], seen: dict[int, Seen]) -> dict[int | None, list[int]]:
    under: dict[int | None, list[int]] = defaultdict(list)
    for key in sorted(seen, key=lambda each: seen[each].place):
        under[above[key]].append(key)
    return under


def _chosen(start: int, above, under) -> tuple[list[int], dict[int, int]]:
    """What is drawn: the way up, then what lies below, level by level; and how many are left out under each."""
    way = [start]
    while (parent := above[way[-1]]) is not None:
        way.append(parent)
    drawn, more = list(reversed(way)), {}
    # Beside the thing itself, under what it follows from: the indicators of its goal.
    level = [start, *way[1:2]]
    while level:
        found: list[int] = []
        for key in level:
            parts = [part for part in under.get(key, ()) if part not in drawn]
            room = min(UNDER_ONE, max(DRAWN - len(drawn), 0))
            drawn += parts[:room]
            found += parts[:room]
            if len(parts) > room:
                more[key] = len(parts) - room
        level = found
    return drawn, more


def _details(keys: list[int], person, on: date) -> dict[int, Item]:
    """The things themselves, the plan that each stands in, and what each control finds wrong with them."""
    plans = Plan.objects.visible_to(person).values("pk")
    homes = Placement.objects.filter(item=OuterRef("pk"), fetched_from__isnull=True, plan__in=plans)
    itself = Item.objects.filter(pk=OuterRef("pk"))
    found = {f"lacks_{each.name}": Exists(each.find(itself, on)) for each in controls()}
    things = Item.objects.visible_to(person).select_related("unit", "responsible")
    return things.annotate(plan_title=Subquery(homes.values("plan__title")[:1]), **found).in_bulk(keys)


def _gaps_of(item: Item) -> list[Control]:
    return [control for control in controls() if getattr(item, f"lacks_{control.name}")]
