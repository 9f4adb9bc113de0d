"""The registers of the legal clock."""

from datetime import date

import django_filters as filters
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.compliance.models import (
    LegalDeadline,
    RegisteredFact,
    Requirement,
    confidences_offered,
    document_types_offered,
    events_offered,
)
from styrhus.compliance.rules import CONFIRMED, RECALLED, VERIFY, rules
from styrhus.compliance.words import AREAS, CONFIDENCES, SEVERITIES, short_source
from styrhus.items.lists import RESPONSIBLE, STATE, TITLE, ItemFilters
from styrhus.kit.fields import DateInput
from styrhus.kit.lists import Column, shown, tag


def due_look(row):
    """The day with what is wrong about it, in words."""
    if row.finding:
        return format_html("{} {}", shown(row.due), tag(row.finding, color="warning"))
    if row.is_late:
        return format_html("{} {}", shown(row.due), tag(_("done late"), color="warning"))
    if row.is_overdue(date.today()):
        return format_html("{} {}", shown(row.due), tag(_("overdue"), color="danger"))
    return format_html("{} {}", _("not before"), shown(row.due)) if row.is_earliest else shown(row.due)


def confidence_mark(rule) -> str:
    """Nothing where the text of the law was read; a word in small letters, or a warning, where it was not."""
    if rule.confidence == CONFIRMED:
        return ""
    if rule.confidence == RECALLED:
        return format_html('<span class="quiet">{}</span>', CONFIDENCES[RECALLED])
    return tag(CONFIDENCES[rule.confidence], color="warning")


def source_look(row):
    mark = confidence_mark(row.rule)
    return format_html("{} {}", short_source(row.rule), mark) if mark else short_source(row.rule)


SOURCE = Column("source", _("Law"), lambda row: row.rule.source, order=("rule_id",), look=source_look)
SEVERITY = Column("severity", _("Severity"), lambda row: SEVERITIES[row.rule.severity])
DUE = Column("due", _("Due"), "due", order=("due",), look=due_look, kind="date")
DEADLINE_COLUMNS = (TITLE, SOURCE, DUE, STATE, RESPONSIBLE, SEVERITY)


def _ids_where(name: str, value: str) -> list[str]:
    return [rule.id for rule in rules().values() if getattr(rule, name) == value]


class DeadlineFilters(ItemFilters):
    area = filters.ChoiceFilter(
        label=_("Area"), choices=lambda: list(AREAS.items()), method="in_area", empty_label=_("All")
    )
    severity = filters.ChoiceFilter(
        label=_("Severity"), choices=lambda: list(SEVERITIES.items()), method="of_severity", empty_label=_("All")
    )

    class Meta:
        model = LegalDeadline
        fields = ["q", "state", "area", "severity", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = self.filters["state"].extra["choices"]
        self.filters["state"].extra["choices"] = [("findings", _("Findings: late or against the rule")), *offered]

    def in_state(self, queryset, name, state):
        if state == "findings":
            return queryset.findings(date.today())
        if state == "overdue":
            return queryset.overdue(date.today()).filter(is_earliest=False)
        return super().in_state(queryset, name, state)

    def in_area(self, queryset, name, area):
        return queryset.filter(rule_id__in=_ids_where("area", area))

    def of_severity(self, queryset, name, severity):
        return queryset.filter(rule_id__in=_ids_where("severity", severity))


def fact_look(row):
    return format_html('<a class="ds-link" href="{}">{}</a>', row.get_absolute_url(), row)


FACT_COLUMNS = (
    Column("event", _("What"), lambda row: row.get_event_display(), look=fact_look, kind="head"),
    Column("on", _("Day"), "on", order=("on",), kind="date"),
    Column("about", _("What it is about"), lambda row: row.get_document_type_display() if row.document_type else ""),
    Column("title", _("Name"), "title", order=("title",)),
    Column("note", _("Note"), "note"),
)


class FactFilters(filters.FilterSet):
    event = filters.ChoiceFilter(label=_("What"), choices=events_offered, empty_label=_("Everything"))
    document_type = filters.ChoiceFilter(
        label=_("What it is about"), choices=document_types_offered, empty_label=_("Everything")
    )
    on_from = filters.DateFilter(label=_("From"), field_name="on", lookup_expr="gte", widget=DateInput)

    class Meta:
        model = RegisteredFact
        fields: list[str] = []


def things_look(row):
    return format_html('<a class="ds-link" href="{}#things-head">{}</a>', row.get_absolute_url(), row.things)


def title_look(row):
    mark = tag(row.get_confidence_display(), color="warning") if row.confidence == VERIFY else ""
    return format_html('<a class="ds-link" href="{}">{}</a> {}', row.get_absolute_url(), row.title, mark)


REQUIREMENT_COLUMNS = (
    Column("title", _("Title"), "title", order=("title_key",), look=title_look, kind="head"),
    Column("source", _("Kind"), lambda row: row.get_source_display(), order=("source", "title_key")),
    Column("code", _("Code"), "code", order=("code",)),
    Column("things", _("Things that point to it"), "things", order=("things",), look=things_look, kind="number"),
    STATE,
    RESPONSIBLE,
)


class RequirementFilters(ItemFilters):
    due_from = due_to = None
    q = filters.CharFilter(label=_("Words or code"), method="with_words")
    source = filters.ChoiceFilter(label=_("Kind"), choices=Requirement.Source, empty_label=_("All"))
    confidence = filters.ChoiceFilter(
        label=_("Compared with the law"), choices=confidences_offered, empty_label=_("All")
    )
    pointed = filters.ChoiceFilter(
        label=_("Pointed to"),
        choices=[("yes", _("By something")), ("no", _("By nothing"))],
        method="by_things",
        empty_label=_("All"),
    )

    class Meta:
        model = Requirement
        fields = ["q", "source", "state", "pointed", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A requirement has no day.
        choices = self.filters["state"].extra["choices"]
        self.filters["state"].extra["choices"] = [choice for choice in choices if choice[0] != "overdue"]

    def with_words(self, queryset, name, words):
        return queryset.found_by(words)

    def by_things(self, queryset, name, wanted):
        return queryset.filter(things__gt=0) if wanted == "yes" else queryset.filter(things=0)
