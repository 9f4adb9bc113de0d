"""What the council grants money to: its own choice, which need not follow the organisation."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Unit


class AreaQuerySet(models.QuerySet):
    def of_year(self, year: int):
        return self.filter(Q(last_year__isnull=True) | Q(last_year__gte=year), first_year__lte=year)


class Area(models.Model):
    """An appropriation area (bevilgningsområde) as it holds from a year on, and which figures belong to it.

    A cost centre is placed by its own code first, then by its function, then by the nearest unit above it.
    """

    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    units: "models.ManyToManyField" = models.ManyToManyField(
        Unit, verbose_name=_("units with those below them"), related_name="appropriation_areas", blank=True
    )
    functions = ArrayField(models.CharField(max_length=80), verbose_name=_("functions"), default=list, blank=True)
    cost_centres = ArrayField(models.CharField(max_length=80), verbose_name=_("cost centres"), default=list, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("appropriation area")
        verbose_name_plural = _("appropriation areas")
        ordering = ["number", "first_year"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="appropriation_area_has_a_name"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="appropriation_area_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["number", "first_year"], name="appropriation_area_numbered_once"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("economy:area", args=[self.pk])
