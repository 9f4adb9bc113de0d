"""Changes of the budget in the year, each with who decided it and by what authority."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.delegation.models import Authorisation
from styrhus.economy.models.ledger import Extract, Version


class Amendment(models.Model):
    """A change of a budget version (budsjettendring). When it is taken in, its lines are an extract, and stay."""

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("budget version"), related_name="amendments")
    title = models.CharField(_("what is changed"), max_length=200)
    reason = models.TextField(_("why"), max_length=2_000, blank=True)
    # The first month it counts from; 0 where it is of the whole year.
    month = models.PositiveSmallIntegerField(_("from month"), default=0)
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    authority = models.ForeignKey(
        Authorisation, models.PROTECT, verbose_name=_("authority"), related_name="+", null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made = models.DateTimeField(_("made"), auto_now_add=True)
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    taken_in_at = models.DateTimeField(_("taken in"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget amendment")
        verbose_name_plural = _("budget amendments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="amendment_says_what_it_is"),
            models.CheckConstraint(condition=Q(month__lte=12), name="amendment_begins_in_a_month"),
            models.CheckConstraint(
                condition=Q(taken_in_at__isnull=True, taken_in_by__isnull=True)
                | Q(taken_in_at__isnull=False, taken_in_by__isnull=False)
                & (Q(authority__isnull=False) | (~Q(decision="") & Q(decided_on__isnull=False))),
                name="amendment_rests_on_a_decision",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("economy:amendment", args=[self.pk])

    @property
    def is_taken_in(self) -> bool:
        return self.taken_in_at is not None

    @property
    def source(self) -> str:
        return f"{AMENDMENT} {self.pk}"

    @property
    def extracts(self):
        return Extract.objects.standing().filter(version=self.version_id, source=self.source)


# What the extracts of amendments have as their source: a mark in the data, no word for people.
AMENDMENT = "Budsjettendring"


class AmendmentLine(models.Model):
    """Øre for the rest of the year with the sign of the accounts: what an account is given, or gives away."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="lines")
    account_class = models.CharField(_("account class"), max_length=1, default="1")
    cost_centre = models.CharField(_("cost centre"), max_length=80)
    kind = models.CharField(_("account kind"), max_length=80)
    function = models.CharField(_("function"), max_length=80, blank=True)
    project = models.CharField(_("project"), max_length=80, blank=True)
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("line of an amendment")
        verbose_name_plural = _("lines of amendments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="amendment_line_changes_something"),
            models.CheckConstraint(condition=Q(account_class__in=["0", "1"]), name="amendment_is_of_the_budget"),
        ]

    def __str__(self):
        return f"{self.cost_centre} {self.kind}"

    @property
    def codes(self) -> tuple[str, str, str, str]:
        return self.account_class, self.cost_centre, self.kind, self.function
