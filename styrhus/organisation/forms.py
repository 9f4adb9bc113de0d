"""Choosing a position or a person: thousands of them, so they are searched for by words. And keeping them."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.fields import DateInput, LeanSelect
from styrhus.organisation.access import units_where
from styrhus.organisation.models import Person, Position, PositionRole, Unit
from styrhus.organisation.queries import people_with_words, positions_with_words
from styrhus.organisation.roles import FIELDS, ROLES, roles_offered

SUGGESTED = 5


def label_of(position: Position) -> str:
    """What a position is called where it is chosen; the number tells apart those that share title and unit."""
    return f"{position.title} – {position.unit.name} #{position.pk}"


class SearchInput(forms.TextInput):
    """A text field with suggestions from the server; without script the words alone are enough."""

    def __init__(self, attrs=None, *, suggestions: str = "organisation:find_positions"):
        super().__init__(attrs)
        self.suggestions = suggestions

    def render(self, name, value, attrs=None, renderer=None):
        listed = f"{attrs['id']}_found"
        more = {
            "list": listed,
            "autocomplete": "off",
            "hx-get": reverse(self.suggestions),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{listed}",
        }
        drawn = super().render(name, value, attrs | more, renderer)
        return format_html('{}<datalist id="{}"></datalist>', drawn, listed)


class TreeDateForm(forms.Form):
    """The day on which the tree is to be shown."""

    dato = forms.DateField(label=gettext_lazy("The tree as it stood on"), widget=DateInput, required=False)


class PositionField(forms.ModelChoiceField):
    """A position by its label, its number, or words that only one position has."""

    widget = SearchInput

    def __init__(self, **more):
        super().__init__(queryset=Position.objects.select_related("unit"), **more)

    def prepare_value(self, value):
        if isinstance(value, Position):
            return label_of(value)
        found = self.queryset.filter(pk=value).first() if str(value or "").isdigit() else None
        return label_of(found) if found else value

    def validate(self, value):
        super().validate(value)
        if value and value.is_closed(date.today()):
            raise ValidationError(
                _("The position “%(title)s” was closed on %(day)s. Choose one that is in use.")
                % {"title": value.title, "day": date_format(value.until)}
            )

    def to_python(self, value):
        words = str(value or "").replace("\x00", "").strip()
        if not words:
            return None
        number = re.search(r"(?:^|#)(\d{1,18})$", words)
        found = list(self.queryset.filter(pk=number[1]) if number else positions_with_words(words)[: SUGGESTED + 1])
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._advice(found))

    def _advice(self, found: list[Position]) -> str:
        if not found:
            return _("No position has these words. Try the title, the unit, or the name of who holds it.")
        labels = "; ".join(map(label_of, found[:SUGGESTED]))
        return _("Several positions fit. Choose one of them: %(labels)s") % {"labels": labels}


def name_of(person: Person) -> str:
    """What a person is called where one is chosen; the address tells apart those that share a name."""
    return f"{person.name} <{person.email}>"


class PersonField(forms.ModelChoiceField):
    """A person by name and address, by address alone, or by words that only one person has."""

    def __init__(self, **more):
        widget = SearchInput(suggestions="organisation:find_people")
        super().__init__(queryset=Person.objects.filter(is_active=True), widget=widget, **more)

    def prepare_value(self, value):
        if isinstance(value, Person):
            return name_of(value)
        found = self.queryset.filter(pk=value).first() if str(value or "").isdigit() else None
        return name_of(found) if found else value

    def to_python(self, value):
        words = str(value or "").replace("\x00", "").strip()
        if not words:
            return None
        address = re.search(r"<([^<>]+)>$", words)
        found = list(self._found(address[1] if address else words)[: SUGGESTED + 1])
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._advice(found))

    def _found(self, words: str):
        return self.queryset.filter(email__iexact=words) if "@" in words else people_with_words(words)

    def _advice(self, found: list[Person]) -> str:
        if not found:
            return _("Nobody has this name or address. Check how it is written, or register the person first.")
        names = "; ".join(map(name_of, found[:SUGGESTED]))
        return _("Several people fit. Choose one of them: %(names)s") % {"names": names}


class UnitField(forms.ModelChoiceField):
    """A unit of the tree, moved in as deep as it lies."""

    def __init__(self, **more):
        super().__init__(queryset=Unit.objects.order_by("path"), widget=LeanSelect, **more)

    def label_from_instance(self, unit):
        return "\u2003" * unit.depth + unit.name


class PositionForm(forms.ModelForm):
    unit = UnitField(label=gettext_lazy("Unit"))

    class Meta:
        model = Position
        fields = ["title", "unit", "kind", "leads", "authority_level", "code", "since"]
        widgets = {"since": DateInput}
        help_texts = {
            "leads": gettext_lazy("One position leads a unit. Others answer to it."),
            "authority_level": gettext_lazy("1 for the municipal director's function, 2 for unit managers, else empty"),
            "code": gettext_lazy("The number in the payroll system, if it has one"),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = units_where(by, "organisation.edit").order_by("path")

    def clean(self):
        super().clean()
        unit = self.cleaned_data.get("unit")
        if unit and self.cleaned_data.get("leads"):
            leader = Position.objects.living(date.today()).filter(unit=unit, leads=True).exclude(pk=self.instance.pk)
            if first := leader.first():
                words = {"unit": unit, "title": first.title}
                self.add_error("leads", _("%(unit)s is led by “%(title)s” already. Change that one first.") % words)
        return self.cleaned_data


def _roles_or_none() -> list:
    return [("", _("No role")), *roles_offered()]


class RoleForm(forms.ModelForm):
    """One role of a position. The field is proposed by the role where it is left empty."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_roles_or_none, required=False)
    reach = UnitField(label=gettext_lazy("Reach"), required=False, empty_label=gettext_lazy("The unit of the position"))
    field = forms.ChoiceField(
        label=gettext_lazy("Field"), choices=[("", gettext_lazy("All fields")), *FIELDS], required=False
    )

    class Meta:
        model = PositionRole
        fields = ["role", "reach", "field"]

    def clean(self):
        super().clean()
        role = ROLES.get(self.cleaned_data.get("role", ""))
        if role and role.needs_field and not self.cleaned_data.get("field"):
            self.cleaned_data["field"] = role.fields[0]
        return self.cleaned_data

    def _post_clean(self):
        """Checked with the position, in the operation: the reach may be the unit that is chosen there."""

    def made(self, unit: Unit) -> PositionRole:
        chosen = self.cleaned_data
        return PositionRole(role=chosen["role"], reach=chosen["reach"] or unit, field=chosen["field"])


class _Roles(forms.BaseFormSet):
    def clean(self):
        """The same role twice with the same reach is one role."""

    def made(self, unit: Unit) -> list[PositionRole]:
        kept = [form.made(unit) for form in self.forms if form.cleaned_data.get("role")]
        return list({(role.role, role.reach_id, role.field): role for role in kept}.values())


EMPTY_ROLES = 2
Roles = forms.formset_factory(RoleForm, formset=_Roles, extra=EMPTY_ROLES)


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "email", "code", "is_active"]
        help_texts = {
            "email": gettext_lazy("The address the person signs in with"),
            "code": gettext_lazy("The number in the payroll system, if there is one"),
            "is_active": gettext_lazy("Take this away when the person has left: who is not active cannot sign in."),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["is_active"]
        elif not by.has_perm("person.change_address"):
            # Whoever changes the address can take over the account: those who run the system do that.
            self.fields["email"].disabled = True

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class PreparerForm(forms.Form):
    person = PersonField(label=gettext_lazy("Colleague"))
    start = forms.DateField(label=gettext_lazy("From"), widget=DateInput, initial=date.today)
    end = forms.DateField(
        label=gettext_lazy("To"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("Empty: until you take it back"),
    )
