from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from styrhus.kit.lists import Column, linked
from styrhus.reorganisation.models import Reorganisation

COLUMNS = (
    Column("title", _("Title"), "title", ("title",), look=linked, kind="head"),
    Column("on", _("Holds from"), "on", ("on",), kind="date"),
    Column("state", _("Status"), lambda row: row.get_state_display(), ("state",)),
    Column("decision", _("Decision"), "decision", ("decision",)),
    Column("by", _("Prepared by"), lambda row: row.by, ("by__name",)),
)


class ReorganisationFilters(FilterSet):
    state = ChoiceFilter(label=_("Status"), choices=Reorganisation.State.choices, empty_label=_("All"))

    class Meta:
        model = Reorganisation
        fields = ["state"]
