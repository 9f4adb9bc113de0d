"""The perspectives of the scorecard, and which goals are followed in it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.planning.models import Goal


class FocusAreaQuerySet(models.QuerySet):
    def of_year(self, year: int):
        """The areas that hold in a year, in their order: history keeps the set it was judged by."""
        return self.filter(Q(last_year__isnull=True) | Q(last_year__gte=year), first_year__lte=year)


class FocusArea(models.Model):
    """A perspective of the balanced scorecard (fokusområde), from a year on. The municipality's own words."""

    # Tokens of the style sheet: six that are told apart in grey print too, because each stands with its name.
    COLOURS = [(f"area-{number}", str(number)) for number in range(1, 7)]

    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("the question it answers"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    colour = models.CharField(_("colour"), max_length=10, choices=COLOURS, default="area-1")
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    # What stood in its place before: what is measured there follows along, and history keeps the old words.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="focus_area_has_a_name"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="focus_area_ends_after_it_begins",
            ),
            # Of those that have ended, the operations see to it.
            models.UniqueConstraint(
                fields=["name"], condition=Q(last_year__isnull=True), name="focus_areas_that_hold_are_told_apart"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("scorecard:focus_area", args=[self.pk])

    def holds_in(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or self.last_year >= year)


class ScorecardGoalQuerySet(models.QuerySet):
    def of_year(self, year: int):
        return self.filter(Q(last_year__isnull=True) | Q(last_year__gte=year), first_year__lte=year)


class ScorecardGoal(models.Model):
    """A goal of a plan that is followed in the scorecard: common to all units, or unique to its own and those below.

    A goal without any indicator must say why: it is then judged in words.
    """

    goal = models.OneToOneField(Goal, models.CASCADE, primary_key=True, related_name="on_scorecard")
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, verbose_name=_("focus area"), related_name="goals")
    is_common = models.BooleanField(_("common to all units"), default=False)
    first_year = models.PositiveSmallIntegerField(_("first year"), default=2000)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    success_factor = models.CharField(_("critical success factor"), max_length=250, blank=True)
    without_indicator = models.TextField(_("why it has no indicator"), blank=True, max_length=1_000)

    objects = ScorecardGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal on the scorecard")
        verbose_name_plural = _("goals on the scorecard")
        ordering = ["focus_area__order", "-is_common", "goal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="goal_leaves_the_scorecard_after_it_comes",
            )
        ]

    def __str__(self):
        return str(self.goal_id)
