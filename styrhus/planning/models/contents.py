"""What plans consist of: each an item with someone who answers for it, whichever plans it stands in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import Item, ItemQuerySet
from styrhus.planning.models.plans import Plan

PERSON = settings.AUTH_USER_MODEL
# A plan's contents live as long as the plans they stand in, until somebody says they are reached or let go.
DRAFT, IN_FORCE, REACHED, DROPPED = "draft", "in_force", "reached", "dropped"
LASTING = Flow(
    states=(
        State(DRAFT, _("Proposed")),
        State(IN_FORCE, _("In force")),
        State(REACHED, _("Reached"), look="ok", ended=True),
        State(DROPPED, _("Dropped"), ended=True),
    ),
    steps=(
        Step("settle", _("Put in force"), (DRAFT,), IN_FORCE, "goal.step"),
        Step("reach", _("Mark as reached"), (IN_FORCE,), REACHED, "goal.step"),
        Step("drop", _("Drop"), (DRAFT, IN_FORCE), DROPPED, "goal.step", needs_note=True),
        Step("reopen", _("Open again"), (REACHED, DROPPED), IN_FORCE, "goal.step", needs_note=True),
    ),
)


class Aim(Item):
    """What a priority area, a goal and a strategy have in common."""

    flow = LASTING
    searched = ("description",)
    default_update_every = 12

    description = models.TextField(_("description"), blank=True, max_length=10_000)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def edit_permission(cls) -> str:
        return "goal.edit"


class PriorityArea(Aim):
    """A strategic focus of a plan (satsingsområde), with goals under it."""

    class Meta:
        verbose_name = _("priority area")
        verbose_name_plural = _("priority areas")

    def get_absolute_url(self):
        return reverse("planning:priority_area", args=[self.pk])


class Goal(Aim):
    """What is to be reached: a main goal (hovedmål), or a sub-goal (delmål) that says more closely what one means."""

    class Level(models.TextChoices):
        MAIN = "main", _("Main goal")
        SUB = "sub", _("Sub-goal")

    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.MAIN)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")

    def get_absolute_url(self):
        return reverse("planning:goal", args=[self.pk])


class Strategy(Aim):
    """The way chosen towards a goal."""

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")

    def get_absolute_url(self):
        return reverse("planning:strategy", args=[self.pk])


class Solution(models.TextChoices):
    """By which of the four governance models an assignment is solved (løsningsvalg)."""

    LINE = "line", _("In the line")
    PROJECT = "project", _("As a project")
    CONTRACT = "contract", _("By contract")
    OWNERSHIP = "ownership", _("Through ownership")


class Assignment(Item):
    """Something a unit is asked to see to (oppdrag), and by which governance model it is solved."""

    GIVEN, RUNNING, DONE, RETURNED = "given", "running", "done", "returned"

    flow = Flow(
        states=(
            State(GIVEN, _("Given")),
            State(RUNNING, _("In progress")),
            State(DONE, _("Done"), look="ok", ended=True),
            State(RETURNED, _("Withdrawn"), ended=True),
        ),
        steps=(
            Step("start", _("Start the work"), (GIVEN,), RUNNING, "assignment.step"),
            Step("finish", _("Mark as done"), (GIVEN, RUNNING), DONE, "assignment.step"),
            Step("withdraw", _("Withdraw"), (GIVEN, RUNNING), RETURNED, "assignment.step", needs_note=True),
            Step("reopen", _("Open again"), (DONE, RETURNED), RUNNING, "assignment.step", needs_note=True),
        ),
    )
    searched = ("description", "solution_reason")
    default_update_every = 4

    description = models.TextField(_("description"), blank=True, max_length=10_000)
    # In whole øre; the sign is that of an expense.
    cost = models.BigIntegerField(_("cost"), null=True, blank=True)
    solution = models.CharField(_("choice of solution"), max_length=20, choices=Solution, blank=True)
    alternatives = models.TextField(_("alternatives considered"), blank=True, max_length=4_000)
    solution_reason = models.TextField(_("reason for the choice"), blank=True, max_length=4_000)
    result = models.TextField(_("result"), blank=True, max_length=4_000)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="assignment_costs_nothing_or_more"
            ),
        ]

    def get_absolute_url(self):
        return reverse("planning:assignment", args=[self.pk])


class Thread(models.Model):
    """What a thing follows from: the goal behind a measure, the main goal behind a sub-goal, the risk behind either.

    One thing follows from one other; a trigger refuses a ring. Everything else it concerns is a link.
    """

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="thread")
    part_of = models.ForeignKey(Item, models.PROTECT, related_name="parts")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(item=F("part_of")), name="thing_does_not_follow_from_itself")
        ]

    def __str__(self):
        return str(self.item_id)


class Placement(models.Model):
    """A thing stands in a plan: its own, or fetched from another plan with text and identity as they are there."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="contents")
    item = models.ForeignKey(Item, models.PROTECT, related_name="placements")
    fetched_from = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="thing_stands_in_a_plan_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(fetched_from__isnull=True), name="thing_comes_from_one_plan"
            ),
            models.CheckConstraint(
                condition=Q(fetched_from__isnull=True) | ~Q(fetched_from=F("plan")), name="fetched_from_another_plan"
            ),
        ]

    def __str__(self):
        return str(self.item_id)

    @property
    def is_own(self) -> bool:
        """The plan says it itself, or has it from an earlier version of itself."""
        return self.fetched_from is None or self.fetched_from.series == self.plan.series


class Cornerstone(models.Model):
    """The municipality's vision, values and cross-cutting challenges, from a date; goals and measures carry them."""

    class Kind(models.TextChoices):
        VISION = "vision", _("Vision")
        VALUE = "value", _("Value")
        CHALLENGE = "challenge", _("Cross-cutting challenge")

    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    text = models.TextField(_("more about it"), blank=True, max_length=2_000)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    items: "models.ManyToManyField[Item, models.Model]" = models.ManyToManyField(
        Item, related_name="cornerstones", blank=True
    )

    class Meta:
        verbose_name = _("cornerstone")
        verbose_name_plural = _("cornerstones")
        ordering = ["kind", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="cornerstone_has_a_name"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="cornerstone_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return self.name
