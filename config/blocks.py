"""What of the house can be placed in a text as a live block: its name → what it is called, who finds and draws it.

The functions are described at `BlockKind`. What the reader may not see is left out of what they draw.
"""

from django.utils.translation import gettext_lazy as _

from styrhus.writing.blocks import BlockKind

BLOCKS = {
    "items.item": BlockKind(
        _("Something in Styrhus, with its state"),
        choices="styrhus.writing.placing.items_to_place",
        draw="styrhus.writing.placing.items_drawn",
    ),
    "planning.goal": BlockKind(
        _("A goal with what stands under it"),
        choices="styrhus.planning.placing.goals_to_place",
        draw="styrhus.planning.placing.drawn",
    ),
    "planning.goals_of_plan": BlockKind(
        _("The goals of a plan"),
        choices="styrhus.planning.placing.plans_to_place",
        draw="styrhus.planning.placing.drawn",
    ),
    "planning.measures": BlockKind(
        _("The measures of a plan or a goal, as a table"),
        choices="styrhus.planning.placing.measured_to_place",
        draw="styrhus.planning.placing.drawn",
    ),
    "planning.chart": BlockKind(
        _("Measures by status, as a chart"),
        choices="styrhus.planning.placing.charted_to_place",
        draw="styrhus.planning.placing.drawn",
    ),
}
