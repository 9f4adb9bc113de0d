"""Controls over the house's own data. The first is owner health: does anybody stand by what has been promised?"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Unit


class OwnerHealth(models.Model):
    """What one unit itself answered for in one week, and how much of it nobody stood by. Exempt things are not counted:
    the trend is for everyone who may see the unit, and a number may not tell of what they may not see.

    The running week is counted anew each night, so that its row tells of last night.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    # Its Monday.
    week = models.DateField(_("week"))
    counted = models.DateField(_("counted on"))
    things = models.PositiveIntegerField()
    vacant = models.PositiveIntegerField()
    never = models.PositiveIntegerField()
    late = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("owner health of a unit")
        verbose_name_plural = _("owner health of units")
        ordering = ["week", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["week", "unit"], name="owner_health_once_a_week"),
            models.CheckConstraint(
                condition=Q(things__gte=F("vacant") + F("never") + F("late")), name="findings_are_among_the_things"
            ),
            models.CheckConstraint(condition=Q(counted__gte=F("week")), name="week_is_counted_when_it_has_begun"),
        ]

    def __str__(self):
        return f"{self.unit} {self.week}"
