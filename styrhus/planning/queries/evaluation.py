"""Which measures are to be evaluated, and which have been."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

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
    settled = Exists(said.exclude(verdict=Verdict.UNKNOWN))
    waiting = measures.filter(~settled, state=Measure.DONE, evaluate_on__isnull=False)
    return waiting.filter(Q(evaluate_on__lt=on)) if asked == LATE else waiting


def awaits_evaluation(measure: Measure) -> bool:
    """A closed measure whose effect nobody has judged."""
    if measure.state != Measure.DONE:
        return False
    return not measure.evaluations.exclude(verdict=Verdict.UNKNOWN).exists()
