"""The registers of authority: what is given to whom, which checks are not done, and what can be decided at all."""

from datetime import date

import django_filters as filters
from django.db.models import Q
from django.forms import CheckboxInput, HiddenInput
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.delegation.models import Authorisation, Power, Regulations, Source, name_of
from styrhus.delegation.queries import of_closed_positions
from styrhus.items.lists import STATE, TITLE, ItemFilters, due_look
from styrhus.kit.fields import LeanSelect
from styrhus.kit.lists import NOTHING, Column, linked, shown
from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Unit
from styrhus.organisation.queries import positions_with_words


def power_link(authorisation):
    return format_html(
        '<a class="ds-link" href="{}">{}</a>', authorisation.get_absolute_url(), authorisation.power.name
    )


def giver_name(authorisation) -> str:
    return name_of(authorisation.giver) if authorisation.giver else NOTHING


def never_or_day(authorisation):
    return shown(authorisation.checked_on) if authorisation.checked_on else str(_("never"))


POWER = Column("power", _("Power to decide"), "power.name", order=("power__name",), look=power_link, kind="head")
HOLDER = Column("holder", _("Held by"), lambda row: name_of(row.holder), order=("holder__unit__path", "holder__title"))
SOURCE = Column("source", _("Source"), lambda row: row.get_source_display(), order=("source",))
GIVER = Column("giver", _("Given by"), giver_name, order=("giver__unit__path", "giver__title"))
BASIS = Column("basis", _("Legal basis"), "legal_basis")
UNTIL = Column("end", _("Last day"), "end", order=("end",), kind="date")
NEXT_CHECK = Column("due", _("Next check"), "due", order=("due",), look=due_look, kind="date")
LAST_CHECK = Column("checked", _("Last checked"), never_or_day, order=("checked_on",), kind="date")
AUTHORISATION_COLUMNS = (POWER, HOLDER, SOURCE, GIVER, BASIS, UNTIL, STATE, NEXT_CHECK)
CHECK_COLUMNS = (POWER, HOLDER, GIVER, NEXT_CHECK, LAST_CHECK)


def powers():
    return Power.objects.values_list("pk", "name").order_by("name")


class AuthorisationFilters(ItemFilters):
    due_from = due_to = None
    source = filters.ChoiceFilter(label=_("Source"), choices=Source, empty_label=_("All"))
    power = filters.ChoiceFilter(
        label=_("Power to decide"), choices=powers, field_name="power", widget=LeanSelect, empty_label=_("All")
    )
    holder = filters.CharFilter(label=_("Held by (words)"), method="held_by")
    check = filters.ChoiceFilter(
        label=_("Check"),
        choices=[("late", _("Late")), ("never", _("Never done"))],
        method="by_check",
        empty_label=_("All"),
    )
    closed = filters.BooleanFilter(
        label=_("Held or given by a closed position"), method="of_closed", widget=CheckboxInput
    )
    mine = filters.BooleanFilter(label=_("Held or given by me"), method="of_mine", widget=CheckboxInput)
    # Where the page of one position leads to when it has more than it shows.
    holding = filters.NumberFilter(field_name="holder", widget=HiddenInput)
    giving = filters.NumberFilter(field_name="responsible", widget=HiddenInput)

    class Meta:
        model = Authorisation
        fields = ["q", "power", "unit", "holder", "source", "state", "check"]

    def in_unit(self, queryset, name, unit):
        """Where it is held: the unit that may decide, and all below it."""
        return queryset.filter(holder__unit__in=Unit.objects.below(unit).values("pk"))

    def held_by(self, queryset, name, words):
        return queryset.filter(holder__in=positions_with_words(words).order_by().values("pk"))

    def by_check(self, queryset, name, wanted):
        if wanted == "late":
            return queryset.live().filter(due__lt=date.today())
        return queryset.live().filter(source=Source.DELEGATED, checks=None)

    def of_closed(self, queryset, name, ticked):
        return of_closed_positions(queryset, date.today()) if ticked else queryset

    def of_mine(self, queryset, name, ticked):
        positions = authority_of(self.request.user).positions
        return queryset.filter(Q(holder__in=positions) | Q(responsible__in=positions)) if ticked else queryset


class CheckFilters(ItemFilters):
    due_from = due_to = state = None
    mine = filters.BooleanFilter(label=_("Given by me"), method="of_mine", widget=CheckboxInput)

    class Meta:
        model = Authorisation
        fields = ["q", "unit"]

    def __init__(self, *args, **kwargs):
        super(ItemFilters, self).__init__(*args, **kwargs)

    def filter_queryset(self, queryset):
        return super(ItemFilters, self).filter_queryset(queryset)

    def of_mine(self, queryset, name, ticked):
        return queryset.filter(responsible__in=authority_of(self.request.user).positions) if ticked else queryset


class PowerFilters(filters.FilterSet):
    q = filters.CharFilter(label=_("Words in the name"), field_name="name", lookup_expr="icontains")
    theme = filters.ChoiceFilter(
        label=_("Theme"),
        choices=lambda: Power.objects.exclude(theme="").values_list("theme", "theme").distinct().order_by("theme"),
        empty_label=_("All"),
    )

    class Meta:
        model = Power
        fields = ["q", "theme"]


def principle(power) -> str:
    return str(_("matter of principle")) if power.of_principle else NOTHING


POWER_COLUMNS = (
    Column("name", _("Power to decide"), "name", order=("name",), look=linked, kind="head"),
    Column("theme", _("Theme"), "theme", order=("theme",)),
    Column("basis", _("Legal basis"), "legal_basis", order=("legal_basis",)),
    Column("principle", _("Principle"), principle, order=("of_principle",)),
    Column("held", _("In force"), "held", order=("held",), kind="number"),
)


class RegulationsFilters(ItemFilters):
    due_from = due_to = mine = None
    unit = None  # type: ignore[assignment]

    class Meta:
        model = Regulations
        fields = ["q", "state"]


REGULATIONS_COLUMNS = (
    Column("number", _("Version"), "number", order=("number",), kind="number"),
    TITLE,
    STATE,
    Column("adopted", _("Adopted on"), "adopted_on", order=("adopted_on",), kind="date"),
    Column("decision", _("Decision"), "decision"),
)
