"""The registers of this part: the security log, and the people who may be supported."""

import django_filters
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import DateInput
from styrhus.kit.lists import Column, ListPage
from styrhus.organisation.access import require
from styrhus.organisation.models import Person
from styrhus.signin.models import SecurityEvent
from styrhus.signin.queries import people_to_support

WAYS = {
    "password": _("password"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery codes"),
}
REASONS = {
    "unknown": _("not registered here"),
    "unverified": _("the e-mail is not verified"),
    "inactive": _("access is switched off"),
    "groups": _("too many groups to know them"),
    "level": _("signed in too weakly"),
    "passwords_off": _("passwords are switched off"),
}


def _note(event) -> str:
    """A note in words: the way that was used, or the provider and why it ended."""
    if event.note in WAYS or event.note in REASONS:
        return str(WAYS.get(event.note) or REASONS[event.note])
    provider, _colon, reason = event.note.partition(": ")
    return f"{provider}: {REASONS[reason]}" if reason in REASONS else event.note


class SecurityFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("What happened"), choices=SecurityEvent.Kind.choices, empty_label=_("Everything")
    )
    since = django_filters.DateFilter(label=_("From date"), field_name="at", lookup_expr="date__gte", widget=DateInput)
    until = django_filters.DateFilter(label=_("To date"), field_name="at", lookup_expr="date__lte", widget=DateInput)
    who = django_filters.CharFilter(label=_("Name"), method="by_name")

    class Meta:
        model = SecurityEvent
        fields = ["kind"]

    def by_name(self, rows, _name, words):
        return rows.filter(Q(person__name__icontains=words) | Q(by__name__icontains=words))


class SecurityLog(ListPage):
    title = _("Security log")
    intro = _("Who has signed in, who was refused, and what was changed. Kept for one year.")
    filters = SecurityFilters
    order = "-at"
    columns = (
        Column("at", _("When"), "at", ("at",), kind="date"),
        Column("kind", _("What happened"), str, ("kind",)),
        Column("person", _("Person"), lambda event: event.person, ("person__name",)),
        Column("by", _("Done by"), lambda event: event.by, ("by__name",)),
        Column("address", _("Network"), "address"),
        Column("note", _("Note"), _note),
    )

    def rows(self):
        require(self.request.user, "security.view")
        return SecurityEvent.objects.select_related("person", "by")


class SupportFilters(django_filters.FilterSet):
    who = django_filters.CharFilter(
        label=_("Name or e-mail"), method="by_words", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def by_words(self, rows, _name, words):
        return rows.filter(Q(name__icontains=words) | Q(email__icontains=words))


def _link(person):
    # The register fetches its own links in place; this one leads away.
    url = reverse("start_support_session", args=[person.pk])
    return format_html('<a class="ds-link" hx-boost="false" href="{}">{}</a>', url, person)


class SupportPage(ListPage):
    title = _("Support")
    intro = _(
        "See Styrhus as the person you help sees it, for half an hour. You can change nothing, and the person is told."
    )
    filters = SupportFilters
    order = "name"
    columns = (
        Column("name", _("Name"), "name", ("name",), look=_link, kind="head"),
        Column("email", _("E-mail"), "email", ("email",)),
        Column("position", _("Position"), lambda person: ", ".join(str(held.position) for held in person.held)),
        Column("unit", _("Unit"), lambda person: ", ".join(str(held.position.unit) for held in person.held)),
    )

    def rows(self):
        require(self.request.user, "support.start")
        return people_to_support(by=self.request.user)
