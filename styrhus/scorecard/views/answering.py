"""A measure that is made because a result is not as it should be."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items import operations as items
from styrhus.items.models import Item, Link
from styrhus.organisation.access import units_where
from styrhus.planning.views.measures import NewMeasure
from styrhus.scorecard.pages import indicator_or_404


class MeasureOfIndicator(NewMeasure):
    """The measure follows up the indicator, so one sees where it came from; it follows from the indicator's goal."""

    title = gettext_lazy("New measure because of a result")

    def dispatch(self, request, *args, **kwargs):
        self.indicator = indicator_or_404(request.user, kwargs.pop("pk"))
        return super().dispatch(request, *args, **kwargs)

    def initial(self):
        known = super().initial()
        known["title"] = _("Better result: %(indicator)s") % {"indicator": self.indicator}
        if self.indicator.of_goal_id:
            known["part_of"] = self.indicator.of_goal_id
        asked = self.request.GET.get("enhet", "")
        if asked.isdecimal() and units_where(self.request.user, self.permission).filter(pk=asked[:18]).exists():
            known["unit"] = asked[:18]
        return known

    @transaction.atomic
    def save(self, form):
        measure = super().save(form)
        target = Item.objects.get(pk=self.indicator.pk)
        items.link(measure.as_item, target, Link.Kind.FOLLOWS_UP, by=self.request.user)
        return measure

    def cancel_url(self):
        return self.indicator.get_absolute_url()
