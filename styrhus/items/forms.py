"""Forms that every kind of item has."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import Comment, FollowUp, Item, Link, Openness
from styrhus.kit.fields import DateInput, LeanSelect, UploadField
from styrhus.organisation.access import authority_of, is_preparing, units_where
from styrhus.organisation.forms import PositionField

# What the openness asks for; drawn last in every form.
OPENNESS_FIELDS = ["openness", "access_code", "exemption_basis", "reassess_on"]
ITEM_FIELDS = ["title", "unit", "responsible", "due", "update_every", "field", "case_number"]


class UnitChoices(ModelChoiceIterator):
    """The units of a select as bare values: a form may offer hundreds, and needs their names alone."""

    def __iter__(self):
        yield "", self.field.empty_label
        for pk, name, path in self.queryset.values_list("pk", "name", "path"):
            yield pk, "\u2003" * (path.count("/") - 2) + name


class UnitField(forms.ModelChoiceField):
    """A unit, each moved in as deep as it lies."""

    iterator = UnitChoices
    widget = LeanSelect


class ItemForm(forms.ModelForm):
    """A thing of any kind. Asks only for what the house does not know; the units are those where this may be done."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    responsible = PositionField(
        label=_("Responsible"),
        help_text=_("A position, not a person: the duty stays when people leave."),
    )

    class Meta:
        fields: list[str] = []
        field_classes: dict[str, Any] = {"unit": UnitField}
        widgets: dict[str, Any] = {"due": DateInput, "reassess_on": DateInput}
        help_texts = {
            "access_code": _("For example 13"),
            "case_number": _("The number in the archive system, where there is one"),
            "exemption_basis": _("For example offentleglova § 13, jf. forvaltningsloven § 13"),
        }

    def __init__(self, *args, by, permission: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.permission = by, permission
        units = units_where(by, permission)
        if self.instance.pk:
            units |= type(self.instance.unit)._default_manager.filter(pk=self.instance.unit_id)
        choice: Any = self.fields["unit"]
        choice.queryset = units.order_by("path")
        self.initial["version"] = self.instance.version
        if not self.instance.pk:
            self.initial.setdefault("update_every", self.instance.default_update_every)
        if self.instance.pk and not self._may_move():
            self._keep_as_it_is()
        self.order_fields([*self.fields])

    def _may_move(self) -> bool:
        """Who only prepares on behalf of a position changes what is written, not whose it is or who may see it."""
        return not is_preparing(self.by, self.instance) or self.by.has_perm("item.follow_up", self.instance)

    def _keep_as_it_is(self) -> None:
        for name in {"unit", "responsible", "field", *OPENNESS_FIELDS} & self.fields.keys():
            self.fields[name].disabled = True

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        self._require_reach(cleaned)
        self._require_right_to_classify()
        if cleaned.get("openness") == Openness.EXEMPT:
            self._require_exemption(cleaned)
        else:
            cleaned |= {"access_code": "", "exemption_basis": "", "reassess_on": None}
        return cleaned

    def _require_reach(self, cleaned) -> None:
        """A role in one field makes things in that field and keeps them there; what is one's own may be passed on."""
        if self.instance.responsible_id in authority_of(self.by).own(self.permission) or "unit" not in cleaned:
            return
        becomes = type(self.instance)(unit=cleaned["unit"], field=cleaned.get("field", ""))
        if "field" not in self.errors and not self.by.has_perm(self.permission, becomes):
            self.add_error("field", _("Your role acts in one field here: choose that field."))

    def _require_right_to_classify(self) -> None:
        """Who registers a thing says how open it is; after that it takes a right of its own to say otherwise."""
        changed = [name for name in OPENNESS_FIELDS if name in self.changed_data]
        if self.instance.pk and changed and not self.by.has_perm("item.classify", self.instance):
            self.add_error(
                changed[0],
                _("Only who leads here, or who answers for this, may change how open it is. Ask one of them."),
            )

    def _require_exemption(self, cleaned) -> None:
        """offentleglova § 31: who exempts names the provision; the exemption is assessed again on a date."""
        for name in ("access_code", "exemption_basis", "reassess_on"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("What is exempt needs this."))
        if (day := cleaned.get("reassess_on")) and day <= date.today():
            self.add_error("reassess_on", _("Choose a date to come."))


class StepForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000)

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = step.needs_note
        if not step.needs_note:
            self.fields["note"].label = _("Note")


class DayForm(forms.Form):
    """A day that has been, or today."""

    dato = forms.DateField(label=_("As it stood on"), widget=DateInput)

    def clean_dato(self):
        day = self.cleaned_data["dato"]
        if day > date.today():
            raise ValidationError(_("Choose today or a day that has been."))
        return day


class TickOffForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000)


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": _("Write @ and a full name to tell someone.")}


class AttachmentForm(forms.Form):
    file = UploadField(label=_("File"), help_text=_("PDF, Office and OpenDocument files, pictures, CSV and text."))


class FollowUpForm(forms.ModelForm):
    responsible = PositionField(label=_("Responsible"))

    class Meta:
        model = FollowUp
        fields = ["what", "responsible", "due"]
        widgets = {"due": DateInput}

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("responsible", item.responsible_id)


class LinkForm(forms.Form):
    """Which item to link to: its title or its number. A title that several have is told apart by number."""

    kind = forms.ChoiceField(label=_("How"), choices=Link.Kind)
    target = forms.CharField(label=_("To what"), help_text=_("Title, or number after #"), max_length=250)

    def __init__(self, *args, item, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.item, self.by = item, by

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        same = Link.objects.filter(source=self.item.pk, target=cleaned.get("target"), kind=cleaned.get("kind", ""))
        if same.exists():
            raise ValidationError(_("The two are linked in this way already."))
        return cleaned

    def clean_target(self):
        words = self.cleaned_data["target"].strip()
        found = list(self._found(words)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several things have this title. Write the number instead, for example #12."))
        raise ValidationError(_("Nothing you can see has this title or number."))

    def _found(self, words: str):
        others = Item.objects.visible_to(self.by).exclude(pk=self.item.pk)
        number = words.removeprefix("#")
        if number.isdecimal():
            return others.filter(pk=number) if len(number) < 18 else others.none()
        return others.filter(title__iexact=words)
