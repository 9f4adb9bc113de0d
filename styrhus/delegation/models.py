"""The delegation register: what may be decided, by whom, by what authority, and the duty to check it."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import FollowUp, Item, ItemQuerySet, Openness
from styrhus.organisation.models import Position, UnitKind


def name_of(position: Position) -> str:
    """Who decides, in words: a body decides as a body, through the position that leads it."""
    if position.leads and position.unit.kind == UnitKind.BODY:
        return position.unit.name
    return f"{position.title}, {position.unit.name}"


class Power(models.Model):
    """Something that can be decided: an appointment, a dispensation, a purchase."""

    name = models.CharField(_("name"), max_length=180)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    about = models.TextField(_("about"), blank=True, max_length=2_000)
    # koml. § 13-1: the municipal director may decide only in matters that are not of principle.
    of_principle = models.BooleanField(_("matter of principle"), default=False)
    # What other systems call it: an import finds the same power again by this.
    code = models.CharField(_("code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("power to decide")
        verbose_name_plural = _("powers to decide")
        ordering = ["theme", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="power_has_a_name"),
            models.UniqueConstraint(fields=["name"], name="power_named_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="power_code_used_once"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('delegation:tree')}?power={self.pk}"


class AuthorityLevel(models.Model):
    """A step in the line, and what it never decides. Level 1 is the municipal director's function."""

    level = models.PositiveSmallIntegerField(_("level"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    reservations = models.TextField(_("reservations"), blank=True, max_length=2_000)
    excludes: "models.ManyToManyField" = models.ManyToManyField(
        Power, verbose_name=_("does not decide"), related_name="excluded_from", blank=True
    )

    class Meta:
        verbose_name = _("authority level")
        verbose_name_plural = _("authority levels")
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1), name="authority_levels_begin_at_one"),
            models.CheckConstraint(condition=~Q(name=""), name="authority_level_has_a_name"),
        ]

    def __str__(self):
        return f"{self.level}: {self.name}"


class Regulations(Item):
    """One version of the delegation regulations (koml. § 5-14). A heading is a line that begins with “# ”."""

    DRAFT, ADOPTED, SUPERSEDED, DROPPED = "draft", "adopted", "superseded", "dropped"

    flow = Flow(
        states=(
            State(DRAFT, _("Draft")),
            State(ADOPTED, _("Adopted"), look="ok"),
            State(SUPERSEDED, _("Replaced by a newer version"), ended=True),
            State(DROPPED, _("Dropped"), ended=True),
        ),
        steps=(
            Step("adopt", _("Adopt"), (DRAFT,), ADOPTED, "regulations.adopt"),
            Step("replace", _("Replaced by a newer version"), (ADOPTED,), SUPERSEDED, "regulations.adopt"),
            Step("drop", _("Drop the draft"), (DRAFT,), DROPPED, "regulations.edit", needs_note=True),
        ),
    )

    number = models.PositiveSmallIntegerField(_("version"), unique=True, editable=False)
    text = models.TextField(_("text"), max_length=200_000)
    decision = models.CharField(_("adopting decision"), max_length=120, blank=True)
    decision_url = models.URLField(_("address of the decision"), blank=True, max_length=500)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation regulations")
        verbose_name_plural = _("delegation regulations")
        constraints = [
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True) | ~Q(decision=""), name="adopted_regulations_name_the_decision"
            ),
        ]

    def get_absolute_url(self):
        return reverse("delegation:regulations_version", args=[self.pk])


class Source(models.TextChoices):
    DELEGATED = "delegated", _("Delegated")
    BY_LAW = "by_law", _("Given by law")
    RESERVED = "reserved", _("Reserved to the council itself")


