"""What a leader expects the year to come to."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Unit
from styrhus.planning.models import Measure


class Forecast(models.Model):
    """A unit's forecast (årsprognose) with a month booked: net operations with those below it. Never changed.

    Øre with the sign of the accounts. A new one of the same month stands beside the old, and the newest holds.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="forecasts", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    amount = models.BigIntegerField(_("forecast"))
    # What the program had computed, and what was granted, when it was given: held against the outcome afterwards.
    computed = models.BigIntegerField(_("computed"))
    budget = models.BigIntegerField(_("budget"))
    comment = models.TextField(_("comment"), blank=True, max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("given"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-year", "-month", "-pk"]
        indexes = [models.Index(fields=["unit", "-year", "-month", "-id"], name="forecasts_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="forecast_is_of_a_month"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.year}–{self.month:02}"

    @property
    def deviation(self) -> int:
        """More spent than granted is above nought."""
        return self.amount - self.budget


class Answer(models.Model):
    """A measure that is taken because a forecast is far from the budget."""

    forecast = models.ForeignKey(Forecast, models.CASCADE, related_name="answers")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("measure because of a forecast")
        verbose_name_plural = _("measures because of forecasts")
        constraints = [models.UniqueConstraint(fields=["forecast", "measure"], name="a_measure_answers_once")]

    def __str__(self):
        return str(self.measure)
