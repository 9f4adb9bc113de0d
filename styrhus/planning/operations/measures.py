"""When a measure is closed, it is promised to say whether it worked; and it is said."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.items import operations as items
from styrhus.items.models import FollowUp
from styrhus.planning.models import EffectEvaluation, Measure
from styrhus.planning.queries.evaluation import verdict_on

UNKNOWN = EffectEvaluation.Verdict.UNKNOWN


def promise_evaluation(measure: Measure, *, by) -> None:
    """A closed measure with a date for its evaluation makes that a duty; never one that is late from the start."""
    if measure.evaluate_on is None or measure.evaluation_id is not None:
        return
    due = max(measure.evaluate_on, timezone.localdate())
    measure.evaluation = items.follow_up(
        measure.as_item, _("Evaluate the effect"), responsible=measure.responsible, due=due, by=by
    )
    measure.save(update_fields=["evaluation"])


def withdraw_evaluation(measure: Measure, *, by) -> None:
    """A measure that is opened again is not evaluated yet; what has been said of it stands."""
    promised = FollowUp.objects.open().filter(pk=measure.evaluation_id).first()
    Measure.objects.filter(pk=measure.pk).update(evaluation=None)
    if promised:
        promised.delete()


@transaction.atomic
def evaluate(measure: Measure, said: EffectEvaluation, *, by, again_on: date | None = None) -> EffectEvaluation:
    """Says whether a closed measure worked. What cannot be said yet gets a new date.

    Raises ValidationError by field.
    """
    held = Measure.objects.locked().get(pk=measure.pk)
    if held.state != Measure.DONE:
        raise ValidationError(_("The effect is evaluated when the measure is done."))
    if (before := verdict_on(held)) is not None:
        raise ValidationError(
            _("%(name)s has evaluated it already: “%(verdict)s”. Open the measure and read it.")
            % {"name": before.by, "verdict": before.get_verdict_display()}
        )
    if said.verdict == UNKNOWN and (again_on is None or again_on <= timezone.localdate()):
        raise ValidationError({"again_on": _("Choose a date to come: then it is to be evaluated again.")})
    said.measure, said.by = held, by
    said.full_clean()
    said.save()
    if said.verdict == UNKNOWN and again_on:
        _put_off(held, again_on, by=by)
    else:
        _settle(held, by=by, note=said.get_verdict_display())
    return said


def _put_off(measure: Measure, to: date, *, by) -> None:
    measure.evaluate_on = to
    measure.version += 1
    measure.save(update_fields=["evaluate_on", "version", "updated"])
    if measure.evaluation is None or measure.evaluation.done is not None:
        measure.evaluation = None
        promise_evaluation(measure, by=by)
    else:
        FollowUp.objects.filter(pk=measure.evaluation.pk).update(due=to)


def _settle(measure: Measure, *, by, note: str) -> None:
    if measure.evaluation is not None:
        items.tick_off(measure.evaluation, by=by, note=note)
