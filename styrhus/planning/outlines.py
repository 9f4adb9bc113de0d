"""The chapters that a plan of each type begins with; whoever makes it changes them as they like."""

from django.utils.translation import gettext as _

from styrhus.planning.models import Plan
from styrhus.writing.models import Heading


def outline_of(plan: Plan) -> list[Heading]:
    outlines = {"planning_strategy": _of_strategy, "action_programme": _of_action_programme}
    return outlines.get(plan.type.code, _of_any)()


def _of_strategy() -> list[Heading]:
    """Plan- og bygningsloven § 10-1."""
    return [
        Heading(_("Development and challenges"), _("What has changed since the last strategy, with figures.")),
        Heading(_("Strategic choices"), _("Society, long-term land use, environment and the sectors.")),
        Heading(_("Public health, housing and preparedness"), _("What other laws ask the strategy to consider.")),
        Heading(_("Planning needs"), _("Which plans are made, revised, continued and repealed, and why.")),
        Heading(_("Participation and views received"), _("Who took part, and how the views were assessed.")),
    ]


def _of_action_programme() -> list[Heading]:
    return [
        Heading(_("Main features"), _("What is most important in the four years, in one page.")),
        Heading(_("Economic frames"), _("What the money comes from, and what it is bound to.")),
        Heading(_("Goals and measures"), _("By area: what is to be reached, and what is done.")),
        Heading(_("Annual budget"), _("The first year of the plan, with its schedules.")),
    ]


def _of_any() -> list[Heading]:
    return [
        Heading(_("Background"), _("Why the plan is made, and what it builds on.")),
        Heading(_("Goals and strategies"), _("What is to be reached, and the way there.")),
        Heading(_("Carrying out and following up"), _("Who does what by when, and how it is followed up.")),
    ]
