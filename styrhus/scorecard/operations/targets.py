"""Target values are set with the action programme, and changed by a decision that is named."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.kit.refusals import told_in_words
from styrhus.organisation.access import require
from styrhus.scorecard.models import Indicator, Target

OVERLAPS = "one_target_of_a_unit_in_a_year"


@transaction.atomic
def set_target(target: Target, indicator: Indicator, *, on: date, by) -> Target:
    """Keeps a new target value. Raises ValidationError by field: years that overlap, or a year that has begun without

    a decision that is named: a target is never moved quietly while one steers by it.
    """
    require(by, "target.set", target.unit)
    if indicator.is_key_figure:
        raise ValidationError(_("A key figure has no target value."))
    if target.first_year <= on.year and not target.decision:
        raise ValidationError({"decision": _("The year has begun: name the decision that sets the target value.")})
    target.indicator, target.by = indicator, by
    with told_in_words({OVERLAPS: ("first_year", overlapping())}):
        target.save()
    return target


def overlapping() -> str:
    return _("The unit has a target value for one of these years already. Change the years, or remove that one first.")


@transaction.atomic
def remove_target(target: Target, *, by) -> None:
    """Raises ValidationError where the year has begun: what was aimed at is history then."""
    require(by, "target.set", target.unit)
    if target.first_year <= date.today().year:
        raise ValidationError(_("The year has begun, so what was aimed at stays. Set a new one from next year."))
    target.delete()
