"""Who certifies and who orders payment: never the same person for the same unit."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.economy.models import PaymentRight
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.queries.payments import clashes_of, who_holds
from styrhus.organisation.access import require


@transaction.atomic
def keep_right(right: PaymentRight, *, by) -> PaymentRight:
    """Raises ValidationError where the position, or the person in it, has the other right of the same unit."""
    require(by, KEEPS)
    right.full_clean()
    # Two who give the two rights at the same moment come one after the other.
    list(PaymentRight.objects.select_for_update().values_list("pk"))
    clashing = clashes_of(right)
    if clashing:
        words = _("%(who)s has the right “%(right)s” for %(unit)s already. One person cannot do both.")
        said = [
            words % {"who": who_holds(each) or each.position, "right": each.get_right_display(), "unit": each.unit}
            for each in clashing
        ]
        raise ValidationError({"position": said})
    right.save()
    return right


@transaction.atomic
def end_right(right: PaymentRight, on: date, *, by) -> PaymentRight:
    require(by, KEEPS)
    if on < right.start:
        raise ValidationError({"end": _("It ends before it begins.")})
    right.end = on
    right.save()
    return right
