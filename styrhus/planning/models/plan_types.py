"""The kinds of plan that a municipality makes, as it has chosen to call and order them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# What each standard type is called until the municipality gives it a name of its own.
STANDARD = {
    "planning_strategy": _("Planning strategy"),
    "planning_programme": _("Planning programme"),
    "municipal_plan_society": _("Municipal plan, societal part"),
    "municipal_plan_land_use": _("Municipal plan, land-use part"),
    "basis_documents": _("Basis documents"),
    "action_programme": _("Action programme with economic plan and annual budget"),
    "sub_plan": _("Municipal sub-plan"),
    "thematic_plan": _("Thematic plan"),
    "zoning_plan": _("Zoning plan"),
    "cross_cutting_plan": _("Common cross-cutting plan"),
    "unit_plan": _("Unit plan"),
    "competence_plan": _("Competence development plan"),
    "emergency_plan": _("Emergency plan"),
    "ownership_report": _("Ownership report"),
}


class Revision(models.TextChoices):
    """How often plans of a type are made anew."""

    COUNCIL_PERIOD = "once_per_council_period", _("Once in each council period")
    AT_START = "at_plan_start", _("When work on a plan begins")
    FOUR_YEARS = "every_4_years", _("Every fourth year")
    YEARLY = "yearly", _("Every year")
    BY_STRATEGY = "per_planning_strategy", _("As the planning strategy says")
    ON_DEMAND = "on_demand", _("When there is need")


# How many years a plan is good for before it ought to have been made anew, where the type says so.
GOOD_FOR_YEARS = {Revision.COUNCIL_PERIOD: 4, Revision.FOUR_YEARS: 4, Revision.YEARLY: 1}
# The type that judges all the others (plan- og bygningsloven § 10-1).
PLANNING_STRATEGY = "planning_strategy"


class Decider(models.TextChoices):
    COUNCIL = "municipal_council", _("The municipal council")
    DIRECTOR = "municipal_director", _("The municipal director")
    UNIT_MANAGER = "unit_manager", _("The unit manager")


class PlanType(models.Model):
    """A kind of plan: who adopts it, by which law, how long it holds and how it is made."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    own_name = models.CharField(_("name"), max_length=120, blank=True)
    # Authority level (fullmaktsnivå): 1 for the whole municipality, 2 for one operating unit.
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    above = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("follows up"), related_name="+"
    )
    horizon_years = models.PositiveSmallIntegerField(_("years it looks ahead"), null=True, blank=True)
    revision = models.CharField(_("made anew"), max_length=30, choices=Revision, default=Revision.ON_DEMAND)
    decided_by = models.CharField(_("adopted by"), max_length=30, choices=Decider, default=Decider.COUNCIL)
    legal_basis = models.CharField(_("legal basis"), max_length=120, blank=True)
    has_programme = models.BooleanField(_("begins with a planning programme"), default=False)
    consultation_weeks = models.PositiveSmallIntegerField(_("weeks of consultation"), null=True, blank=True)
    publish_days_before = models.PositiveSmallIntegerField(_("days public before it is decided"), null=True, blank=True)
    objections_possible = models.BooleanField(_("other authorities may object"), default=False)
    appeal_possible = models.BooleanField(_("can be appealed"), default=False)
    is_public = models.BooleanField(_("public once adopted"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    # Nobody makes new plans of a retired type; those there are keep it.
    retired = models.BooleanField(_("no longer in use"), default=False)

    class Meta:
        verbose_name = _("plan type")
        verbose_name_plural = _("plan types")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(own_name="") | Q(code__in=list(STANDARD)), name="plan_type_has_a_name"),
            models.CheckConstraint(
                condition=Q(above__isnull=True) | ~Q(above=F("id")), name="plan_type_is_not_above_itself"
            ),
        ]

    def __str__(self):
        return self.own_name or str(STANDARD[self.code])
