from datetime import date

import django_filters as filters
from django.apps import apps
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from styrhus.items.lists import DUE, RESPONSIBLE, STATE, TITLE, UNIT
from styrhus.items.models import Item
from styrhus.kit.fields import NumberInput
from styrhus.kit.lists import Column
from styrhus.planning.forms.fields import KronerField, in_kroner
from styrhus.planning.lists.contents import ContentFilters
from styrhus.planning.models import Measure
from styrhus.planning.queries.branches import measures_inside
from styrhus.planning.queries.evaluation import EVALUATED, by_evaluation

PROGRESS = Column(
    "progress",
    _("Progress"),
    "progress",
    order=("progress",),
    look=lambda m: f"{localize(m.progress)}\u00a0%",
    kind="number",
)
COST = Column(
    "cost",
    _("Cost in kroner"),
    lambda m: None if m.cost is None else m.cost / 100,
    order=("cost",),
    look=lambda m: in_kroner(m.cost) or "–",
    kind="number",
)
MEASURE_COLUMNS = (TITLE, UNIT, RESPONSIBLE, STATE, PROGRESS, COST, DUE)
NONE = "none"
STARTED = [("0", _("Not begun")), ("begun", _("Begun")), ("100", _("100 %"))]


class KronerFilter(filters.Filter):
    """An amount written in kroner against one kept in øre."""

    field_class = KronerField


def origins() -> list:
    """The kinds of thing that a measure may come from."""
    kinds = (model for model in apps.get_models() if issubclass(model, Item) and model is not Item)
    named = ((kind.kind_name(), str(kind._meta.verbose_name).capitalize()) for kind in kinds)
    return [(NONE, _("Nothing (no origin)")), *sorted(named, key=lambda pair: pair[1])]


class MeasureFilters(ContentFilters):
    under = filters.NumberFilter(label=_("Stands in or follows from (number)"), method="inside", widget=NumberInput)
    origin = filters.ChoiceFilter(label=_("Comes from"), method="from_kind", empty_label=_("All"), choices=origins)
    progress = filters.ChoiceFilter(label=_("Progress"), method="come_so_far", empty_label=_("All"), choices=STARTED)
    cost_from = KronerFilter(label=_("Cost from, in kroner"), field_name="cost", lookup_expr="gte", widget=NumberInput)
    cost_to = KronerFilter(label=_("Cost to, in kroner"), field_name="cost", lookup_expr="lte", widget=NumberInput)
    effect = filters.ChoiceFilter(label=_("Effect"), method="evaluated", empty_label=_("All"), choices=EVALUATED)

    class Meta:
        model = Measure
        fields = ["q", "unit", "state"]

    def filter_queryset(self, queryset):
        # An effect is judged when the measure has ended: then those that have ended are what is asked for.
        if self.form.cleaned_data.get("effect") and not self.form.cleaned_data.get("state"):
            self.form.cleaned_data["state"] = "all"
        return super().filter_queryset(queryset)

    def inside(self, queryset, name, number):
        """What stands in a plan or follows from a goal, however far down: nothing when that may not be seen."""
        asked = int(number) if number == int(number) and 0 < number < 10**18 else 0
        if not Item.objects.visible_to(self.request.user).filter(pk=asked).exists():
            return queryset.none()
        return measures_inside(asked, queryset)

    def from_kind(self, queryset, name, kind):
        if kind == NONE:
            return queryset.filter(thread__isnull=True)
        return queryset.filter(thread__part_of__kind=kind)

    def come_so_far(self, queryset, name, progress):
        if progress == "begun":
            return queryset.filter(progress__gt=0, progress__lt=100)
        return queryset.filter(progress=int(progress))

    def evaluated(self, queryset, name, asked):
        return by_evaluation(queryset, asked, date.today())
