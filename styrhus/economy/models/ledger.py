"""What has been booked and what has been granted, line by line as the accounting system gives it.

Amounts are whole øre with the sign of the accounts: expense and assets +, income, equity and liabilities −.
"""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.trail.models import ThisTransaction

# 0 is a figure of the whole year; 13 is what is booked when the year is closed.
LAST_MONTH = 13


class Book(models.TextChoices):
    ACCOUNTS = "accounts", _("Accounts")
    BUDGET = "budget", _("Budget")
    REPORTED = "reported", _("Reported to KOSTRA")


class Version(models.Model):
    """A budget as it stood: original, amended, proposed. Each year has its own."""

    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("name"), max_length=100)
    # What it adds to: its lines are those of that version and its own.
    based_on = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("builds on"), related_name="further", null=True, blank=True
    )
    # How the file it came from was laid out, so that it can go back the same way: columns ([column, field], …) and
    # what was said once for the whole file.
    layout = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("budget version")
        verbose_name_plural = _("budget versions")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="budget_version_named_once_in_a_year"),
            models.CheckConstraint(condition=~Q(name=""), name="budget_version_has_a_name"),
            models.CheckConstraint(
                condition=Q(based_on__isnull=True) | ~Q(based_on=F("pk")), name="version_builds_on_another"
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.year}"

    def get_absolute_url(self):
        return reverse("economy:version", args=[self.pk])


class ExtractQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(replaced_by=None, undone_in=None)


class Extract(models.Model):
    """The lines of one month as a source gave them (uttrekk). A later one of the same month takes its place.

    Sealed by the database with the transaction that wrote it: no line is added, changed or taken away after.
    """

    book = models.CharField(_("book"), max_length=10, choices=Book)
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name=_("version"), related_name="extracts", null=True, blank=True
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), default=0)
    source = models.CharField(_("source"), max_length=100, blank=True)
    # Tells the file it came from, read in its way, from all others.
    mark = models.CharField(max_length=64)
    # Tells the lines from all others, in whatever order they stand; empty of what was loaded before it was kept.
    fingerprint = models.CharField(max_length=20, blank=True, editable=False)
    lines = models.PositiveIntegerField(_("lines"), default=0, editable=False)
    total = models.BigIntegerField(_("sum"), default=0, editable=False)
    is_sealed = models.BooleanField(default=False, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField(_("loaded"), db_default=TransactionNow(), editable=False)
    written_in = models.BigIntegerField(db_default=ThisTransaction(), editable=False)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    undone_in = models.BigIntegerField(null=True, editable=False)

    objects = ExtractQuerySet.as_manager()

    class Meta:
        verbose_name = _("extract")
        verbose_name_plural = _("extracts")
        ordering = ["-year", "book", "-month", "-pk"]
        indexes = [models.Index(fields=["written_in"], name="extracts_of_a_load")]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "version", "year", "month", "source"],
                condition=Q(replaced_by__isnull=True, undone_in__isnull=True),
                nulls_distinct=False,
                name="one_extract_of_a_month_stands",
            ),
            models.CheckConstraint(condition=Q(month__lte=LAST_MONTH), name="extract_is_of_a_month"),
            models.CheckConstraint(
                condition=Q(book="budget", version__isnull=False) | (~Q(book="budget") & Q(version__isnull=True)),
                name="only_a_budget_has_versions",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("pk")), name="extract_is_replaced_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.get_book_display()} {self.year}–{self.month:02}"


class Line(models.Model):
    """One line of an extract, never changed. Codes stand as the source writes them."""

    extract = models.ForeignKey(Extract, models.PROTECT, related_name="all_lines", db_index=False)
    # 0 investment, 1 operations, 2 balance; 3–5 the same of other accounting units (KOSTRA).
    account_class = models.CharField(_("account class"), max_length=1)
    cost_centre = models.CharField(_("cost centre"), max_length=80)
    kind = models.CharField(_("kind"), max_length=80)
    function = models.CharField(_("function"), max_length=80)
    project = models.CharField(_("project"), max_length=80)
    free = models.CharField(_("free dimension"), max_length=80)
    amount = models.BigIntegerField(_("amount"))
    voucher = models.CharField(_("voucher"), max_length=40)
    text = models.CharField(_("text"), max_length=400)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["pk"]
        indexes = [models.Index(fields=["extract", "cost_centre", "kind"], name="lines_by_cost_centre")]
        constraints = [
            models.CheckConstraint(
                condition=Q(account_class__in=["0", "1", "2", "3", "4", "5"]), name="line_has_an_account_class"
            )
        ]

    def __str__(self):
        return f"{self.cost_centre} {self.kind} {self.amount}"


class Balance(models.Model):
    """What the lines of an extract come to by class, cost centre, kind and function: made by the database."""

    extract = models.ForeignKey(Extract, models.CASCADE, related_name="balances", db_index=False)
    account_class = models.CharField(max_length=1)
    cost_centre = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    function = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    lines = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(
                fields=["extract", "cost_centre", "kind", "function", "account_class"], name="one_balance_of_each_code"
            )
        ]

    def __str__(self):
        return f"{self.cost_centre} {self.kind} {self.amount}"
