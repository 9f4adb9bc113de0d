"""What a plan may fetch from, and why not from another."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from styrhus.planning.models import Plan

CROSS_CUTTING = "cross_cutting_plan"


def why_not_from(plan: Plan, source: Plan) -> str:
    """Why this plan cannot fetch from that one, in words; nothing when it can."""
    if source.pk == plan.pk:
        return _("A plan does not fetch from itself.")
    if source.ended is not None:
        return _("“%(plan)s” is “%(state)s”, so nothing is fetched from it. Fetch from the plan that holds now.") % {
            "plan": source.title,
            "state": source.get_state_display(),
        }
    if source.pk in (*line_of(plan), plan.replaces_id) or source.type.code == CROSS_CUTTING:
        return ""
    return _("“%(plan)s” is neither above this plan, nor the version before it, nor a cross-cutting plan.") % {
        "plan": source.title
    }


def line_of(plan: Plan) -> list[int]:
    """The keys of the plans above one, the nearest first."""
    found: list[int] = []
    current = plan.follows_up
    while current is not None and current.pk not in found:
        found.append(current.pk)
        current = current.follows_up
    return found


def sources_of(plan: Plan, person) -> list[dict]:
    """The version before, the plans above and the cross-cutting ones that have contents, and why nothing comes from it.

    A version begins with what the one before it said.
    """
    line = [plan.replaces_id, *line_of(plan)] if plan.replaces_id else line_of(plan)
    wanted = Q(pk__in=line) | Q(type__code=CROSS_CUTTING, state=Plan.ADOPTED)
    found = Plan.objects.visible_to(person).filter(wanted).exclude(pk=plan.pk).select_related("type")
    counted = found.annotate(things=Count("contents")).filter(things__gt=0).in_bulk()
    order = {key: place for place, key in enumerate(line)}
    plans = sorted(counted.values(), key=lambda each: (order.get(each.pk, len(order)), each.title))
    return [{"plan": each, "reason": why_not_from(plan, each)} for each in plans]
