"""The measure (tiltak): one list for the whole municipality wherever it came from, and whether it worked."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import FollowUp, Item, ItemQuerySet


class Measure(Item):
    """Something that is done to reach a goal or lower a risk, by a date, with someone who answers for it."""

    PLANNED, RUNNING, DONE, DROPPED = "planned", "running", "done", "dropped"

    flow = Flow(
        states=(
            State(PLANNED, _("Planned")),
            State(RUNNING, _("In progress")),
            State(DONE, _("Done"), look="ok", ended=True),
            State(DROPPED, _("Dropped"), ended=True),
        ),
        steps=(
            Step("start", _("Start the work"), (PLANNED,), RUNNING, "measure.step"),
            Step("finish", _("Mark as done"), (PLANNED, RUNNING), DONE, "measure.step"),
            Step("drop", _("Drop the measure"), (PLANNED, RUNNING), DROPPED, "measure.step", needs_note=True),
            Step("reopen", _("Open again"), (DONE, DROPPED), RUNNING, "measure.step", needs_note=True),
        ),
    )

    searched = ("description", "expected_effect")

    description = models.TextField(_("description"), blank=True, max_length=10_000)
    expected_effect = models.TextField(_("expected effect"), blank=True, max_length=2_000)
    progress = models.PositiveSmallIntegerField(
        _("progress in percent"), default=0, validators=[MaxValueValidator(100)]
    )

    # In whole øre; the sign is that of an expense.
    cost = models.BigIntegerField(_("cost"), null=True, blank=True)
    # Who is to be told what, when and by whom (kommuneloven § 4-1).
    information = models.TextField(_("who is told, and how"), blank=True, max_length=2_000)
    # When it is to be judged whether it worked; closing the measure makes that a duty with this date.
    evaluate_on = models.DateField(_("evaluate the effect on"), null=True, blank=True)
    evaluation = models.OneToOneField(
        FollowUp, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    # A tertial.
    default_update_every = 4

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="measure_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="measure_costs_no_less_than_nothing"
            ),
        ]

    def get_absolute_url(self):
        return reverse("planning:measure", args=[self.pk])


class EffectEvaluation(models.Model):
    """Did a measure work? Said on evidence, by a named person, after it was closed."""

    class Verdict(models.TextChoices):
        YES = "yes", _("It worked")
        PARTLY = "partly", _("It worked in part")
        NO = "no", _("It did not work")
        UNKNOWN = "unknown", _("It cannot be said yet")

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="evaluations")
    verdict = models.CharField(_("did it work?"), max_length=10, choices=Verdict)
    evidence = models.TextField(_("evidence"), max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("date"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("effect evaluation")
        verbose_name_plural = _("effect evaluations")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(evidence=""), name="evaluation_has_evidence")]

    def __str__(self):
        return self.get_verdict_display()
