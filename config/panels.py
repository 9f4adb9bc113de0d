"""What one context shows on another's page: the page's name → panels, in the order they stand.

Each panel is a page of its own at its own address, with its own access check and with the key of the page's thing as
its only argument. Where there is script it is fetched into the page; where there is none, its heading is a link to it.
Its template extends `kit/panel.html`. A page shows its panels by `{% panels "organisation:position" position.pk %}`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Panel:
    """`permission` is asked before the place for the panel is drawn; the panel itself asks again."""

    label: str | Promise
    url: str
    permission: str = ""
    # On the page of an item: the kinds that want it; every kind where none is named.
    kinds: tuple[str, ...] = ()


# What is done for the sake of something.
POINTING = (
    "planning.measure",
    "planning.plan",
    "planning.priorityarea",
    "planning.goal",
    "planning.strategy",
    "planning.assignment",
)

PANELS = {
    "items:page": (
        Panel(_("Laws and sustainable development goals"), "compliance:points_to", kinds=POINTING),
        Panel(_("Archive and privacy"), "records:of_thing", "records.view"),
    ),
    # What a plan contains, below what it is.
    "planning:plan": (Panel(_("Text"), "writing:panel"),),
    "organisation:position": (
        Panel(_("What this position answers for"), "items:answered_for", "organisation.view"),
        Panel(_("What may be decided here, and what must be checked"), "delegation:position", "organisation.view"),
        Panel(_("Change of leader"), "leadership:of_position", "organisation.view"),
    ),
    # About the position that changes hands.
    "leadership:handover": (
        Panel(_("What may be decided here, and what must be checked"), "delegation:position", "organisation.view"),
    ),
}

# Links that a panel or the page of a kind shows, so that they are not shown twice: their kind and what they point to.
LINKS_SHOWN = (("fulfils", "compliance.requirement"),)
