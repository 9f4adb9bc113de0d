"""What must be done before a plan takes a step, as plain sentences; `config/guards.py` names them."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.planning.models import Plan
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
