"""Which focus areas and goals hold in a year."""

from django.db.models import Q

from styrhus.organisation.models import Unit
from styrhus.planning.models import Goal
from styrhus.scorecard.models import FocusArea, ScorecardGoal


def holding(year: int) -> dict[int, FocusArea]:
    """Every focus area → the one of its line that holds in a year: what it was called then, or is to be called.

    One that nothing holds for stands for itself, so that nothing that is measured is lost from sight.
    """
    areas = {area.pk: area for area in FocusArea.objects.all()}
    later = {area.replaces_id: area for area in areas.values() if area.replaces_id}
    found: dict[int, FocusArea] = {}
    for first in (area for area in areas.values() if not area.replaces_id):
        line = [first]
        while line[-1].pk in later:
            line.append(later[line[-1].pk])
        held = next((area for area in line if area.holds_in(year)), None)
        found |= {area.pk: held or area for area in line}
    return found


def line_of(area: FocusArea, year: int) -> list[int]:
    """The keys of all that stand for the same area in a year."""
    areas = holding(year)
    wanted = areas.get(area.pk, area)
    return [pk for pk, each in areas.items() if each == wanted]


def goals_on_card(unit: Unit, year: int, person) -> list[ScorecardGoal]:
    """The goals that are followed in a unit that year: those common to all, its own, and those of units around it."""
    near = Q(goal__unit__in=unit.path_ids()) | Q(goal__unit__parent=unit)
    seen = Goal.objects.visible_to(person).filter(ended=None)
    found = ScorecardGoal.objects.of_year(year).filter(Q(is_common=True) | near, goal__in=seen)
    return list(found.select_related("goal__unit").order_by("-is_common", "goal__title_key"))
