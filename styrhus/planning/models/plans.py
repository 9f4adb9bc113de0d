from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import Item, ItemQuerySet
from styrhus.planning.models.outlines import CHAPTERS
from styrhus.planning.models.plan_types import GOOD_FOR_YEARS, PLANNING_STRATEGY, Decider, PlanType, Revision

YEAR = [MinValueValidator(1900), MaxValueValidator(2200)]


class PlanQuerySet(ItemQuerySet):
    def in_force(self, on: date):
        """Those adopted and neither replaced nor repealed on a date."""
        lasting = Q(in_force_until__isnull=True) | Q(in_force_until__gte=on)
        return self.filter(lasting, adopted_on__lte=on)

    def under_work(self):
        return self.filter(state__in=Plan.UNDER_WORK)

    def too_old(self, on: date):
        """Those that hold, but past their period or longer than their type says before they are made anew."""
        late = Q(last_year__lt=on.year)
        for revision, years in GOOD_FOR_YEARS.items():
            late |= Q(type__revision=revision, adopted_on__lt=date(on.year - years, 1, 1))
        return self.filter(late, state=Plan.ADOPTED)

    def with_revision(self, person):
        """Says of each whether a version that is to replace it is being made, as far as the person may see it."""
        newer = Plan.objects.visible_to(person).under_work().filter(replaces=OuterRef("pk"))
        return self.annotate(is_under_revision=Exists(newer))


class Scope(models.TextChoices):
    """How much of an adopted plan binds (plan- og bygningsloven §§ 5-6, 11-16, 12-13: recalled, not checked)."""

    WHOLE = "whole", _("The whole plan holds")
    PARTS_UNDER_OBJECTION = (
        "parts_under_objection",
        _("Parts under objection do not bind until the objection is settled"),
    )


class KommuneplanChoice(models.TextChoices):
    """What a planning strategy decides about the municipal plan (plan- og bygningsloven § 10-1)."""

    WHOLE = "whole", _("The municipal plan is revised as a whole")
    PART = "part", _("The municipal plan is revised in part")
    CONTINUED = "continued", _("The municipal plan is continued")


