"""Figures of other municipalities, and the groups that one compares oneself with."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.scorecard.models.indicators import NUMBER, Indicator
from styrhus.trail.models import ThisTransaction


class Municipality(models.Model):
    """A municipality as the source numbers it. Numbers changed in 2020 and 2024: the old one is a row of its own."""

    number = models.CharField(_("municipality number"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kostra_group = models.CharField(_("KOSTRA group"), max_length=40, blank=True)
    is_own = models.BooleanField(_("our own municipality"), default=False)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{4}$"), name="municipality_number_has_four_digits"
            ),
            models.UniqueConstraint(fields=["is_own"], condition=Q(is_own=True), name="one_municipality_is_our_own"),
        ]

    def __str__(self):
        return f"{self.name} ({self.number})"


class ComparisonGroup(models.Model):
    """Those one compares oneself with: all of a KOSTRA group, or those that are chosen one by one."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kostra_group = models.CharField(_("KOSTRA group"), max_length=40, blank=True)
    members = models.ManyToManyField(Municipality, verbose_name=_("municipalities"), related_name="+", blank=True)

    class Meta:
        verbose_name = _("comparison group")
        verbose_name_plural = _("comparison groups")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("scorecard:edit_comparison_group", args=[self.pk])

    def others(self):
        """Its municipalities without our own, which is compared with them."""
        found = Municipality.objects.filter(is_own=False)
        if self.kostra_group:
            return found.filter(kostra_group=self.kostra_group)
        return found.filter(pk__in=self.members.values("pk"))


class OthersFigure(models.Model):
    """What an indicator came to in a municipality. Never changed: a correction is a new row, as with our own."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="others_figures", db_index=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="figures")
    # The first day of the period that the figure is about.
    start = models.DateField(_("period"))
    value = models.DecimalField(_("value"), **NUMBER)
    source = models.CharField(_("source"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    written_in = models.BigIntegerField(db_default=ThisTransaction(), editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)
    replaced_in = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("figure of a municipality")
        verbose_name_plural = _("figures of municipalities")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "start", "municipality"],
                condition=Q(replaced_in__isnull=True),
                name="one_figure_of_a_municipality_in_a_period",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True, replaced_in__isnull=True)
                | Q(replaced_at__isnull=False, replaced_in__isnull=False),
                name="others_figure_replaced_when_and_in_what",
            ),
        ]
        indexes = [models.Index(fields=["written_in"], name="others_figures_of_a_load")]

    def __str__(self):
        return f"{self.indicator_id} {self.municipality_id} {self.start}"
