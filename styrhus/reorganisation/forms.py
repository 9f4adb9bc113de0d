"""What is to become otherwise, asked for in plain words: one form for each kind of change."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.fields import DateInput, LeanSelect
from styrhus.organisation.access import units_where
from styrhus.organisation.models import Position, Unit, UnitKind
from styrhus.organisation.queries import arranged
from styrhus.reorganisation.models import Change, Choice, Part, Reorganisation
from styrhus.reorganisation.operations import ASKED_FOR
from styrhus.reorganisation.queries import living_units

Kind = Change.Kind
CHOOSE = gettext_lazy("Choose a unit")
MERGED_AT_ONCE = 5
PARTS_AT_ONCE = 4
NINE_DIGITS = RegexValidator(r"^\d{9}$", gettext_lazy("An organisation number has nine digits."))


class ReorganisationForm(forms.ModelForm):
    class Meta:
        model = Reorganisation
        fields = ASKED_FOR
        widgets = {"on": DateInput, "discussed_on": DateInput}
        help_texts = {
            "title": gettext_lazy("What people call it, for example New school structure"),
            "on": gettext_lazy("The first day with the new organisation. A day that has passed corrects history."),
            "decision": gettext_lazy("Who decided, and the case number"),
            "discussed_on": gettext_lazy("Those concerned and their unions are heard before it is decided."),
        }


class ChangeForm(forms.Form):
    """Gives a change to add. Units are those that are there on the day, where this person may reorganise."""

    kind: Kind

    def __init__(self, *args, reorganisation, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.reorganisation = reorganisation
        reach = set(units_where(by, "organisation.reorganise").values_list("pk", flat=True))
        nodes = [node for node in arranged(living_units(reorganisation.on)) if node.unit.pk in reach]
        self.units = [(str(node.unit.pk), "\u2003" * node.depth + node.unit.name) for node in nodes]
        for name, choice in self.fields.items():
            if isinstance(choice, UnitChoice):
                choice.choices = [("", choice.empty), *self.units, *(self._made() if choice.takes_planned else [])]
                self.fields[name] = choice

    def _made(self) -> list[tuple[str, str]]:
        made = self.reorganisation.changes.filter(kind__in=[Kind.CREATE, Kind.MERGE], successor=None)
        return [(change.key, _("%(name)s (made by this reorganisation)") % {"name": change.name}) for change in made]

    def change(self) -> Change:
        """The change as it was asked for, not saved."""
        given = self.cleaned_data
        change = Change(kind=self.kind)
        for name in ("name", "code", "organisation_number", "unit_kind"):
            setattr(change, name, given.get(name, ""))
        change.unit_id = given.get("unit")
        change.successor_id = given.get("successor")
        parent = given.get("parent")
        if isinstance(parent, str):
            change.parent_change_id = int(parent[1:])
        else:
            change.parent_id = parent
        return change

    def merged(self) -> list[Unit]:
        return []

    def parts(self) -> list[Part]:
        return []


class UnitChoice(forms.ChoiceField):
    """A unit by its key; `takes_planned`: also one that the same reorganisation makes."""

    widget = LeanSelect

    def __init__(self, *, empty=CHOOSE, takes_planned=False, **more):
        super().__init__(**more)
        self.empty, self.takes_planned = empty, takes_planned

    def clean(self, value):
        found = super().clean(value)
        return (found if found.startswith("c") else int(found)) if found else None


def _name(**more) -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Name"), max_length=300, **more)


def _code(**more) -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Code"), max_length=40, required=False, **more)


def _number(**more) -> forms.CharField:
    label = gettext_lazy("Organisation number")
    return forms.CharField(label=label, max_length=9, required=False, validators=[NINE_DIGITS], **more)


def _kind(**more) -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Kind of unit"), widget=LeanSelect, **more)


def _parent(**more) -> UnitChoice:
    label, top = gettext_lazy("Part of"), gettext_lazy("Nothing: it stands at the top")
    return UnitChoice(label=label, required=False, takes_planned=True, empty=top, **more)


AS_IT_IS = [("", gettext_lazy("As it is")), *UnitKind.choices]


class CreateForm(ChangeForm):
    kind = Kind.CREATE
    name = _name()
    unit_kind = _kind(choices=UnitKind.choices, initial=UnitKind.OPERATING_UNIT)
    parent = _parent()
    code = _code()
    organisation_number = _number()


class RenameForm(ChangeForm):
    kind = Kind.RENAME
    unit = UnitChoice(label=gettext_lazy("Which unit"))
    name = _name(required=False, help_text=gettext_lazy("Leave empty what stays as it is."))
    code = _code()
    unit_kind = _kind(choices=AS_IT_IS, required=False)
    organisation_number = _number()

    def clean(self):
        super().clean()
        new = [self.cleaned_data.get(name) for name in ("name", "code", "unit_kind", "organisation_number")]
        if not any(new) and not self.errors:
            raise ValidationError(_("Fill in at least one thing that is to be new."))
        return self.cleaned_data


class MoveForm(ChangeForm):
    kind = Kind.MOVE
    unit = UnitChoice(label=gettext_lazy("Which unit"), help_text=gettext_lazy("Everything below goes along."))
    parent = _parent()


class MergeForm(ChangeForm):
    kind = Kind.MERGE
    unit_1 = UnitChoice(label=gettext_lazy("First unit"))
    unit_2 = UnitChoice(label=gettext_lazy("Second unit"), required=False)
    unit_3 = UnitChoice(label=gettext_lazy("Third unit"), required=False, empty=gettext_lazy("No more"))
    unit_4 = UnitChoice(label=gettext_lazy("Fourth unit"), required=False, empty=gettext_lazy("No more"))
    unit_5 = UnitChoice(label=gettext_lazy("Fifth unit"), required=False, empty=gettext_lazy("No more"))
    successor = UnitChoice(
        label=gettext_lazy("Into which unit"), required=False, empty=gettext_lazy("A new unit, described below")
    )
    name = _name(required=False, help_text=gettext_lazy("Only when a new unit is made"))
    unit_kind = _kind(choices=UnitKind.choices, initial=UnitKind.OPERATING_UNIT, required=False)
    parent = _parent()
    code = _code(help_text=gettext_lazy("The new unit may take over the code of one of the old."))
    leader = forms.ChoiceField(
        label=gettext_lazy("Who leads it afterwards"),
        widget=LeanSelect,
        required=False,
        help_text=gettext_lazy("The other leading positions end the day before."),
        choices=[
            ("", gettext_lazy("The one who leads the unit already, otherwise a new and vacant position")),
            ("1", gettext_lazy("The one who leads the first unit")),
            ("2", gettext_lazy("The one who leads the second unit")),
            ("3", gettext_lazy("The one who leads the third unit")),
            ("4", gettext_lazy("The one who leads the fourth unit")),
            ("5", gettext_lazy("The one who leads the fifth unit")),
        ],
    )

    def clean(self):
        super().clean()
        given = self.cleaned_data
        chosen = self._chosen()
        if given.get("successor") is None and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("A new unit needs a name. Or choose the unit that the others become part of."))
        if len(set(chosen) | {given.get("successor") or 0}) < 2 and "unit_2" not in self.errors:
            self.add_error("unit_2", _("At least two units are needed."))
        if len(set(chosen)) < len(chosen):
            self.add_error("unit_2", _("The same unit is chosen twice."))
        self.position = self._leader()
        return given

    def _chosen(self) -> list[int]:
        chosen = [self.cleaned_data.get(f"unit_{number}") for number in range(1, MERGED_AT_ONCE + 1)]
        return [unit for unit in chosen if unit]

    def _leader(self) -> Position | None:
        number = self.cleaned_data.get("leader")
        unit = self.cleaned_data.get(f"unit_{number}") if number else None
        if not number:
            return None
        found = Position.objects.living(date.today()).filter(unit=unit, leads=True).first()
        if found is None:
            self.add_error("leader", _("Nobody leads that unit. Choose another, or a new position."))
        return found

    def change(self) -> Change:
        change = super().change()
        change.leader = self.position
        if change.successor_id:
            change.name = change.code = change.unit_kind = ""
            change.parent = change.parent_change = None
        return change

    def merged(self) -> list[Unit]:
        return list(Unit.objects.filter(pk__in=self._chosen()))


class SplitForm(ChangeForm):
    kind = Kind.SPLIT
    unit = UnitChoice(label=gettext_lazy("Which unit"))
    name_1 = forms.CharField(
        label=gettext_lazy("Name of the first part"),
        max_length=300,
        help_text=gettext_lazy("It gets everything that you do not place elsewhere afterwards."),
    )
    code_1 = _code()
    name_2 = forms.CharField(label=gettext_lazy("Name of the second part"), max_length=300)
    code_2 = _code()
    name_3 = forms.CharField(label=gettext_lazy("Name of the third part"), max_length=300, required=False)
    code_3 = _code()
    name_4 = forms.CharField(label=gettext_lazy("Name of the fourth part"), max_length=300, required=False)
    code_4 = _code()

    def parts(self) -> list[Part]:
        given = self.cleaned_data
        return [
            Part(name=given[f"name_{number}"], code=given[f"code_{number}"])
            for number in range(1, PARTS_AT_ONCE + 1)
            if given[f"name_{number}"]
        ]


class CloseForm(ChangeForm):
    kind = Kind.CLOSE
    unit = UnitChoice(label=gettext_lazy("Which unit"))
    successor = UnitChoice(
        label=gettext_lazy("Who takes over"),
        required=False,
        empty=gettext_lazy("Nobody: it answers for nothing any more"),
        help_text=gettext_lazy("Everything the unit answers for goes to the one who takes over."),
    )

    def clean(self):
        super().clean()
        if self.cleaned_data.get("unit") and self.cleaned_data["unit"] == self.cleaned_data.get("successor"):
            self.add_error("successor", _("A unit cannot take over after itself."))
        return self.cleaned_data


FORMS: dict[str, type[ChangeForm]] = {
    str(form.kind): form for form in (CreateForm, RenameForm, MoveForm, MergeForm, SplitForm, CloseForm)
}


class DistributeForm(forms.Form):
    """A select for each position, unit and thing of a unit that is split: which part it goes to."""

    def __init__(self, *args, change: Change, positions, units, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = list(change.parts.prefetch_related("choices"))
        self.about: dict[str, dict[str, Any]] = {}
        parts = [(str(part.pk), part.name) for part in self.parts]
        first = parts[0][0]
        chosen = {self._named(choice): str(part.pk) for part in self.parts for choice in part.choices.all()}
        for position in positions:
            self._ask(f"position_{position.pk}", position.title, parts, chosen, first, position=position)
        for unit in units:
            self._ask(f"unit_{unit.pk}", unit.name, parts, chosen, first, unit=unit)
        along = [("", gettext_lazy("With the position that answers for it")), *parts]
        for item in items:
            self._ask(f"item_{item.pk}", item.title, along, chosen, "", item=item)

    def _named(self, choice: Choice) -> str:
        if choice.position_id:
            return f"position_{choice.position_id}"
        return f"unit_{choice.unit_id}" if choice.unit_id else f"item_{choice.item_id}"

    def _ask(self, name: str, label: str, choices, chosen: dict, otherwise: str, **about) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=LeanSelect, required=False)
        self.initial[name] = chosen.get(name, otherwise)
        self.about[name] = about

    def choices(self) -> list[Choice]:
        """What is placed elsewhere than where it would have gone by itself."""
        by_key = {str(part.pk): part for part in self.parts}
        first = str(self.parts[0].pk)
        return [
            Choice(part=by_key[value], **self.about[name])
            for name, value in self.cleaned_data.items()
            if value in by_key and (value != first or "item" in self.about[name])
        ]
