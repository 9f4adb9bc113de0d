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
}
