"""What belongs to the making of a plan: the hearing, objections, the programme, and what a strategy says of plans."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import FollowUp
from styrhus.planning.models.plans import Plan

PERSON = settings.AUTH_USER_MODEL


class Consultation(models.Model):
    """One round of consultation (høring) on a plan, or on its programme, from–to."""

    class About(models.TextChoices):
        PROGRAMME = "programme", _("The planning programme")
        PROPOSAL = "proposal", _("The plan proposal")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="consultations")
    about = models.CharField(_("about"), max_length=20, choices=About, default=About.PROPOSAL)
    opened = models.DateField(_("opens"))
    closes = models.DateField(_("closes"))
    asked = models.TextField(_("who is asked"), blank=True, max_length=4_000)
    shown_at = models.TextField(_("where it can be read"), blank=True, max_length=1_000)
    url = models.URLField(_("address"), blank=True)
    # How the views were assessed, in short: the case paper lists them all (plan- og bygningsloven § 11-14).
    assessment = models.TextField(_("how the views were assessed"), blank=True, max_length=10_000)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opened", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gte=F("opened")), name="consultation_closes_after_it_opens"),
        ]

    def __str__(self):
        return self.get_about_display()

    @property
    def is_closed(self) -> bool:
        """It is closed when somebody has said how the views were assessed, not by the deadline alone."""
        return bool(self.assessment)

    @property
    def weeks(self) -> int:
        return (self.closes - self.opened).days // 7


class Objection(models.Model):
    """An authority's objection (innsigelse) to parts of a plan; what it concerns does not bind until it is settled."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Not settled")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        AGREED = "agreed", _("Met by changing the plan")
        UPHELD = "upheld", _("Upheld by the ministry")
        REJECTED = "rejected", _("Not upheld by the ministry")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objections")
    authority = models.CharField(_("authority"), max_length=200)
    received_on = models.DateField(_("received"))
    parts = models.TextField(_("parts of the plan"), max_length=4_000)
    reason = models.TextField(_("reason"), blank=True, max_length=10_000)
    mediated_on = models.DateField(_("mediation"), null=True, blank=True)
    # Unsettled two weeks after the decision: to the County Governor (plan- og bygningsloven § 5-6 second paragraph).
    sent_on = models.DateField(_("sent to the County Governor"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, default=Outcome.OPEN)
    settled_on = models.DateField(_("settled"), null=True, blank=True)
    # The duty to send it, made when the plan is adopted before it is settled.
    follow_up = models.OneToOneField(FollowUp, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(parts=""), name="objection_names_what_it_concerns"),
            models.CheckConstraint(
                condition=Q(outcome="open", settled_on__isnull=True) | ~Q(outcome="open") & Q(settled_on__isnull=False),
                name="settled_objection_has_a_date",
            ),
        ]

    def __str__(self):
        return self.authority

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN


class ProgrammeEntry(models.Model):
    """A line of a planning programme (plan- og bygningsloven § 4-1)."""

    class Kind(models.TextChoices):
        THEME = "theme", _("Theme to be revised")
        ALTERNATIVE = "alternative", _("Alternative to be considered")
        STUDY = "study", _("Need for a study")
        PARTICIPATION = "participation", _("Participation")
        STAGE = "stage", _("Stage of the work")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="programme")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("more about it"), blank=True, max_length=4_000)
    # A study or a stage that somebody is to see to by a date is a duty like any other.
    follow_up = models.OneToOneField(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="programme_entry_has_a_title")]

    def __str__(self):
        return self.title


class Guideline(models.Model):
    """A direction from state, region or municipality that a plan takes as input, and how the plan answers it."""

    class Source(models.TextChoices):
        STATE = "state", _("State")
        REGION = "region", _("County")
        MUNICIPALITY = "municipality", _("Municipality")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="guidelines")
    source = models.CharField(_("from"), max_length=20, choices=Source)
    title = models.CharField(_("title"), max_length=250)
    url = models.URLField(_("address"), blank=True)
    answer = models.TextField(_("how the plan answers it"), blank=True, max_length=4_000)

    class Meta:
        ordering = ["source", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="guideline_has_a_title")]

    def __str__(self):
        return self.title


class Judgement(models.Model):
    """What a planning strategy says of one plan, with the reason (plan- og bygningsloven § 10-1)."""

    class Choice(models.TextChoices):
        NEEDED = "needed", _("Is to be made")
        REVISED = "revised", _("Is to be revised")
        KEPT = "kept", _("Is continued")
        REPEALED = "repealed", _("Is to be repealed")

    strategy = models.ForeignKey(Plan, models.CASCADE, related_name="judgements")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="judged_in")
    choice = models.CharField(_("choice"), max_length=20, choices=Choice)
    reason = models.TextField(_("reason"), max_length=4_000)
    year = models.PositiveSmallIntegerField(_("year the work begins"), null=True, blank=True)

    class Meta:
        ordering = ["plan__type__order", "plan__title_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "plan"], name="strategy_judges_a_plan_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="judgement_has_a_reason"),
            models.CheckConstraint(condition=~Q(strategy=F("plan")), name="strategy_does_not_judge_itself"),
        ]

    def __str__(self):
        return self.get_choice_display()