class Plan(Item):
    """One version of a plan. The next version is a plan of its own that replaces it when it is adopted."""

    PROPOSED, STARTED, PROGRAMME_SET = "proposed", "started", "programme_set"
    ON_CONSULTATION, FOR_DECISION = "on_consultation", "for_decision"
    ADOPTED, SUPERSEDED, REPEALED, DROPPED = "adopted", "superseded", "repealed", "dropped"
    UNDER_WORK = (PROPOSED, STARTED, PROGRAMME_SET, ON_CONSULTATION, FOR_DECISION)

    flow = Flow(
        states=(
            State(PROPOSED, _("Proposed in the planning strategy")),
            State(STARTED, _("Started")),
            State(PROGRAMME_SET, _("Planning programme set")),
            State(ON_CONSULTATION, _("On consultation")),
            State(FOR_DECISION, _("For decision")),
            State(ADOPTED, _("Adopted"), look="ok"),
            State(SUPERSEDED, _("Superseded"), ended=True),
            State(REPEALED, _("Repealed"), ended=True),
            State(DROPPED, _("Not carried through"), ended=True),
        ),
        steps=(
            Step("start", _("Start the work"), (PROPOSED,), STARTED, "plan.step"),
            Step("set_programme", _("Set the planning programme"), (STARTED,), PROGRAMME_SET, "plan.step"),
            # The steps below have pages of their own, which ask for dates and decisions.
            Step(
                "open_consultation",
                _("Send on consultation"),
                (STARTED, PROGRAMME_SET, FOR_DECISION),
                ON_CONSULTATION,
                "plan.step",
            ),
            Step(
                "submit",
                _("Send for decision"),
                (STARTED, PROGRAMME_SET, ON_CONSULTATION),
                FOR_DECISION,
                "plan.step",
            ),
            Step("adopt", _("Adopt"), (FOR_DECISION,), ADOPTED, "plan.adopt"),
            # What a unit manager adopts for the own unit; a guard keeps it to types that say so.
            Step("adopt_here", _("Adopt"), (FOR_DECISION,), ADOPTED, "plan.step"),
            # Never taken by anybody: it follows when the version that replaces this one is adopted.
            Step("supersede", _("Supersede"), (ADOPTED,), SUPERSEDED, "plan.adopt"),
            Step("repeal", _("Repeal"), (ADOPTED,), REPEALED, "plan.adopt", needs_note=True),
            Step("drop", _("Do not carry through"), UNDER_WORK, DROPPED, "plan.step", needs_note=True),
            # These change no state, so nobody takes them: they stand in the history.
            Step("close_consultation", _("Close the consultation"), (), ON_CONSULTATION, "plan.step"),
            Step("settle_objections", _("The last objection is settled"), (), ADOPTED, "plan.step"),
        ),
    )
    searched = ("purpose",)
    default_update_every = 12

    type = models.ForeignKey(PlanType, models.PROTECT, verbose_name=_("plan type"), related_name="plans")
    purpose = models.TextField(_("purpose"), blank=True, max_length=10_000)
    follows_up = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("follows up"), related_name="followed_up_by"
    )
    # A plan stays adopted while the one that is to replace it is being made: that is what "under revision" means.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("replaces"), related_name="replaced_by"
    )
    # The first version of the same plan; empty for that one. Versions of one plan never hold for the same year.
    first = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    first_year = models.PositiveSmallIntegerField(_("first year"), validators=YEAR)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True, validators=YEAR)
    # Said when the version before it looks further ahead than the year this one begins.
    shortens_older = models.BooleanField(_("the version before it holds until this one begins"), default=False)

    published_on = models.DateField(_("proposal public from"), null=True, blank=True)
    decided_at = models.DateField(_("meeting that is to decide"), null=True, blank=True)
    adopted_on = models.DateField(_("adopted"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=120, blank=True)
    decision_url = models.URLField(_("address of the decision"), blank=True)
    scope = models.CharField(_("what binds"), max_length=30, choices=Scope, default=Scope.WHOLE)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)

    # Of a planning strategy alone.
    kommuneplan = models.CharField(_("the municipal plan"), max_length=20, choices=KommuneplanChoice, blank=True)
    kommuneplan_reason = models.TextField(_("reason"), blank=True, max_length=4_000)

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes = [models.Index(fields=["type", "first_year"], name="plan_of_type")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="plan_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(follows_up__isnull=True) | ~Q(follows_up=F("item_ptr")), name="plan_follows_up_another"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("item_ptr")), name="plan_replaces_another"
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("adopted_on")),
                name="plan_is_in_force_after_adoption",
            ),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True) | ~Q(decision=""), name="adopted_plan_names_its_decision"
            ),
            ExclusionConstraint(
                name="versions_of_a_plan_share_no_year",
                expressions=[
                    (
                        Func(
                            Coalesce("first", "item_ptr"),
                            Coalesce("first", "item_ptr"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("first_year", "last_year", models.Value("[]"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(adopted_on__isnull=False),
                violation_error_message=_("Another version of this plan holds in some of these years."),
            ),
        ]

    def get_absolute_url(self):
        return reverse("planning:plan", args=[self.pk])

    def usual_chapters(self) -> tuple:
        return CHAPTERS.get(self.type.code, ())

    @property
    def period(self) -> str:
        """ "2026–2029", or "from 2026" when nobody has said how long."""
        if self.last_year is None:
            return _("from %(year)s") % {"year": self.first_year}
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"

    @property
    def is_under_work(self) -> bool:
        return self.state in self.UNDER_WORK

    def text_is_open(self) -> bool:
        """What has been adopted is read as it was adopted: a new text is a new version of the plan."""
        return self.is_under_work

    @property
    def binds(self) -> bool:
        """Adopted by the council: what it says is changed by a new version, and specified below, never edited away."""
        return self.state == self.ADOPTED and self.type.decided_by == Decider.COUNCIL

    @property
    def is_in_force(self) -> bool:
        return self.state == self.ADOPTED

    @property
    def series(self) -> int:
        """The key that all versions of one plan share: that of the first."""
        return self.first_id or self.pk

    def age(self, on: date) -> int | None:
        """Years since it was adopted, by the calendar; None for what is not."""
        return None if self.adopted_on is None else on.year - self.adopted_on.year

    def is_too_old(self, on: date) -> bool:
        """The same as `PlanQuerySet.too_old` says of many."""
        years = GOOD_FOR_YEARS.get(Revision(self.type.revision))
        over = years is not None and self.adopted_on is not None and self.adopted_on.year < on.year - years
        return self.is_in_force and (over or (self.last_year or on.year) < on.year)

    @property
    def is_planning_strategy(self) -> bool:
        return self.type.code == PLANNING_STRATEGY
