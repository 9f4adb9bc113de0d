from datetime import date

import django_filters as filters
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from styrhus.items.lists import RESPONSIBLE, UNIT, ItemList, UnitFilter
from styrhus.items.models import Item
from styrhus.kit.lists import Column, ListPage, shown, tag
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit
from styrhus.records.due import REASONS, REASSESS, RETENTION, reasons_of, things_due
from styrhus.records.models import Disposal, Removal
from styrhus.records.queries import removal_begun_by
from styrhus.records.rules import rules_of_kinds


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
        begun = removal_begun_by(self.request.user)
        return [
            *(
                [{"label": _("The removal you have begun"), "url": begun.get_absolute_url(), "main": False}]
                if begun
                else []
            ),
            {"label": _("Remove a text"), "url": reverse("records:remove_text"), "main": True},
            {"label": _("Remove a person who has left"), "url": reverse("records:remove_person"), "main": False},
        ]


def _asked(disposal):
    return format_html('<a class="ds-link" href="{}">{}</a>', disposal.get_absolute_url(), shown(disposal.asked_at))


def _about_it(thing):
    """Leads to what can be done about it."""
    return format_html('<a class="ds-link" href="{}">{}</a>', reverse("records:of_thing", args=[thing.pk]), thing.title)


def _why(thing):
    return format_html_join(" ", "{}", ((tag(reason, color="warning"),) for reason in reasons_of(thing)))


class DueFilters(filters.FilterSet):
    q = filters.CharFilter(label=_("Words in the title"), method="with_words")
    unit = UnitFilter(label=_("Unit and below"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("All"))
    kind = filters.ChoiceFilter(label=_("Kind"), empty_label=_("All"))
    reason = filters.ChoiceFilter(
        label=_("Reason"), choices=list(REASONS.items()), method="for_reason", empty_label=_("Everything")
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(kind, rule.name) for kind, rule in rules_of_kinds().items()]

    def with_words(self, rows, _name, words):
        return rows.with_words(words)

    def in_unit(self, rows, _name, unit):
        return rows.filter(unit__in=Unit.objects.below(unit).values("pk"))

    def for_reason(self, rows, _name, reason):
        return rows.filter({RETENTION: Q(over__isnull=False), REASSESS: Q(again__isnull=False)}[reason])


class Due(ItemList):
    title = _("Due in the archive")
    intro = _("What may be disposed of, and exemptions that must be assessed again")
    columns = (
        Column("title", _("Title"), "title", order=("title_key",), look=_about_it, kind="head"),
        Column("kind", _("Kind"), lambda thing: str(thing.get_kind_display()).capitalize(), order=("kind",)),
        UNIT,
        RESPONSIBLE,
        Column("reason", _("Reason"), lambda thing: ", ".join(map(str, reasons_of(thing))), look=_why),
        Column("day", _("Due since"), "day", order=("day",), kind="date"),
    )
    filters = DueFilters
    order = "day"

    def rows(self):
        require(self.request.user, "records.view")
        return things_due(self.request.user, date.today())

    def actions(self):
        return [{"label": _("Disposals"), "url": reverse("records:disposals"), "main": False}]


class DisposalFilters(filters.FilterSet):
    class Meta:
        model = Disposal
        fields = ["state"]


class Disposals(ListPage):
    title = _("Disposals")
    intro = _("What somebody has asked to dispose of, and receipts of what is gone")
    columns = (
        Column("asked_at", _("Asked for"), "asked_at", order=("asked_at",), look=_asked, kind="head"),
        Column("number", _("Number"), lambda row: f"#{row.number}", order=("number",)),
        Column("kind", _("Kind"), lambda row: str(rules_of_kinds()[row.kind].name), order=("kind",)),
        Column("state", _("Status"), lambda row: row.get_state_display(), order=("state",)),
        Column("asked_by", _("Asked for by"), "asked_by", order=("asked_by__name",)),
        Column("decided_by", _("Decided by"), lambda row: row.decided_by or "", order=("decided_by__name",)),
        Column("rows", _("Rows"), "rows", kind="number"),
    )
    filters = DisposalFilters
    order = "-asked_at"

    def rows(self):
        require(self.request.user, "records.view")
        return Disposal.objects.select_related("asked_by", "decided_by")
