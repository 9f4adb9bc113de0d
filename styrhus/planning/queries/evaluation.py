"""Which measures are to be evaluated, and which have been."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import FollowUp
from styrhus.planning.models import EffectEvaluation, Measure

Verdict = EffectEvaluation.Verdict
AWAITED, LATE = "awaited", "late"
# As the register offers them.
EVALUATED = [(AWAITED, _("Not evaluated yet")), (LATE, _("Evaluation overdue")), *Verdict.choices]


def by_evaluation(measures: QuerySet, asked: str, on: date) -> QuerySet:
    """Closed measures by what has been said of their effect: awaited, late, or the latest verdict."""
    said = EffectEvaluation.objects.filter(measure=OuterRef("pk"))
    if asked not in (AWAITED, LATE):
        return (
            measures.filter(evaluations__isnull=False)
            .annotate(latest=Subquery(said.values("verdict")[:1]))
            .filter(latest=asked)
            .distinct()
        )
    settled = Exists(said.filter(at__gte=OuterRef("ended")).exclude(verdict=Verdict.UNKNOWN))
    waiting = measures.filter(~settled, state=Measure.DONE, evaluate_on__isnull=False)
    return waiting.filter(Q(evaluate_on__lt=on)) if asked == LATE else waiting


def verdict_on(measure: Measure) -> EffectEvaluation | None:
    """What has been said for good since the measure was closed; what was said before it was opened again is history."""
    if measure.ended is None:
        return None
    said = measure.evaluations.filter(at__gte=measure.ended).exclude(verdict=Verdict.UNKNOWN)
    return said.select_related("by").first()


def awaits_evaluation(measure: Measure) -> bool:
    """A closed measure whose effect nobody has judged."""
    return measure.state == Measure.DONE and verdict_on(measure) is None


def where_evaluated(duty: FollowUp) -> str:
    """The duty to evaluate is done by saying whether the measure worked: the address of the page that asks, or ""."""
    measure = Measure.objects.filter(evaluation=duty.pk).only("pk", "state", "ended").first()
    if measure is None or not awaits_evaluation(measure):
        return ""
    return reverse("planning:evaluate", args=[measure.pk])
