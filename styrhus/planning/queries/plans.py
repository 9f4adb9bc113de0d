"""Questions about plans: what stands against one, what belongs with it, and what comes next."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from styrhus.planning.models import Plan, PlanType

# What makes nothing new: a plan that has lost its force cannot be followed up.
ENDED = (Plan.SUPERSEDED, Plan.REPEALED, Plan.DROPPED)


def reasons_against(plan: Plan) -> Iterator[tuple[str, str]]:
    """Why a plan cannot be saved as it is: field, sentence. Nothing when it can."""
    yield from _against_period(plan)
    stored = Plan.objects.filter(pk=plan.pk).values_list("follows_up", flat=True).first() if plan.pk else None
    if plan.follows_up and plan.follows_up_id != stored:
        yield from _against_following(plan, plan.follows_up)
    if plan.replaces and plan.first_year is not None:
        yield from _against_older(plan, plan.replaces)


def _against_period(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.last_year is not None and plan.first_year is not None and plan.last_year < plan.first_year:
        yield (
            "last_year",
            _("The last year, %(last)s, is before the first, %(first)s. Change one of them.")
            % {"last": plan.last_year, "first": plan.first_year},
        )


def _against_following(plan: Plan, above: Plan) -> Iterator[tuple[str, str]]:
    if above.pk == plan.pk:
        yield "follows_up", _("A plan cannot follow up itself. Choose another one, or none.")
    elif plan.pk and plan.pk in [each.pk for each in line_above(above)]:
        yield (
            "follows_up",
            _("“%(plan)s” itself follows up this plan, directly or by way of others. Choose another one.")
            % {"plan": above.title},
        )
    elif not above.is_in_force:
        yield (
            "follows_up",
            _("“%(plan)s” is not in force: its state is “%(state)s”. Choose a plan that is adopted.")
            % {"plan": above.title, "state": above.get_state_display()},
        )


def _against_older(plan: Plan, older: Plan) -> Iterator[tuple[str, str]]:
    if plan.first_year <= older.first_year:
        yield (
            "first_year",
            _("The version before this one begins in %(year)s. A new version must begin later.")
            % {"year": older.first_year},
        )
    elif looks_further(older, plan) and not plan.shortens_older:
        yield "shortens_older", overlap_in_words(older, plan)


def looks_further(older: Plan, plan: Plan) -> bool:
    """The version before holds for years that the new one takes over."""
    return older.last_year is None or older.last_year >= plan.first_year


def overlap_in_words(older: Plan, plan: Plan) -> str:
    words = {"period": older.period, "first": plan.first_year, "last": plan.first_year - 1}
    return (
        _(
            "The version before this one holds for %(period)s, so both would hold from %(first)s. "
            "Tick here to let it hold to and including %(last)s, or choose another first year."
        )
        % words
    )


def living_plans(person, plan_type: str = ""):
    """Those that hold or are being made, in the order of the plan system."""
    wanted = Q(state=Plan.ADOPTED) | Q(state__in=Plan.UNDER_WORK)
    plans = Plan.objects.visible_to(person).filter(wanted)
    if plan_type:
        plans = plans.filter(type__code=plan_type)
    return plans.select_related("type", "follows_up").order_by("type__order", "title_key", "first_year", "pk")


def line_above(plan: Plan) -> list[Plan]:
    """The plan, what it follows up, and so on to the top."""
    found: list[Plan] = []
    current: Plan | None = plan
    while current is not None and current not in found:
        found.append(current)
        current = current.follows_up
    return found


def proposed_above(plan_type: PlanType, person, on: date) -> Plan | None:
    """The newest plan in force of the type that this type follows up."""
    if plan_type.above_id is None:
        return None
    plans = Plan.objects.visible_to(person).in_force(on).filter(type=plan_type.above_id, state=Plan.ADOPTED)
    return plans.order_by("-first_year", "-pk").first()


def followable(person, chosen: int | None = None):
    """Plans that another may follow up: those in force, and the one that is chosen already."""
    wanted = Q(state=Plan.ADOPTED) | Q(pk=chosen)
    return Plan.objects.visible_to(person).filter(wanted).order_by("type__order", "title_key", "pk")


def relatives_of(plan: Plan, person) -> dict:
    """The plans that belong with one, as far as the person may see them, in one query."""
    near = {plan.follows_up_id, plan.replaces_id} - {None}
    same = Q(first=plan.series) | Q(pk=plan.series)
    found = Plan.objects.visible_to(person).filter(Q(pk__in=near) | Q(follows_up=plan.pk) | same).exclude(pk=plan.pk)
    plans = {each.pk: each for each in found.select_related("type").order_by("type__order", "first_year", "pk")}
    return {
        "follows_up": plans.get(plan.follows_up_id),
        "replaces": plans.get(plan.replaces_id),
        "replaced_by": next((each for each in plans.values() if each.replaces_id == plan.pk), None),
        "followed_up_by": [
            each for each in plans.values() if each.follows_up_id == plan.pk and each.state not in ENDED
        ],
        "versions": sorted(
            (each for each in [*plans.values(), plan] if each.series == plan.series),
            key=lambda each: (-each.first_year, -each.pk),
        ),
    }


def way_of(plan: Plan) -> list[dict]:
    """The states from the first to adoption that a plan of this type goes through, and where this one is.

    Programme and consultation are left out where the type has none and this plan has not been there.
    """
    left_out = set()
    if not plan.type.has_programme:
        left_out.add(Plan.PROGRAMME_SET)
    if plan.type.consultation_weeks is None:
        left_out.add(Plan.ON_CONSULTATION)
    names = [name for name in (*Plan.UNDER_WORK, Plan.ADOPTED) if name not in left_out - {plan.state}]
    ended = plan.state in ENDED
    here = names.index(Plan.ADOPTED) if ended else names.index(plan.state)
    if plan.state == Plan.DROPPED:
        names, here = [Plan.DROPPED], 0
    elif ended:
        names, here = [*names, plan.state], here + 1
    return [
        {"label": Plan.flow.label(name), "is_done": place < here, "is_here": place == here}
        for place, name in enumerate(names)
    ]
