"""What is aimed at: target values by unit and year, adopted with the action programme."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Unit
from styrhus.scorecard.models.indicators import NUMBER, Indicator
from styrhus.scorecard.status import Aim, Direction


def _same(field: str) -> Func:
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Target(models.Model):
    """What a unit, and every unit below it without a target of its own, is to reach in some years (måltall)."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    first_year = models.PositiveSmallIntegerField(_("from year"))
    last_year = models.PositiveSmallIntegerField(_("to year"))
    value = models.DecimalField(_("target value"), null=True, blank=True, **NUMBER)
    low = models.DecimalField(_("from value"), null=True, blank=True, **NUMBER)
    high = models.DecimalField(_("to value"), null=True, blank=True, **NUMBER)
    # Why a unit aims at something else than what is common, and what decided it.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decision = models.CharField(_("decision"), max_length=250, blank=True)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("target value")
        verbose_name_plural = _("target values")
        ordering = ["first_year", "unit"]
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="target_years_go_forward"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, low__isnull=True, high__isnull=True)
                | Q(value__isnull=True, low__isnull=False, high__gte=F("low")),
                name="target_is_a_value_or_an_interval",
            ),
            ExclusionConstraint(
                name="one_target_of_a_unit_in_a_year",
                expressions=[
                    (_same("indicator"), RangeOperators.OVERLAPS),
                    (_same("unit"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("first_year"),
                            F("last_year"),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.first_year}–{self.last_year}"

    def aim(self, indicator: Indicator) -> Aim:
        direction = Direction.INTERVAL if self.value is None else indicator.direction
        return Aim(direction, self.value, self.low, self.high, indicator.tolerance)
