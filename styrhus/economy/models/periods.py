"""Which months may still be booked in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from styrhus.economy.models.ledger import LAST_MONTH


class Period(models.Model):
    """A month of a year that is preliminary or closed; one without a row is open."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PRELIMINARY = "preliminary", _("Preliminary")
        CLOSED = "closed", _("Closed for booking")

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-year", "month"]
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="one_state_of_a_period"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=LAST_MONTH), name="period_is_a_month"),
        ]

    def __str__(self):
        return f"{self.year}–{self.month:02}"
