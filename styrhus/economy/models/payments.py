"""Who may certify and order payment."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Position, Unit


class PaymentRight(models.Model):
    """Who may certify (attestere) or order payment (anvise) for a unit and those below it, from one day to another."""

    class Right(models.TextChoices):
        CERTIFY = "certify", _("Certify (attestation)")
        ORDER = "order", _("Order payment (anvisning)")

    position = models.ForeignKey(Position, models.PROTECT, verbose_name=_("position"), related_name="payment_rights")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="payment_rights")
    right = models.CharField(_("right"), max_length=10, choices=Right)
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("right to certify or order payment")
        verbose_name_plural = _("rights to certify or order payment")
        ordering = ["unit__path", "right", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="payment_right_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["position", "unit", "right", "start"], name="a_payment_right_is_given_once"
            ),
        ]

    def __str__(self):
        return f"{self.position}: {self.get_right_display()}"

    def get_absolute_url(self):
        return reverse("economy:payment_right", args=[self.pk])
