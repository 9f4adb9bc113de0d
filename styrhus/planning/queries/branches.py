"""What stands in plans and under goals, for many of them at once: two questions, however many are asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from styrhus.items.models import Item
from styrhus.planning.models import Goal, Measure, Plan, PriorityArea
from styrhus.planning.queries.threads import ACTS, all_below, arranged

# What stands in a plan with all that follows from it, or what follows from anything else; and what was asked for.
INSIDE = """
    WITH RECURSIVE inside (root, id) AS (
        SELECT key, key FROM unnest(%s::bigint[]) AS key
        UNION
        SELECT plan_id, item_id FROM planning_placement WHERE plan_id = ANY(%s)
        UNION
        SELECT root, thread.item_id FROM planning_thread thread JOIN inside ON thread.part_of_id = inside.id
    )
"""
KEYS = f"{INSIDE} SELECT id FROM inside"  # noqa: S608 - constants of ours
LINES = f"""{INSIDE}
    SELECT inside.root, inside.id, thread.part_of_id, placement.id IS NOT NULL, placement.fetched_from_id
    FROM inside LEFT JOIN planning_thread thread ON thread.item_id = inside.id
    LEFT JOIN planning_placement placement ON placement.plan_id = inside.root AND placement.item_id = inside.id
    ORDER BY inside.root, placement."order" NULLS LAST, inside.id
"""  # noqa: S608
ROOTS = (Plan.kind_name(), PriorityArea.kind_name(), Goal.kind_name())
MEASURE = Measure.kind_name()
FAR_OFF = date.max
# More bars than this and the rest are told together.
BARS = 12


@dataclass(slots=True)
class Fact:
    kind: str
    state: str
    has_ended: bool
    due: date | None


@dataclass
class Branch:
    """A plan or a goal with what stands in or under it, as one person sees it. Things are told by their keys."""

    root: int
    facts: dict[int, Fact]
    under: dict[int | None, list[int]]
    # What stands in the plan itself, with the plan it is fetched from, if any.
    placed: dict[int, int | None]

    @property
    def kind(self) -> str:
        return self.facts[self.root].kind

    def all_below(self, key: int | None = None) -> list[int]:
        return all_below(self.under, key)

    def standing(self, kinds: Iterable[str]) -> dict[int | None, list[int]]:
        """The tree of what stands in the plan itself, of these kinds alone; what is between them is left out."""
        keys = [key for key in self.all_below() if key in self.placed and self.facts[key].kind in kinds]
        above = {each: key for key, inside in self.under.items() for each in inside}
        return arranged((key, _nearest(key, above, set(keys))) for key in keys)

    def acts(self, key: int) -> tuple[int, int]:
        """Of the measures and assignments under a thing: how many have ended, and how many there are."""
        acts = [self.facts[each] for each in self.all_below(key) if self.facts[each].kind in ACTS]
        return sum(act.has_ended for act in acts), len(acts)

    def measures(self) -> list[int]:
        """The measures, those still open first, by the day they are due."""
        found = [key for key in self.all_below() if self.facts[key].kind == MEASURE]
        return sorted(found, key=lambda key: (self.facts[key].has_ended, self.facts[key].due or FAR_OFF, key))

    def measures_by_part(self) -> list[tuple[int | None, dict[str, int]]]:
        """How many measures there are in each part right under, by state: part and counts; None for all the rest."""
        counted: dict[int | None, dict[str, int]] = {}
        for part in self.under.get(None, ()):
            inside = [each for each in (part, *self.all_below(part)) if self.facts[each].kind == MEASURE]
            # A measure right under the plan or goal, and parts beyond those that can be drawn.
            name = None if part in inside or len(counted) >= BARS else part
            for each in inside:
                told = counted.setdefault(name, {})
                told[self.facts[each].state] = told.get(self.facts[each].state, 0) + 1
        return sorted(counted.items(), key=lambda pair: pair[0] is None)


def _nearest(key: int, above: dict[int, int | None], kept: set[int]) -> int | None:
    found = above.get(key)
    while found is not None and found not in kept:
        found = above.get(found)
    return found


def branches(keys: Iterable[int], person) -> dict[int, Branch]:
    """Those of these plans, priority areas and goals that a person sees, each with what that person sees in it."""
    wanted = list(keys)
    facts = {
        row[0]: Fact(row[1], row[2], row[3] is not None, row[4])
        for row in _seen_inside(wanted, person).values_list("pk", "kind", "state", "ended", "due")
    }
    lines: dict[int, list[tuple]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LINES, [wanted, wanted])
        for root, *line in cursor.fetchall():
            lines.setdefault(root, []).append(tuple(line))
    roots = [key for key in wanted if key in facts and facts[key].kind in ROOTS]
    return {root: _branch(root, facts, lines[root]) for root in roots}


def _branch(root: int, facts: dict[int, Fact], lines: list[tuple]) -> Branch:
    inside = [line for line in lines if line[0] in facts and line[0] != root]
    under = arranged((key, part_of) for key, part_of, _is_placed, _plan in inside)
    return Branch(root, facts, under, {key: plan for key, _part_of, is_placed, plan in inside if is_placed})


def _seen_inside(keys: list[int], person):
    return Item.objects.visible_to(person).filter(pk__in=RawSQL(KEYS, [keys, keys])).order_by()  # noqa: S611


def measures_inside(key: int, measures):
    """Of these measures, those that stand in a plan or follow from a goal, at any depth."""
    return measures.filter(pk__in=RawSQL(KEYS, [[key], [key]]))  # noqa: S611
