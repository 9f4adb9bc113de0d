"""The codes that money is told apart by, as they hold from a year on."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.economy.kostra import Reading
from styrhus.organisation.models import Unit


class Dimension(models.TextChoices):
    COST_CENTRE = "cost_centre", _("Cost centre")
    KIND = "kind", _("Account kind")
    FUNCTION = "function", _("Function")
    PROJECT = "project", _("Project")
    FREE = "free", _("Free dimension")


# What KOSTRA has lists of.
REPORTED = (Dimension.KIND, Dimension.FUNCTION)


class CodeQuerySet(models.QuerySet):
    def of_year(self, year: int):
        return self.filter(Q(last_year__isnull=True) | Q(last_year__gte=year), first_year__lte=year)

    def unmapped(self):
        """Codes that no figure can be placed by: a cost centre without a unit, a kind or function without KOSTRA's."""
        return self.filter(Q(dimension=Dimension.COST_CENTRE, unit=None) | Q(dimension__in=REPORTED, kostra=""))


class Code(models.Model):
    """One code of the accounts (kontoplan). A change of meaning is a new row from a year on: history keeps the old."""

    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension)
    code = models.CharField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=200, blank=True)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    kostra = models.CharField(_("KOSTRA's code"), max_length=3, blank=True)
    # An exception is written by hand, and is left alone when the rule changes.
    is_exception = models.BooleanField(_("exception from the rule"), default=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="cost_centres", null=True, blank=True
    )

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code of the accounts")
        verbose_name_plural = _("codes of the accounts")
        ordering = ["dimension", "code", "first_year"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="account_code_is_written"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="account_code_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["dimension", "code", "first_year"], name="account_code_begins_once_in_a_year"
            ),
            models.UniqueConstraint(
                fields=["dimension", "code"], condition=Q(last_year__isnull=True), name="account_code_holds_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(dimension="cost_centre"), name="only_a_cost_centre_has_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(kostra="") | Q(dimension__in=["kind", "function"]),
                name="only_kinds_and_functions_are_reported",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self):
        return reverse("economy:edit_code", args=[self.pk])


class CodeRule(models.Model):
    """How codes of one length are read: which figure is the account class, and where KOSTRA's three figures begin."""

    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension)
    length = models.PositiveSmallIntegerField(_("length of the code"))
    class_at = models.PositiveSmallIntegerField(_("the account class is figure number"), null=True, blank=True)
    kostra_at = models.PositiveSmallIntegerField(_("KOSTRA's code begins at figure number"))

    class Meta:
        verbose_name = _("rule for codes")
        verbose_name_plural = _("rules for codes")
        ordering = ["dimension", "length"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "length"], name="one_rule_for_a_length"),
            models.CheckConstraint(
                condition=Q(kostra_at__gte=1, length__gte=F("kostra_at") + 2), name="code_rule_lies_within_the_code"
            ),
            models.CheckConstraint(
                condition=Q(class_at__isnull=True) | Q(class_at__gte=1, class_at__lte=F("length")),
                name="class_rule_lies_within_the_code",
            ),
        ]

    def __str__(self):
        return f"{self.get_dimension_display()}, {self.length}"

    @property
    def reading(self) -> Reading:
        return Reading(self.length, self.kostra_at, self.class_at)
