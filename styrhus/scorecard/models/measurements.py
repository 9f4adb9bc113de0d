"""What was measured: one figure of an indicator in a unit and a period."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from styrhus.scorecard.models.indicators import NUMBER, Series
from styrhus.trail.models import ThisTransaction


class MeasurementQuerySet(models.QuerySet):
    def standing(self):
        """Those that hold: a corrected figure is kept, and shown as what stood before."""
        return self.filter(replaced_in__isnull=True)


class Measurement(models.Model):
    """A figure as it was entered. Never changed: a correction is a new row, and the old one says when it was replaced.

    Of a ratio the two parts are kept and never the quotient; of everything else the value.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="measurements", db_index=False)
    # The first day of the period that the figure is about.
    start = models.DateField(_("period"))
    value = models.DecimalField(_("value"), null=True, blank=True, **NUMBER)
    numerator = models.DecimalField(_("numerator"), null=True, blank=True, **NUMBER)
    denominator = models.DecimalField(_("denominator"), null=True, blank=True, **NUMBER)
    weight = models.DecimalField(_("weight"), null=True, blank=True, **NUMBER)
    respondents = models.PositiveIntegerField(_("people behind the figure"), null=True, blank=True)
    note = models.CharField(_("comment"), max_length=2_000, blank=True, default="", db_default="")
    source = models.CharField(_("source"), max_length=120, blank=True, default="", db_default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False, editable=False
    )
    at = models.DateTimeField(auto_now_add=True)
    written_in = models.BigIntegerField(db_default=ThisTransaction(), editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)
    replaced_in = models.BigIntegerField(null=True, editable=False)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "start"],
                condition=Q(replaced_in__isnull=True),
                include=["value", "numerator", "denominator", "weight", "respondents"],
                name="one_figure_of_a_period",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__gte=0),
                name="figure_is_a_value_or_both_parts",
            ),
            models.CheckConstraint(condition=Q(weight__isnull=True) | Q(weight__gte=0), name="weight_is_not_negative"),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True, replaced_in__isnull=True)
                | Q(replaced_at__isnull=False, replaced_in__isnull=False),
                name="replaced_when_and_in_what",
            ),
        ]
        indexes = [
            models.Index(fields=["series", "-start"], name="figures_of_series"),
            models.Index(fields=["written_in"], name="figures_of_a_load"),
        ]

    def __str__(self):
        return f"{self.series_id} {self.start}"
