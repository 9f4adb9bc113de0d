"""Questions about the making of plans."""

from collections import Counter

from django.db.models import Prefetch, Q

from styrhus.planning.models import Judgement, Objection, Plan, ProgrammeEntry
from styrhus.planning.queries import guards

# What must come before a step, for steps that are shown with the reason instead of a button.
BEFORE = {
    "set_programme": guards.before_programme_is_set,
    "open_consultation": guards.before_consultation,
    "submit": guards.before_submission,
}


def reasons_before(plan: Plan, step: str) -> list[str]:
    asked = BEFORE.get(step)
    return asked(plan) if asked else []


def making_of(plan: Plan, person) -> dict:
    """What belongs to the making of one plan, as its page shows it."""
    judged = Judgement.objects.filter(plan=plan, strategy__in=Plan.objects.visible_to(person).values("pk"))
    return {
        "consultations": list(plan.consultations.all()),
        "objections": objections_of(plan),
        "programme": programme_of(plan) if plan.type.has_programme else {},
        "guidelines": list(plan.guidelines.all()),
        "judged": list(judged.select_related("strategy").order_by("-strategy__first_year", "pk")),
        "counted": counted_judgements(plan) if plan.is_planning_strategy else [],
    }


def objections_of(plan: Plan) -> list[Objection]:
    return list(plan.objections.all()) if plan.type.objections_possible else []


def programme_of(plan: Plan) -> dict:
    """The lines of the programme under what they are, in the order of the law."""
    lines = list(plan.programme.select_related("follow_up__responsible"))
    return {
        kind.label: found for kind in ProgrammeEntry.Kind if (found := [line for line in lines if line.kind == kind])
    }


def counted_judgements(strategy: Plan) -> list[tuple]:
    counted = Counter(strategy.judgements.values_list("choice", flat=True))
    return [(choice.label, counted[choice]) for choice in Judgement.Choice if counted[choice]]


def judged_by(strategy: Plan, person, plan_type: str = ""):
    """The plans that a strategy looks at: those in force or under work, and what it says of each."""
    said = Prefetch("judged_in", Judgement.objects.filter(strategy=strategy), to_attr="said")
    plans = Plan.objects.visible_to(person).with_revision(person).exclude(pk=strategy.pk)
    plans = plans.filter(Q(state=Plan.ADOPTED) | Q(state__in=Plan.UNDER_WORK))
    if plan_type:
        plans = plans.filter(type__code=plan_type)
    return plans.select_related("type").prefetch_related(said).order_by("type__order", "title_key", "pk")
