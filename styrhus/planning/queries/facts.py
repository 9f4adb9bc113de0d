"""What the legal clock counts from: when plans were made public, consulted on and adopted."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from styrhus.items.facts import Fact
from styrhus.planning.models import Consultation, Objection, Plan

# The events of a plan itself, and the fields that hold their days.
DAYS = {"published": "published_on", "council_meeting": "decided_at", "adopted": "adopted_on"}


def facts(since: date, until: date) -> list[Fact]:
    """Of these days, both included; the type of a plan is its document type."""
    return [*_of_plans(since, until), *_of_consultations(since, until), *_of_objections(since, until)]


def _of_plans(since: date, until: date) -> Iterator[Fact]:
    within = Q()
    for field in DAYS.values():
        within |= Q(**{f"{field}__gte": since, f"{field}__lte": until})
    for plan in Plan.objects.filter(within).exclude(state=Plan.DROPPED).select_related("type").order_by("pk"):
        for event, field in DAYS.items():
            on = getattr(plan, field)
            if on and since <= on <= until:
                yield Fact(event, on, plan.type.code, plan.pk, plan.title)


def _of_consultations(since: date, until: date) -> Iterator[Fact]:
    within = Q(opened__gte=since, opened__lte=until) | Q(closes__gte=since, closes__lte=until)
    for each in Consultation.objects.filter(within).select_related("plan__type").order_by("pk"):
        of_programme = each.about == Consultation.About.PROGRAMME
        code = "planning_programme" if of_programme else each.plan.type.code
        for event, on in (("consultation_opened", each.opened), ("consultation_closed", each.closes)):
            if since <= on <= until:
                yield Fact(event, on, code, each.plan_id, each.plan.title, key=f"{event}:consultation:{each.pk}")


def _of_objections(since: date, until: date) -> Iterator[Fact]:
    """Plan- og bygningsloven § 5-6: the two weeks run from the decision on a plan with an objection not settled."""
    decided = Objection.objects.filter(plan__adopted_on__gte=since, plan__adopted_on__lte=until)
    for each in decided.filter(follow_up__isnull=False).select_related("plan").order_by("pk"):
        if each.plan.adopted_on:
            title = f"{each.authority} – {each.plan.title}"
            yield Fact(
                "decision",
                each.plan.adopted_on,
                "planning_objection",
                each.plan_id,
                title,
                key=f"decision:objection:{each.pk}",
            )
