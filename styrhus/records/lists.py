import django_filters as filters
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.kit.lists import Column, ListPage, shown
from styrhus.organisation.access import require
from styrhus.records.models import Removal


class RemovalFilters(filters.FilterSet):
    class Meta:
        model = Removal
        fields = ["kind", "basis"]


def _linked(removal):
    return format_html('<a class="ds-link" href="{}">{}</a>', removal.get_absolute_url(), shown(removal.at))


class Removals(ListPage):
    title = _("Removal of personal data")
    intro = _("What was removed is gone; who did it, when and why stays here.")
    columns = (
        Column("at", _("When"), "at", order=("at",), look=_linked, kind="head"),
        Column("kind", _("What is removed"), lambda row: row.get_kind_display(), order=("kind",)),
        Column("basis", _("Legal basis"), lambda row: row.get_basis_display(), order=("basis",)),
        Column("by", _("Done by"), "by", order=("by__name",)),
        Column("rows", _("Places"), "rows", kind="number"),
    )
    filters = RemovalFilters
    order = "-at"

    def rows(self):
        require(self.request.user, "privacy.view")
        return Removal.objects.select_related("by")

    def actions(self):
        if not self.request.user.has_perm("privacy.remove"):
            return []
        return [
            {"label": _("Remove a text"), "url": reverse("records:remove_text"), "main": True},
            {"label": _("Remove a person who has left"), "url": reverse("records:remove_person"), "main": False},
        ]
