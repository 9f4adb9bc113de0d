from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.compliance.models import RegisteredFact, Requirement
from styrhus.compliance.requirements import LISTS
from styrhus.compliance.rules import rules
from styrhus.items.forms import ItemForm
from styrhus.items.models import Item, Openness
from styrhus.kit.fields import DateInput
from styrhus.organisation.forms import PositionField


class ItemField(forms.CharField):
    """A thing that the reader may see, by its number or its whole title; `by` is set by the form."""

    by: Any = None

    def clean(self, value):
        words = super().clean(value).strip()
        if not words:
            return None
        found = list(self._found(words)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several things have this title. Write the number instead, for example #12."))
        raise ValidationError(_("Nothing you can see has this title or number."))

    def _found(self, words: str):
        seen = Item.objects.visible_to(self.by)
        number = words.removeprefix("#")
        if number.isdecimal():
            return seen.filter(pk=number) if len(number) < 18 else seen.none()
        return seen.filter(title__iexact=words)


# Events that mean nothing before one knows what they are about: a council meeting counts for the plan it treats.
NEEDS_SUBJECT = {rule.timing.event for rule in rules().values() if rule.about} | {
    rule.answered_by for rule in rules().values() if rule.answer_about
}


class FactForm(forms.ModelForm):
    item = ItemField(
        label=gettext_lazy("Belongs with"),
        required=False,
        help_text=gettext_lazy("Title or number of a thing in the house, if it is about one"),
    )

    class Meta:
        model = RegisteredFact
        fields = ["event", "on", "document_type", "title", "at", "item", "note"]
        widgets: dict[str, Any] = {
            "on": DateInput,
            "at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "on": gettext_lazy("The day it happened, or is planned to"),
            "at": gettext_lazy("Only where the law gives hours, as for a personal data breach"),
            "title": gettext_lazy("What people call it, for example the name of the plan"),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.by = by
        if self.instance.item_id:
            self.initial["item"] = f"#{self.instance.item_id}"

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("event") in NEEDS_SUBJECT - {"constituted"} and not cleaned.get("document_type"):
            self.add_error("document_type", _("Say what it is about: the deadline depends on that."))
        return cleaned


class FulfilForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Done on"), widget=DateInput)
    item = ItemField(
        label=gettext_lazy("By what"),
        required=False,
        help_text=gettext_lazy("Title or number of the plan, report or measure that meets it"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2_000
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.by = by


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)


class AnsweringForm(forms.Form):
    position = PositionField(
        label=gettext_lazy("Position"),
        required=False,
        help_text=gettext_lazy("Empty: the municipal director's own position"),
    )


class RequirementField(ItemField):
    """Another requirement, by its code, its number or its whole title."""

    def _found(self, words: str):
        seen = Requirement.objects.visible_to(self.by)
        by_code = seen.filter(code__iexact=words)
        if by_code.exists():
            return by_code
        number = words.removeprefix("#")
        if words != number and number.isdecimal():
            return seen.filter(pk=number) if len(number) < 18 else seen.none()
        return seen.filter(title__iexact=words)


class RequirementForm(ItemForm):
    parent = RequirementField(
        label=gettext_lazy("Part of"),
        required=False,
        help_text=gettext_lazy("Code or title of the requirement that this one is part of"),
    )

    class Meta(ItemForm.Meta):
        model = Requirement
        fields = ["title", "source", "code", "text", "parent", "unit", "responsible", "confidence"]
        widgets = ItemForm.Meta.widgets | {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"code": gettext_lazy("For example LOV-2018-06-22-83 or 4.1")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.by = self.by
        if self.instance.parent_id:
            self.initial["parent"] = f"#{self.instance.parent_id}"
        if not self.instance.pk:
            self.instance.openness = Openness.OPEN

    def clean_parent(self):
        """Nothing is part of itself, however far up."""
        above = parent = self.cleaned_data["parent"]
        while above and self.instance.pk:
            if above.pk == self.instance.pk:
                raise ValidationError(_("A requirement cannot be part of itself. Choose another one."))
            above = above.parent
        return parent


class TakeInForm(forms.Form):
    lists = forms.MultipleChoiceField(
        label=gettext_lazy("Lists"), choices=lambda: list(LISTS.items()), widget=forms.CheckboxSelectMultiple
    )
    position = PositionField(
        label=gettext_lazy("Responsible"),
        help_text=gettext_lazy("The position that sees to it that the list is kept right"),
    )
