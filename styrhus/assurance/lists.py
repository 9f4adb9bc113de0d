"""The register of findings."""

import django_filters as filters
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.items.keeping import CAUSES, VACANT
from styrhus.items.lists import UNIT, UnitFilter
from styrhus.items.models import Item
from styrhus.kit.lists import Column, tag
from styrhus.organisation.models import Unit


def title_look(item):
    """Leads to what can be done about it."""
    return format_html('<a class="ds-link" href="{}">{}</a>', reverse("assurance:finding", args=[item.pk]), item.title)


def cause_look(item):
    return tag(str(CAUSES[item.cause]), color="danger" if item.cause == VACANT else "warning")


def kept_on(item):
    return timezone.localtime(item.kept_at).date() if item.kept_at else None


def holders(item) -> str:
    return ", ".join(held.person.name for held in item.responsible.holders_now)


FINDING_COLUMNS = (
    Column("title", _("Title"), "title", ("title_key",), look=title_look, kind="head"),
    UNIT,
    Column("responsible", _("Responsible"), "responsible.title"),
    Column("holder", _("Held by"), holders),
    Column("cause", _("What is wrong"), lambda item: str(CAUSES[item.cause]), ("cause",), look=cause_look),
    Column("kept", _("Last confirmed"), kept_on, ("kept_at",), kind="date"),
)


class FindingFilters(filters.FilterSet):
    q = filters.CharFilter(label=_("Words in the title"), method="with_words")
    unit = UnitFilter(label=_("Unit and below"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("All"))
    cause = filters.ChoiceFilter(label=_("What is wrong"), choices=list(CAUSES.items()), empty_label=_("Everything"))

    class Meta:
        model = Item
        fields: list[str] = []

    def narrowed(self, rows):
        """Other rows with the same words and in the same unit, whatever their cause."""
        for name, narrow in (("q", self.with_words), ("unit", self.in_unit)):
            if asked := self.form.cleaned_data.get(name):
                rows = narrow(rows, name, asked)
        return rows

    def with_words(self, rows, _name, words):
        return rows.with_words(words)

    def in_unit(self, rows, _name, unit):
        return rows.filter(unit__in=Unit.objects.below(unit).values("pk"))
