"""Live blocks of planning: a goal with what is under it, the goals of a plan, and measures as a table or a chart."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from styrhus.items.models import Item
from styrhus.planning.models import Goal, Measure, Plan, PriorityArea, Strategy
from styrhus.planning.queries.branches import Branch, branches
from styrhus.planning.queries.contents import page_of_kind
from styrhus.planning.queries.measures import measures_by_area, measures_by_part
from styrhus.planning.queries.threads import ACTS, all_below
from styrhus.writing.blocks import Choice

OFFERED = 20
# Rows in a block; who wants them all follows its link.
PARTS_SHOWN, GOALS_SHOWN, MEASURES_SHOWN = 15, 100, 25
GOAL, PLAN, PRIORITY_AREA = Goal.kind_name(), Plan.kind_name(), PriorityArea.kind_name()
# What is told of under a goal, in this order.
PARTS = (GOAL, Strategy.kind_name(), *ACTS)
# The measures of the whole municipality.
ALL = "all"


@dataclass
class Block:
    """One block on its way: the keys of the things it shows, and how it is drawn when they have been read."""

    template: str
    keys: list[int]
    told: Callable[[dict[int, Item]], dict]


@dataclass
class Line:
    """One thing in a block, and the lines under it."""

    item: Item
    acts: tuple[int, int] = (0, 0)
    origin: str = ""
    inside: tuple["Line", ...] = ()

    @property
    def url(self) -> str:
        return page_of_kind(self.item)


# -- choosing


def goals_to_place(item, person, words: str) -> list[Choice]:
    return _choices(item, person, words, (GOAL,))


def plans_to_place(item, person, words: str) -> list[Choice]:
    return _choices(item, person, words, (PLAN,))


def measured_to_place(item, person, words: str) -> list[Choice]:
    return _choices(item, person, words, (PLAN, GOAL))


def charted_to_place(item, person, words: str) -> list[Choice]:
    everything = [] if words.strip() else [Choice(ALL, _("All measures of the municipality, by area"))]
    return everything + _choices(item, person, words, (PLAN, GOAL))


def _choices(item, person, words: str, kinds: tuple[str, ...]) -> list[Choice]:
    """By words or number; without any, the plan whose text it is and the goals that stand in it."""
    seen = Item.objects.visible_to(person).filter(kind__in=kinds).select_related("unit")
    number = words.strip().removeprefix("#")
    if number.isdecimal() and len(number) < 18:
        found = list(seen.filter(pk=number))
    elif words.strip():
        found = list(seen.with_words(words).order_by("ended", "title_key", "pk")[:OFFERED])
    else:
        standing = seen.filter(placements__plan=item.pk).order_by("placements__order", "pk")
        found = [*seen.filter(pk=item.pk), *standing[: OFFERED - 1]]
    return [Choice(str(each.pk), each.title, f"{each.get_kind_display()} #{each.pk}, {each.unit}") for each in found]


# -- drawing


def drawn(asked: dict[str, list[str]], person) -> dict[tuple[str, str], str]:
    """All blocks of planning in a text: what stands in the plans and goals is read once, and what is shown once."""
    numbers = {int(key) for keys in asked.values() for key in keys if key.isdecimal() and len(key) < 18}
    known = branches(numbers, person) if numbers else {}
    blocks = {
        (name, key): BLOCKS[name](known[int(key)])
        for name, keys in asked.items()
        for key in keys
        if key.isdecimal() and int(key) in known and _fits(name, known[int(key)])
    }
    shown = {key for block in blocks.values() for key in block.keys}
    items = Item.objects.visible_to(person).select_related("unit", "responsible").in_bulk(shown)
    told: dict[tuple[str, str], str] = {
        place: render_to_string(block.template, block.told(items)) for place, block in blocks.items()
    }
    if ALL in asked.get(CHART, ()):
        told[CHART, ALL] = render_to_string("planning/block_chart.html", _charted(measures_by_area(person), ALL))
    return told


def _fits(name: str, branch: Branch) -> bool:
    kind = {"planning.goal": GOAL, "planning.goals_of_plan": PLAN}.get(name)
    return kind is None or branch.kind == kind


def _goal(branch: Branch) -> Block:
    parts = [key for kind in PARTS for key in branch.under.get(None, ()) if branch.facts[key].kind == kind]
    shown = parts[:PARTS_SHOWN]

    def told(items):
        lines = [Line(items[key], branch.acts(key)) for key in shown if key in items]
        return _top(branch, items) | {"lines": lines, "total": len(parts), "is_more": len(parts) > len(shown)}

    return Block("planning/block_goal.html", [branch.root, *shown], told)


def _goals_of_plan(branch: Branch) -> Block:
    under = branch.standing((PRIORITY_AREA, GOAL))
    found = all_below(under, None)
    shown = found[:GOALS_SHOWN]
    wanted, origins = set(shown), {plan for key in shown if (plan := branch.placed[key])}

    def told(items):
        def lines(key) -> tuple[Line, ...]:
            return tuple(
                Line(items[each], origin=_origin(branch, each, key, items), inside=lines(each))
                for each in under.get(key, ())
                if each in wanted and each in items
            )

        return _top(branch, items) | {"lines": lines(None), "total": len(found), "is_more": len(found) > len(shown)}

    return Block("planning/block_goals.html", [branch.root, *shown, *origins], told)


def _origin(branch: Branch, key: int, above: int | None, items: dict[int, Item]) -> str:
    """Where a thing comes from, in words; nothing when it comes from where the thing above it does."""
    origin = branch.placed[key]
    if origin == (branch.placed[above] if above else None):
        return ""
    if origin is None:
        return _("The plan's own")
    return _("Fetched from %(plan)s") % {"plan": items[origin].title} if origin in items else ""


def _measures(branch: Branch) -> Block:
    found = branch.measures()
    shown = found[:MEASURES_SHOWN]

    def told(items):
        measures = [items[key] for key in shown if key in items]
        return _top(branch, items) | {"measures": measures, "total": len(found), "is_more": len(found) > len(shown)}

    return Block("planning/block_measures.html", [branch.root, *shown], told)


def _chart(branch: Branch) -> Block:
    parts = [part for part, _counts in branch.measures_by_part() if part is not None]

    def told(items):
        titles = {key: item.title for key, item in items.items()}
        return _top(branch, items) | _charted(measures_by_part(branch, titles), str(branch.root))

    return Block("planning/block_chart.html", [branch.root, *parts], told)


def _top(branch: Branch, items: dict[int, Item]) -> dict:
    return {"top": Line(items[branch.root], branch.acts(branch.root)), "is_plan": branch.kind == PLAN}


def _charted(rows: list[dict], key: str) -> dict:
    """What is drawn, as a table beside the picture: a line for each part, a column for each state that occurs."""
    order = [str(state.label) for state in Measure.flow.states]
    states = [state for state in order if any(row["state"] == state for row in rows)]
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row["area"], {})[row["state"]] = row["count"]
    lines = [(area, [counts.get(state, 0) for state in states]) for area, counts in counted.items()]
    return {"key": key, "states": states, "lines": lines}


CHART = "planning.chart"
BLOCKS: dict[str, Callable[[Branch], Block]] = {
    "planning.goal": _goal,
    "planning.goals_of_plan": _goals_of_plan,
    "planning.measures": _measures,
    CHART: _chart,
}
