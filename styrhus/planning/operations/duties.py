"""What somebody must do because a plan was adopted."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from styrhus.items import operations as items
from styrhus.planning.models import Judgement, Plan

# Plan- og bygningsloven § 5-6: what is not settled goes to the County Governor within two weeks of the decision.
SEND_WITHIN = timedelta(weeks=2)


def owe_to_county_governor(plan: Plan, *, by) -> None:
    """A duty for each objection that an adopted plan has not settled (plan- og bygningsloven § 5-6)."""
    if plan.adopted_on is None:
        return
    for objection in plan.objections.filter(outcome="open", sent_on__isnull=True, follow_up__isnull=True):
        what = _("Send the objection from %(authority)s to the County Governor (pbl § 5-6)") % {
            "authority": objection.authority
        }
        due = plan.adopted_on + SEND_WITHIN
        objection.follow_up = items.follow_up(plan.as_item, what[:250], responsible=plan.responsible, due=due, by=by)
        objection.save(update_fields=["follow_up"])


def owe_repeal(strategy: Plan, *, by) -> None:
    """Who answers for a plan that an adopted strategy says is to be repealed, is asked to see to it."""
    if strategy.adopted_on is None:
        return
    chosen = strategy.judgements.filter(choice=Judgement.Choice.REPEALED, plan__state=Plan.ADOPTED)
    for judgement in chosen.select_related("plan__responsible"):
        due = date(judgement.year or strategy.adopted_on.year + 1, 12, 31)
        what = _("Put forward that the plan is repealed, as “%(strategy)s” says") % {"strategy": strategy.title}
        plan = judgement.plan
        items.follow_up(plan.as_item, what[:250], responsible=plan.responsible, due=due, by=by)