class AuthorisationQuerySet(ItemQuerySet):
    def in_force(self, on: date):
        """Those that hold on a date, by their own dates; the state follows once a day."""
        within = Q(end__isnull=True) | Q(end__gte=on)
        return self.filter(within, Q(ended__isnull=True) | Q(ended__date__gt=on), start__lte=on)

    def live(self):
        """In force or to come."""
        return self.filter(ended__isnull=True)

    def overlapping(self, start: date, end: date | None):
        begun = Q() if end is None else Q(start__lte=end)
        return self.filter(begun, Q(end__isnull=True) | Q(end__gte=start))

    def with_last_check(self):
        checks = DelegationCheck.objects.filter(authorisation=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(checked_on=Subquery(checks.values("on")[:1]))


class Authorisation(Item):
    """A power that a position holds from one date to another. Who gave it answers for the check, which is `due`."""

    PLANNED, IN_FORCE, EXPIRED, WITHDRAWN = "planned", "in_force", "expired", "withdrawn"

    flow = Flow(
        states=(
            State(PLANNED, _("Planned")),
            State(IN_FORCE, _("In force"), look="ok"),
            State(EXPIRED, _("Expired"), ended=True),
            State(WITHDRAWN, _("Withdrawn"), ended=True),
        ),
        steps=(
            Step("withdraw", _("Withdraw"), (PLANNED, IN_FORCE), WITHDRAWN, "authorisation.withdraw", needs_note=True),
            # Written in the history by the program; nobody takes them.
            Step("begin", _("Came into force"), (), IN_FORCE, ""),
            Step("expire", _("Reached its last day"), (), EXPIRED, ""),
            Step("reissue", _("Re-issued on new regulations"), (), IN_FORCE, ""),
            Step("check", _("Checked"), (), IN_FORCE, ""),
        ),
    )
    # Who may decide what in a municipality is no secret.
    default_openness = Openness.OPEN

    source = models.CharField(_("source"), max_length=20, choices=Source)
    power = models.ForeignKey(Power, models.PROTECT, verbose_name=_("power to decide"), related_name="authorisations")
    giver = models.ForeignKey(
        Position, models.PROTECT, verbose_name=_("given by"), related_name="authorisations_given", null=True, blank=True
    )
    holder = models.ForeignKey(Position, models.PROTECT, verbose_name=_("held by"), related_name="authorisations_held")
    passed_on_from = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("stands on"), related_name="passed_on", null=True, blank=True
    )
    issued_under = models.ForeignKey(
        Regulations,
        models.PROTECT,
        verbose_name=_("delegation regulations"),
        related_name="authorisations",
        null=True,
        blank=True,
    )
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    decision = models.CharField(_("adopting decision"), max_length=120, blank=True)
    decision_url = models.URLField(_("address of the decision"), blank=True, max_length=500)
    reservations = models.TextField(_("reservations"), blank=True, max_length=2_000)
    may_be_passed_on = models.BooleanField(_("may be passed on"), default=False)
    start = models.DateField(_("from"), default=date.today)
    end = models.DateField(_("to"), null=True, blank=True)
    # Authority can be passed on, the duty to check it cannot.
    check_how = models.CharField(_("how it is checked"), max_length=300, blank=True)
    check_every = models.PositiveSmallIntegerField(
        _("months between checks"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(48)],
    )

    objects: ClassVar = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        indexes = [models.Index(fields=["holder", "start"], name="authorisation_of_holder")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="authorisation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.DELEGATED, giver__isnull=False)
                | Q(source__in=[Source.BY_LAW, Source.RESERVED], giver__isnull=True, passed_on_from__isnull=True),
                name="delegated_authority_has_a_giver",
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="nobody_delegates_to_oneself"),
            models.CheckConstraint(
                condition=Q(source=Source.DELEGATED) | ~Q(legal_basis=""), name="authority_by_law_names_the_law"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.RESERVED) | Q(may_be_passed_on=False), name="reserved_is_never_passed_on"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.DELEGATED)
                | (~Q(check_how="") & Q(check_every__gte=1, check_every__lte=48, check_every__isnull=False)),
                name="delegated_authority_is_checked",
            ),
        ]

    def get_absolute_url(self):
        return reverse("delegation:authorisation", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.ended is None

    def covers(self, start: date, end: date | None) -> bool:
        return self.start <= start and (self.end is None or (end is not None and end <= self.end))


class DelegationCheck(models.Model):
    """Evidence that the duty to check was done: when, by whom, and what was found."""

    class Outcome(models.TextChoices):
        GOOD = "good", _("Used as intended")
        REMARKS = "remarks", _("Used as intended, with remarks")
        BREACH = "breach", _("Used beyond what was given")

    authorisation = models.ForeignKey(Authorisation, models.CASCADE, related_name="checks")
    on = models.DateField(_("checked on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    note = models.TextField(_("what was found"), blank=True, max_length=2_000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("check of delegated authority")
        verbose_name_plural = _("checks of delegated authority")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="good") | ~Q(note=""), name="check_that_found_something_says_what"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["good", "remarks", "breach"]), name="outcome_of_check_is_known"
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()


class Receipt(models.Model):
    """That a position concerned is to read an adopted version; done when its follow-up is ticked off."""

    regulations = models.ForeignKey(Regulations, models.CASCADE, related_name="receipts")
    position = models.ForeignKey(Position, models.PROTECT, related_name="+")
    follow_up = models.OneToOneField(FollowUp, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("receipt for regulations")
        constraints = [models.UniqueConstraint(fields=["regulations", "position"], name="one_receipt_a_position")]

    def __str__(self):
        return str(self.position)
