"""Questions about plans, goals and measures."""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _

from styrhus.items.models import Item
from styrhus.organisation.models import Unit
from styrhus.planning.models import Measure
from styrhus.planning.queries.branches import Branch


def measures_by_area(person) -> list[dict]:
    """How many measures a person sees in each area right under the municipality, by state: area, state, count.

    Asked of items, whose index answers alone; the kind's own table would only be read besides.
    """
    areas = {unit.path: unit.name for unit in Unit.objects.filter(parent__parent=None).exclude(parent=None)}
    seen = Item.objects.visible_to(person).filter(kind=Measure.kind_name())
    totals: Counter[tuple[int, str]] = Counter()
    for unit, state, count in seen.values_list("unit", "state").annotate(count=Count("pk")).order_by():
        totals[unit, state] += count
    counted = _by_area(totals)
    return [
        {"area": name, "state": str(state.label), "count": counted[path, state.name]}
        for state in Measure.flow.states
        for path, name in areas.items()
        if (path, state.name) in counted
    ]


def measures_by_part(branch: Branch, titles: dict[int, str]) -> list[dict]:
    """The same of what stands right under a plan or a goal: part (its title), state, count; nothing told as 0."""
    parts = branch.measures_by_part()
    other = _("Other measures")
    return [
        {
            "area": titles.get(part, other) if part else other,
            "state": str(state.label),
            "count": counts.get(state.name, 0),
        }
        for state in Measure.flow.states
        if any(state.name in counts for _part, counts in parts)
        for part, counts in parts
    ]


def _by_area(by_unit: Counter[tuple[int, str]]) -> Counter[tuple[str, str]]:
    """Added up in the unit right under the top that each lies in."""
    paths = dict(Unit.objects.values_list("pk", "path"))
    counted: Counter[tuple[str, str]] = Counter()
    for (unit, state), count in by_unit.items():
        counted["/".join(paths[unit].split("/")[:3]) + "/", state] += count
    return counted


def open_measures_of(person):
    """The open measures that a person may follow up, as items: what is asked of them is in the index of items."""
    mine = Item.objects.visible_to(person).where(person, "item.follow_up")
    return mine.filter(kind=Measure.kind_name(), ended__isnull=True)
