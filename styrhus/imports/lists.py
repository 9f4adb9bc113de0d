"""The register of imports."""

import django_filters
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.imports.models import Import
from styrhus.imports.queries import imports_open_to, kinds_open_to
from styrhus.kit.lists import Column, linked


def _state(of: Import) -> str:
    return format_html('<span class="ds-tag" data-state="{}">{}</span>', of.state, of.get_state_display())


def _kinds(request) -> list[tuple[str, str]]:
    return [(kind.name, str(kind.label)) for kind in kinds_open_to(request.user)]


class ImportFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("What it holds"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Import.State.choices, empty_label=_("All"))
    source = django_filters.CharFilter(label=_("Source"), lookup_expr="icontains")

    class Meta:
        model = Import
        fields = ["kind", "state", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = _kinds(self.request)


COLUMNS = (
    Column("file", _("File"), str, look=linked, kind="head"),
    Column("kind", _("What it holds"), "its_kind.label", order=("kind",)),
    Column("source", _("Source"), "source", order=("source",)),
    Column("state", _("Status"), lambda of: of.get_state_display(), order=("state",), look=_state),
    Column("read", _("Rows"), "read", order=("read",), kind="number"),
    Column("refused", _("Refused"), "refused", order=("refused",), kind="number"),
    Column("by", _("By"), lambda of: of.by or "", order=("by__name",)),
    Column("created", _("When"), "created", order=("created",), kind="date"),
)


def rows_for(person):
    return imports_open_to(person).select_related("by").prefetch_related("files")
