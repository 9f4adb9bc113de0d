"""How a budget is made: frames down the tree, posts with pay, other lines, and how it is spread over the year."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.economy.models.ledger import Version
from styrhus.organisation.models import Unit

MONTHS = 12


class Frame(models.Model):
    """What a unit with those below it may spend, net (ramme). Øre with the sign of the accounts."""

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("budget version"), related_name="frames")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="frames", db_index=False)
    amount = models.BigIntegerField(_("frame"))

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        constraints = [models.UniqueConstraint(fields=["unit", "version"], name="one_frame_of_a_unit")]

    def __str__(self):
        return f"{self.unit_id} {self.amount}"


def _percent(label):
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal(0))])


class WageRates(models.Model):
    """What pay costs beside itself in a year, in per cent, and the account kinds that it is booked on."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    holiday_pay = _percent(_("holiday pay, per cent"))
    pension = _percent(_("pension, per cent"))
    employer = _percent(_("employer's contribution, per cent"))
    pay_kind = models.CharField(_("kind for pay"), max_length=80, default="10100")
    substitute_kind = models.CharField(_("kind for substitutes"), max_length=80, default="10200")
    additions_kind = models.CharField(_("kind for additions"), max_length=80, default="10500")
    pension_kind = models.CharField(_("kind for pension"), max_length=80, default="10900")
    employer_kind = models.CharField(_("kind for employer's contribution"), max_length=80, default="10990")

    class Meta:
        verbose_name = _("wage rates")
        verbose_name_plural = _("wage rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(holiday_pay__gte=0, pension__gte=0, employer__gte=0), name="wage_rates_are_not_negative"
            )
        ]

    def __str__(self):
        return str(self.year)

    def get_absolute_url(self):
        return reverse("economy:wage_rates", args=[self.year])


class Post(models.Model):
    """One or more like posts in a unit's wage budget. No names: who sits where is another register's."""

    class State(models.TextChoices):
        FILLED = "filled", _("Filled")
        VACANT = "vacant", _("Vacant")
        SUBSTITUTE = "substitute", _("Substitute")

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("budget version"), related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="posts", db_index=False)
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.FILLED)
    full_time = models.DecimalField(
        _("full-time posts"),
        max_digits=6,
        decimal_places=3,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(500))],
    )
    # Øre for a whole year of full-time work, and øre for the year as it is.
    pay = models.BigIntegerField(_("yearly pay of a full-time post"))
    additions = models.BigIntegerField(_("additions in the year"), default=0)
    months = models.PositiveSmallIntegerField(
        _("months of the year"), default=MONTHS, validators=[MinValueValidator(1), MaxValueValidator(MONTHS)]
    )
    cost_centre = models.CharField(_("cost centre"), max_length=80)
    function = models.CharField(_("function"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["state", "title", "pk"]
        indexes = [models.Index(fields=["version", "unit"], name="posts_of_a_budget")]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=MONTHS), name="post_is_paid_in_the_year"),
            models.CheckConstraint(condition=Q(pay__gte=0, additions__gte=0), name="pay_is_not_negative"),
            models.CheckConstraint(condition=Q(full_time__gt=0), name="post_has_a_size"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("economy:post", args=[self.pk])


class Detail(models.Model):
    """One line of a unit's detailed budget beside pay: øre for the year with the sign of the accounts."""

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("budget version"), related_name="details")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="details", db_index=False)
    account_class = models.CharField(_("account class"), max_length=1, default="1")
    cost_centre = models.CharField(_("cost centre"), max_length=80)
    kind = models.CharField(_("account kind"), max_length=80)
    function = models.CharField(_("function"), max_length=80, blank=True)
    project = models.CharField(_("project"), max_length=80, blank=True)
    amount = models.BigIntegerField(_("amount"))
    text = models.CharField(_("text"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["kind", "pk"]
        indexes = [models.Index(fields=["version", "unit"], name="details_of_a_budget")]
        constraints = [
            models.CheckConstraint(condition=Q(account_class__in=["0", "1"]), name="a_budget_has_two_parts"),
        ]

    def __str__(self):
        return f"{self.kind} {self.text}".strip()

    def get_absolute_url(self):
        return reverse("economy:detail", args=[self.pk])


class PhasingRule(models.Model):
    """How a kind is spread over the months (periodisering). The longest kind holds, and the nearest unit before it."""

    class Way(models.TextChoices):
        EVEN = "even", _("Evenly")
        HOLIDAY = "holiday", _("Eleven months, for holiday pay is paid in June")
        LAST_YEAR = "last_year", _("As last year was booked")
        OWN = "own", _("Own weights")

    kind = models.CharField(_("KOSTRA kind begins with"), max_length=3, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+", null=True, blank=True)
    way = models.CharField(_("spread"), max_length=10, choices=Way, default=Way.EVEN)
    weights = ArrayField(
        models.PositiveIntegerField(), verbose_name=_("weights of the months"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("rule for the months")
        verbose_name_plural = _("rules for the months")
        ordering = ["kind", "unit__path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "unit"], nulls_distinct=False, name="one_phasing_of_a_kind"),
            models.CheckConstraint(
                condition=~Q(way="own") | Q(weights__len=MONTHS), name="own_weights_are_of_twelve_months"
            ),
        ]

    def __str__(self):
        return f"{self.kind or '–'} {self.get_way_display()}"

    def get_absolute_url(self):
        return reverse("economy:phasing_rule", args=[self.pk])
