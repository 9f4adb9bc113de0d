"""Forms of what plans consist of."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.forms import ITEM_FIELDS, OPENNESS_FIELDS, ItemForm, UnitField
from styrhus.items.models import Item
from styrhus.kit.fields import DateInput, LeanSelect
from styrhus.organisation.models import Unit
from styrhus.planning.forms.fields import KronerField, ThingField
from styrhus.planning.models import Assignment, Cornerstone, Goal, Measure, Plan, PriorityArea, Strategy
from styrhus.planning.operations.contents import BOUND_FIELDS, change, make, stored_parent
from styrhus.planning.queries.contents import binding_plan, cornerstones_on, open_plans
from styrhus.planning.queries.threads import CONTENTS


class CornerstoneChoices(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class ContentForm(ItemForm):
    """A thing of a plan: what it follows from, and, for a new one, the plan it stands in."""

    part_of = ThingField(
        label=gettext_lazy("Follows from"),
        required=False,
        help_text=gettext_lazy("The goal, area or assignment that this says more closely. Title, or number after #"),
    )
    plan = forms.ModelChoiceField(
        label=gettext_lazy("Stands in the plan"),
        queryset=Plan.objects.none(),
        required=False,
        widget=LeanSelect,
        empty_label=gettext_lazy("No plan"),
        help_text=gettext_lazy(
            "Plans that you may write in. What the council has adopted is changed by a new version."
        ),
    )
    carries = CornerstoneChoices(
        label=gettext_lazy("Values and challenges it carries"), queryset=Cornerstone.objects.none(), required=False
    )
    bound: Plan | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["part_of"].by = self.by
        if self.instance.pk:
            self._show_what_is_stored()
        else:
            fields["plan"].queryset = open_plans(self.by)
        self._offer_cornerstones()

    def _show_what_is_stored(self) -> None:
        del self.fields["plan"]
        parent = stored_parent(self.instance)
        self.initial["part_of"] = parent
        self.hidden_parent = parent and not Item.objects.visible_to(self.by).filter(pk=parent).exists()
        self.bound = binding_plan(self.instance)
        for name in (*BOUND_FIELDS, "part_of") if self.bound else ():
            self.fields.pop(name, None)

    def _offer_cornerstones(self) -> None:
        carried = list(self.instance.cornerstones.values_list("pk", flat=True)) if self.instance.pk else []
        offered = cornerstones_on(date.today()).exclude(kind=Cornerstone.Kind.VISION)
        field: Any = self.fields["carries"]
        field.queryset = offered | Cornerstone.objects.filter(pk__in=carried)
        self.initial["carries"] = carried
        if not field.queryset.exists():
            del self.fields["carries"]

    def clean_part_of(self):
        chosen = self.cleaned_data["part_of"]
        if chosen and chosen.ended and chosen.pk != self.initial.get("part_of"):
            raise ValidationError(
                _("“%(title)s” has ended: “%(state)s”. Choose something that still holds.")
                % {"title": chosen.title, "state": chosen.get_state_display()}
            )
        return chosen

    def made(self):
        chosen = self.cleaned_data
        return make(
            self.save(commit=False),
            by=self.by,
            part_of=chosen.get("part_of"),
            plan=chosen.get("plan"),
            cornerstones=chosen.get("carries", ()),
        )

    def changed(self, version: int):
        return change(
            self.save(commit=False),
            version=version,
            by=self.by,
            part_of=self._parent(),
            cornerstones=self.cleaned_data.get("carries"),
        )

    def _parent(self):
        """What one may not see stays what the thing follows from, until one chooses something else."""
        if "part_of" in self.fields and (self.cleaned_data["part_of"] or not self.hidden_parent):
            return self.cleaned_data["part_of"]
        parent = self.initial.get("part_of")
        return Item.objects.get(pk=parent) if parent else None


OWN = ITEM_FIELDS[1:]


class AimForm(ContentForm):
    class Meta(ItemForm.Meta):
        fields = ["title", "description", "part_of", "plan", *OWN, "carries", *OPENNESS_FIELDS]
        widgets = ItemForm.Meta.widgets | {"description": forms.Textarea(attrs={"rows": 4})}


class PriorityAreaForm(AimForm):
    class Meta(AimForm.Meta):
        model = PriorityArea


class GoalForm(AimForm):
    class Meta(AimForm.Meta):
        model = Goal
        fields = ["title", "level", *AimForm.Meta.fields[1:]]


class StrategyForm(AimForm):
    class Meta(AimForm.Meta):
        model = Strategy


class AssignmentForm(ContentForm):
    cost = KronerField(label=gettext_lazy("Cost in kroner"), required=False)

    class Meta(ItemForm.Meta):
        model = Assignment
        fields = [
            "title",
            "description",
            "part_of",
            "plan",
            *OWN,
            "cost",
            "solution",
            "alternatives",
            "solution_reason",
            "result",
            "carries",
            *OPENNESS_FIELDS,
        ]
        widgets = ItemForm.Meta.widgets | {
            "description": forms.Textarea(attrs={"rows": 4}),
            "alternatives": forms.Textarea(attrs={"rows": 3}),
            "solution_reason": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = ItemForm.Meta.help_texts | {
            "solution": gettext_lazy(
                "By which governance model it is solved. It must be chosen before the work starts."
            ),
        }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("solution") and not cleaned.get("solution_reason", "").strip():
            self.add_error("solution_reason", _("Say why this solution was chosen."))
        return cleaned


class WordsForm(forms.Form):
    """Words to look for in the contents of a plan."""

    q = forms.CharField(label=gettext_lazy("Words in the title"), required=False, max_length=200)


class FindForm(WordsForm):
    """What to look for in the contents of a plan."""

    GAPS = (
        ("", gettext_lazy("All")),
        ("act", gettext_lazy("Goals that nothing is done about")),
        ("holder", gettext_lazy("Nobody in the responsible position")),
    )
    unit = UnitField(
        label=gettext_lazy("Unit and below"),
        queryset=Unit.objects.order_by("path"),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    gap = forms.ChoiceField(label=gettext_lazy("What is lacking"), choices=GAPS, required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(model.kind_name(), str(model._meta.verbose_name_plural).capitalize()) for model in CONTENTS]
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("All")), *kinds]


class GiveForm(forms.Form):
    """Work given to several units at once, from a goal."""

    KINDS = ((Assignment.kind_name(), gettext_lazy("An assignment")), (Measure.kind_name(), gettext_lazy("A measure")))
    kind = forms.ChoiceField(
        label=gettext_lazy("What they are given"), choices=KINDS, widget=forms.RadioSelect, initial=KINDS[0][0]
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=250)
    description = forms.CharField(
        label=gettext_lazy("Description"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=10_000
    )
    due = forms.DateField(label=gettext_lazy("Due"), widget=DateInput)
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Units"),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The position that leads each unit answers for it."),
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["units"]
        field.queryset = units
        field.label_from_instance = lambda unit: unit.name

    @property
    def model(self):
        return Assignment if self.cleaned_data["kind"] == Assignment.kind_name() else Measure


class CornerstoneForm(forms.ModelForm):
    class Meta:
        model = Cornerstone
        fields = ["kind", "name", "text", "since", "order"]
        widgets = {"since": DateInput, "text": forms.Textarea(attrs={"rows": 3})}

    def clean_since(self):
        since, until = self.cleaned_data["since"], self.instance.until
        if until and since > until:
            raise ValidationError(_("It ended %(day)s. It must have begun before that.") % {"day": date_format(until)})
        return since


class EndForm(forms.ModelForm):
    class Meta:
        model = Cornerstone
        fields = ["until"]
        widgets = {"until": DateInput}
        labels = {"until": gettext_lazy("Last day")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True

    def clean_until(self):
        until, since = self.cleaned_data["until"], self.instance.since
        if until < since:
            raise ValidationError(_("It began %(day)s. The last day cannot be before.") % {"day": date_format(since)})
        return until
