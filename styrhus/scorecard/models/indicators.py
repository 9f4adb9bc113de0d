"""What is measured: the indicator with its rule of adding up, and the units it is measured in."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import Item, ItemQuerySet, Openness
from styrhus.organisation.models import Unit
from styrhus.planning.models import Goal
from styrhus.scorecard.models.focus import FocusArea
from styrhus.scorecard.periods import Frequency
from styrhus.scorecard.status import Direction

NUMBER: dict[str, Any] = {"max_digits": 24, "decimal_places": 6}


class Aggregation(models.TextChoices):
    """How the figures of many units become one. A percentage is never the mean of percentages."""

    RATIO = "ratio", _("Ratio: the numerators added up, divided by the denominators added up")
    SUM = "sum", _("Sum")
    WEIGHTED_MEAN = "weighted_mean", _("Mean, weighted by a number such as answers or cases")
    LATEST = "latest", _("A stock: added up over units, never over time")
    NONE = "none", _("Is not added up: shown for each unit")


class Indicator(Item):
    """Tells whether a goal is met (styringsindikator); or a key figure (nøkkeltall), which raises questions only."""

    DRAFT, IN_USE, ENDED = "draft", "in_use", "ended"

    flow = Flow(
        states=(State(DRAFT, _("Being made")), State(IN_USE, _("In use")), State(ENDED, _("Ended"), ended=True)),
        steps=(
            Step("use", _("Put to use"), (DRAFT,), IN_USE, "indicator.step"),
            Step("end", _("End"), (DRAFT, IN_USE), ENDED, "indicator.step", needs_note=True),
            Step("reopen", _("Open again"), (ENDED,), IN_USE, "indicator.step", needs_note=True),
        ),
    )
    searched = ("definition", "source")
    default_update_every = 12
    default_openness = Openness.INTERNAL

    class Type(models.TextChoices):
        RESULT = "result", _("Result")
        QUALITY = "quality", _("Quality")
        ACTIVITY = "activity", _("Activity")
        INPUT = "input", _("Input")
        EFFECT = "effect", _("Effect")

    # What a file and another system know it by.
    code = models.CharField(_("code"), max_length=60, blank=True)
    definition = models.TextField(_("definition"), blank=True, max_length=4_000)
    of_goal = models.ForeignKey(
        Goal, models.PROTECT, verbose_name=_("goal"), related_name="indicators", null=True, blank=True
    )
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, verbose_name=_("focus area"), related_name="indicators", null=True, blank=True
    )
    is_key_figure = models.BooleanField(_("a key figure, without target or status"), default=False)
    type = models.CharField(_("what it shows"), max_length=10, choices=Type, default=Type.RESULT)
    # A leading indicator warns before the result is there.
    is_leading = models.BooleanField(_("warns in advance"), default=False)
    measured_in = models.CharField(_("unit of measure"), max_length=40)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=1, validators=[MaxValueValidator(6)])
    # The least and the most that can be true: what lies outside is a slip of unit or of the pen.
    least = models.DecimalField(_("least possible value"), null=True, blank=True, **NUMBER)
    most = models.DecimalField(_("greatest possible value"), null=True, blank=True, **NUMBER)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.HIGHER)
    tolerance = models.DecimalField(_("tolerance"), default=Decimal(0), **NUMBER)
    frequency = models.CharField(_("how often"), max_length=20, choices=Frequency, default=Frequency.YEARLY)
    # Days from the end of a period until the figure is to be in.
    days_to_deliver = models.PositiveSmallIntegerField(_("days to deliver"), default=30)
    source = models.CharField(_("source"), max_length=120, blank=True)
    # A figure that another system owns is not written over by hand.
    is_imported = models.BooleanField(_("comes by import alone"), default=False)
    aggregation = models.CharField(_("how units are added up"), max_length=20, choices=Aggregation)
    numerator = models.CharField(_("numerator"), max_length=120, blank=True)
    denominator = models.CharField(_("denominator"), max_length=120, blank=True)
    # 100 for a percentage, 1000 for “per 1000 inhabitants”.
    factor = models.DecimalField(_("times"), default=Decimal(1), **NUMBER)
    weight = models.CharField(_("weight"), max_length=120, blank=True)
    # Fewer people than this behind a figure: only the unit's own leader and HR see it.
    min_respondents = models.PositiveSmallIntegerField(_("fewest people behind a figure"), null=True, blank=True)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        indexes = [models.Index(fields=["of_goal"], name="indicator_of_goal")]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="indicator_code_used_once"),
            models.CheckConstraint(condition=Q(tolerance__gte=0), name="tolerance_is_not_negative"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="factor_is_positive"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=F("least")),
                name="most_is_no_less_than_least",
            ),
            models.CheckConstraint(
                condition=~Q(aggregation=Aggregation.RATIO) | (~Q(numerator="") & ~Q(denominator="")),
                name="ratio_says_what_is_divided_by_what",
            ),
            models.CheckConstraint(
                condition=~Q(aggregation=Aggregation.WEIGHTED_MEAN) | ~Q(weight=""), name="weighted_mean_has_a_weight"
            ),
            models.CheckConstraint(
                condition=Q(min_respondents__isnull=True) | Q(min_respondents__gte=2), name="one_is_never_a_group"
            ),
        ]

    def get_absolute_url(self):
        return reverse("scorecard:indicator", args=[self.pk])

    def clean(self):
        """Says beside the field what the rule of adding up asks for."""
        missing = {
            Aggregation.RATIO: ("numerator", "denominator"),
            Aggregation.WEIGHTED_MEAN: ("weight",),
        }.get(Aggregation(self.aggregation) if self.aggregation else Aggregation.NONE, ())
        faults = {name: _("This rule of adding up needs it.") for name in missing if not getattr(self, name)}
        if self.least is not None and self.most is not None and self.most < self.least:
            faults["most"] = _("It is less than the least possible value.")
        if faults:
            raise ValidationError(faults)

    @property
    def takes_parts(self) -> bool:
        """Whether a figure is entered as a numerator and a denominator."""
        return self.aggregation == Aggregation.RATIO

    @property
    def is_added_up(self) -> bool:
        return self.aggregation != Aggregation.NONE


class SeriesQuerySet(models.QuerySet):
    def living(self, on: date):
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Series(models.Model):
    """The figures of one indicator in one unit, which is then expected to deliver them from a date.

    Of what is added up no series lies above another in the tree: nothing is counted twice. A trigger asks.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="series")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of figures")
        verbose_name_plural = _("series of figures")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="measured_once_in_a_unit"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="series_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["unit", "indicator"], name="series_of_unit")]

    def __str__(self):
        return f"{self.indicator_id} – {self.unit}"
