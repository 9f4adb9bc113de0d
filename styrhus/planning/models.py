"""Plans, goals and measures. Now: the measure (tiltak), one list for the whole municipality wherever it came from."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import Item, ItemQuerySet


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

    # A tertial.
    default_update_every = 4

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="measure_progress_is_a_percentage"),
        ]

    def get_absolute_url(self):
        return reverse("planning:measure", args=[self.pk])
