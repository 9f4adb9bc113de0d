"""A leader says what the year will come to."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.economy.models import Forecast
from styrhus.economy.queries.money import FAR_OFF
from styrhus.organisation.access import require

GIVES = "forecast.give"


@transaction.atomic
def give(forecast: Forecast, *, by) -> Forecast:
    """Raises ValidationError by field: nothing booked yet, or far from the budget and no reason."""
    require(by, GIVES, forecast.unit)
    if not forecast.month:
        raise ValidationError(_("Nothing is booked this year yet."))
    if abs(forecast.deviation) > abs(forecast.budget) * FAR_OFF and not forecast.comment:
        words = _("The forecast is far from the budget. Write why, and what is done about it.")
        raise ValidationError({"comment": words})
    forecast.by = by
    forecast.save()
    return forecast
