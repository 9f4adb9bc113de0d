from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from styrhus.items.lists import DUE, RESPONSIBLE, STATE, TITLE, UNIT, ItemFilters
from styrhus.kit.lists import Column
from styrhus.planning.models import Measure

PROGRESS = Column(
    "progress",
    _("Progress"),
    "progress",
    order=("progress",),
    look=lambda m: f"{localize(m.progress)}\u00a0%",
    kind="number",
)
MEASURE_COLUMNS = (TITLE, UNIT, RESPONSIBLE, STATE, PROGRESS, DUE)


class MeasureFilters(ItemFilters):
    class Meta:
        model = Measure
        fields = ["q", "unit", "state"]
