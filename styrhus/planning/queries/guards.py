"""What must be done before a plan takes a step, as plain sentences; `config/guards.py` names them."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.planning.models import Consultation, Plan
from styrhus.planning.models.plan_types import Decider


def adoption_is_recorded(plan: Plan) -> list[str]:
    if plan.adopted_on and plan.decision:
        return []
    return [_("Use the page for adoption: it asks for the date and the decision.")]


def is_adopted_in_the_unit(plan: Plan) -> list[str]:
    if plan.type.decided_by == Decider.UNIT_MANAGER:
        return []
    return [_("Plans of this type are adopted by others than the unit manager.")]


def a_newer_version_is_adopted(plan: Plan) -> list[str]:
    return [_("A plan is superseded when the version that replaces it is adopted. Make a new version instead.")]


def repeal_is_recorded(plan: Plan) -> list[str]:
    return [] if plan.in_force_until else [_("Use the page for repeal: it asks for the date.")]


def warnings_before_adoption(plan: Plan, on: date) -> list[str]:
    """What the law asks for and was not done: to be confirmed knowingly by who records the decision."""
    needed = plan.type.publish_days_before
    if not needed:
        return []
    if plan.published_on is None:
        words = ngettext(
            "The proposal is to be public for %(n)s day before the decision (%(law)s). No date is noted for that.",
            "The proposal is to be public for %(n)s days before the decision (%(law)s). No date is noted for that.",
            needed,
        )
        return [words % {"n": needed, "law": plan.type.legal_basis}]
    days = (on - plan.published_on).days
    if days >= needed:
        return []
    words = _("The proposal was public for %(days)s days before the decision; the law asks for %(n)s (%(law)s).")
    return [words % {"days": days, "n": needed, "law": plan.type.legal_basis}]


def before_programme_consultation(plan: Plan) -> list[str]:
    if not plan.type.has_programme:
        return [_("Plans of this type have no planning programme.")]
    if plan.state != Plan.STARTED:
        return [_("The programme is sent on consultation when the work has started, and before the programme is set.")]
    return []


def before_programme_is_set(plan: Plan) -> list[str]:
    """Plan- og bygningsloven § 11-13: the programme is set after consultation."""
    if not plan.type.has_programme:
        return [_("Plans of this type have no planning programme.")]
    return _consulted(plan, Consultation.About.PROGRAMME, _("Send the planning programme on consultation first."))


def before_consultation(plan: Plan) -> list[str]:
    if plan.type.has_programme and plan.state == Plan.STARTED:
        return [_("Set the planning programme first.")]
    return []


def held_before_consultation(wanted: Consultation) -> list[str]:
    """Why a programme or a proposal cannot be sent on consultation now: said before anybody fills in the form."""
    plan = wanted.plan
    if not plan.is_under_work:
        return [_("The plan is no longer being made: its state is “%(state)s”.") % {"state": plan.get_state_display()}]
    if plan.consultations.filter(assessment="").exists():
        return [_("A consultation is open already. Close it first, with how the views were assessed.")]
    of_programme = wanted.about == Consultation.About.PROGRAMME
    return (before_programme_consultation if of_programme else before_consultation)(plan)


def consultation_is_recorded(plan: Plan) -> list[str]:
    if any(each.about == Consultation.About.PROPOSAL and not each.is_closed for each in plan.consultations.all()):
        return []
    return [_("Use the page for consultation: it asks for the dates and who is asked.")]


def before_submission(plan: Plan) -> list[str]:
    """What has been on consultation is decided when the views have been assessed (§ 11-14)."""
    if plan.type.has_programme and plan.state == Plan.STARTED:
        return [_("Set the planning programme first.")]
    if plan.type.consultation_weeks is None and plan.state != Plan.ON_CONSULTATION:
        return []
    return _consulted(plan, Consultation.About.PROPOSAL, _("Send the proposal on consultation first."))


def _consulted(plan: Plan, about: str, otherwise: str) -> list[str]:
    rounds = [each for each in plan.consultations.all() if each.about == about]
    if not rounds:
        return [otherwise]
    if any(not each.is_closed for each in rounds):
        return [_("The consultation is still open. Close it first, with how the views were assessed.")]
    return []


def warnings_before_consultation(plan: Plan, opened: date, closes: date) -> list[str]:
    """Shorter than the law says: done knowingly or not at all."""
    needed = plan.type.consultation_weeks
    if not needed or closes >= opened + timedelta(weeks=needed):
        return []
    words = ngettext(
        "The deadline is %(days)s days after it opens; the law asks for at least %(n)s week (%(law)s).",
        "The deadline is %(days)s days after it opens; the law asks for at least %(n)s weeks (%(law)s).",
        needed,
    )
    return [words % {"days": (closes - opened).days, "n": needed, "law": plan.type.legal_basis}]
