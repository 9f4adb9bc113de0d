"""Dated changes of the tree: planned, and from their day carried out as a whole."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import Item
from styrhus.organisation.models import Position, Unit, UnitKind

PERSON = settings.AUTH_USER_MODEL
FIRST_DAY = date(1838, 1, 2)
TOO_EARLY = _("Choose a day after 1 January 1838: there were no municipalities before.")


class Reorganisation(models.Model):
    """What becomes otherwise in the organisation from a date. Nothing changes before it, and until then it can be
    withdrawn.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        CARRIED_OUT = "carried_out", _("Carried out")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(_("title"), max_length=200)
    on = models.DateField(_("holds from"))
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    decision_url = models.URLField(_("address of the decision"), max_length=500, blank=True)
    # aml. ch. 8: those concerned are informed and consulted as early as possible.
    discussed_on = models.DateField(_("discussed with the unions on"), null=True, blank=True)
    state = models.CharField(_("status"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    # When it was carried out or withdrawn.
    settled = models.DateTimeField(null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    # Why it could not be carried out on its day.
    held = models.TextField(blank=True, editable=False)
    # What was moved when it was carried out: [{"what": …, "count": …}].
    receipt = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="reorganisation_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "planned"], settled__isnull=True)
                | Q(state__in=["carried_out", "withdrawn"], settled__isnull=False),
                name="reorganisation_is_settled_at_a_time",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reorganisation:page", args=[self.pk])

    def clean(self):
        # Also the day before must be one that can be kept and drawn.
        if self.on and self.on < FIRST_DAY:
            raise ValidationError({"on": TOO_EARLY})

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_open(self) -> bool:
        return self.is_draft or self.is_planned

    def is_due(self, on: date) -> bool:
        return self.on <= on


class Change(models.Model):
    """One thing that becomes otherwise. What a kind needs is asked for by its form and checked by the projection."""

    class Kind(models.TextChoices):
        CREATE = "create", _("Make a new unit")
        RENAME = "rename", _("Give a unit a new name, code or kind")
        MOVE = "move", _("Move a unit")
        MERGE = "merge", _("Merge units")
        SPLIT = "split", _("Split a unit")
        CLOSE = "close", _("Close a unit")

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="changes")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    # Those that are merged.
    units: "models.ManyToManyField[Unit, models.Model]" = models.ManyToManyField(Unit, related_name="+")
    name = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=40, blank=True)
    organisation_number = models.CharField(max_length=9, blank=True)
    unit_kind = models.CharField(max_length=30, choices=UnitKind, blank=True)
    # Under a unit that is there, or under one that an earlier change makes; neither: at the top.
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    parent_change = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    # Who takes over; a merger without it makes a new unit.
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    # Whose leading position leads what a merger makes.
    leader = models.ForeignKey(Position, models.PROTECT, null=True, related_name="+")
    made = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "place"], name="changes_stand_in_order"),
            models.CheckConstraint(
                condition=Q(kind__in=["create", "merge"]) | Q(unit__isnull=False), name="change_is_about_a_unit"
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def key(self) -> str:
        """What the projection calls the unit that this change makes."""
        return f"c{self.pk}"

    @property
    def parent_key(self) -> int | str | None:
        return f"c{self.parent_change_id}" if self.parent_change_id else self.parent_id


class Part(models.Model):
    """One of the units that a split unit becomes. The first takes over what nobody has placed elsewhere."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="parts")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    code = models.CharField(max_length=40, blank=True)
    made = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["change", "place"], name="parts_stand_in_order"),
            models.CheckConstraint(condition=~Q(name=""), name="part_has_a_name"),
        ]

    def __str__(self):
        return self.name

    @property
    def key(self) -> str:
        return f"p{self.pk}"


class Choice(models.Model):
    """Where one position, item or unit goes when its unit is split."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="choices")
    position = models.ForeignKey(Position, models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=False, item__isnull=True, unit__isnull=True)
                | Q(position__isnull=True, item__isnull=False, unit__isnull=True)
                | Q(position__isnull=True, item__isnull=True, unit__isnull=False),
                name="choice_is_about_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.position or self.item or self.unit} → {self.part}"
