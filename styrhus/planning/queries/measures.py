"""Questions about plans, goals and measures."""

from django.db.models import Count

from styrhus.items.models import Item
from styrhus.organisation.models import Unit
from styrhus.planning.models import Measure


def measures_by_area(person) -> list[dict]:
    """How many measures a person sees in each area right under the municipality, by state: area, state, count."""
    areas = list(Unit.objects.exclude(parent=None).filter(parent__parent=None).order_by("path"))
    counted = Measure.objects.visible_to(person).values("unit__path", "state").annotate(count=Count("pk")).order_by()
    totals: dict[tuple[str, str], int] = {}
    for row in counted:
        for area in areas:
            if row["unit__path"].startswith(area.path):
                totals[area.name, row["state"]] = totals.get((area.name, row["state"]), 0) + row["count"]
    return [
        {"area": area.name, "state": str(state.label), "count": totals[area.name, state.name]}
        for state in Measure.flow.states
        for area in areas
        if (area.name, state.name) in totals
    ]


def open_measures_of(person):
    """The open measures that a person may follow up, as items: what is asked of them is in the index of items."""
    mine = Item.objects.visible_to(person).where(person, "item.follow_up")
    return mine.filter(kind=Measure.kind_name(), ended__isnull=True)
