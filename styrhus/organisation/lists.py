"""The registers of positions and of people."""

from datetime import date

import django_filters as filters
from django.db.models import Q
from django.forms import CheckboxInput
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.fields import LeanSelect
from styrhus.kit.lists import Column, ListPage, linked
from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.access import require
from styrhus.organisation.models import Appointment, Person, Position, Unit
from styrhus.organisation.queries import held_by, in_force, indented_units, positions_with_words
from styrhus.organisation.roles import roles_offered


def _holders(position) -> str:
    return ", ".join(str(held.person) for held in position.holders_now)


def _holders_look(position):
    return _holders(position) or format_html('<span class="ds-tag" data-color="warning">{}</span>', _("vacant"))


class PositionFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Title, unit or name"), method="with_words")
    unit = filters.ChoiceFilter(
        label=gettext_lazy("Unit and below"),
        choices=indented_units,
        method="in_unit",
        widget=LeanSelect,
        empty_label=gettext_lazy("All"),
    )
    role = filters.ChoiceFilter(
        label=gettext_lazy("Role"), choices=roles_offered, method="with_role", empty_label=gettext_lazy("All")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[("vacant", gettext_lazy("Vacant")), ("closed", gettext_lazy("Closed"))],
        method="in_state",
        empty_label=gettext_lazy("All in use"),
    )

    class Meta:
        model = Position
        fields: list[str] = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("state") else queryset.living(date.today())

    def with_words(self, queryset, name, words):
        return queryset.filter(pk__in=positions_with_words(words).order_by().values("pk"))

    def in_unit(self, queryset, name, key):
        return queryset.filter(unit__path__startswith=Unit.objects.get(pk=key).path)

    def with_role(self, queryset, name, role):
        return queryset.filter(roles__role=role).distinct()

    def in_state(self, queryset, name, state):
        return queryset.vacant(date.today()) if state == "vacant" else queryset.filter(until__lt=date.today())


class PositionList(ListPage):
    title = gettext_lazy("Positions")
    intro = gettext_lazy("Posts, offices and functions that things answer to, and who is in them")
    filters = PositionFilters
    order = "unit"
    columns = (
        Column("title", gettext_lazy("Title"), "title", ("title",), linked, "head"),
        Column("unit", gettext_lazy("Unit"), "unit", ("unit__path", "-leads", "title")),
        Column("holders", gettext_lazy("Held by"), _holders, look=_holders_look),
        Column("kind", gettext_lazy("Kind"), lambda position: position.get_kind_display(), ("kind",)),
        Column("level", gettext_lazy("Authority level"), "authority_level", ("authority_level",), kind="number"),
    )

    def rows(self):
        require(self.request.user, "organisation.view")
        return Position.objects.select_related("unit").prefetch_related(in_force(date.today()))

    def actions(self):
        if not self.request.user.has_perm("organisation.edit"):
            return []
        return [{"label": _("New position"), "url": reverse("organisation:new_position"), "main": True, "adds": True}]


def _positions(person) -> str:
    return ", ".join(str(held.position) for held in person.holders_now)


def _units(person) -> str:
    return ", ".join(str(held.position.unit) for held in person.holders_now)


class PersonFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Name or e-mail"), method="with_words")
    unit = filters.ChoiceFilter(
        label=gettext_lazy("Unit and below"),
        choices=indented_units,
        method="in_unit",
        widget=LeanSelect,
        empty_label=gettext_lazy("All"),
    )
    left = filters.BooleanFilter(label=gettext_lazy("Those who have left"), method="who_left", widget=CheckboxInput)

    class Meta:
        model = Person
        fields: list[str] = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("left") else queryset.filter(is_active=True)

    def with_words(self, queryset, name, words):
        for word in words.split()[:6]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return queryset

    def in_unit(self, queryset, name, key):
        below = Unit.objects.get(pk=key).path
        held = Appointment.objects.in_force(date.today()).filter(position__unit__path__startswith=below)
        return queryset.filter(pk__in=held.values("person"))

    def who_left(self, queryset, name, ticked):
        return queryset.filter(is_active=False) if ticked else queryset


class PersonList(ListPage):
    title = gettext_lazy("People")
    intro = gettext_lazy("Everyone who may sign in, and what they hold today")
    filters = PersonFilters
    order = "name"
    columns = (
        Column("name", gettext_lazy("Name"), "name", ("name_key",), linked, "head"),
        Column("positions", gettext_lazy("Position"), _positions),
        Column("units", gettext_lazy("Unit"), _units),
        Column("email", gettext_lazy("E-mail"), "email", ("email",)),
    )

    def rows(self):
        require(self.request.user, "organisation.view")
        people = Person.objects.alias(name_key=NorwegianKey("name"))
        return people.prefetch_related(held_by("position__unit", date.today()))

    def actions(self):
        if not self.request.user.has_perm("person.edit"):
            return []
        return [{"label": _("New person"), "url": reverse("organisation:new_person"), "main": True, "adds": True}]
