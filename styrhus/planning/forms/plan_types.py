from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import NumberInput
from styrhus.planning.models import PlanType
from styrhus.planning.models.plan_types import STANDARD

NUMBERS = ("horizon_years", "consultation_weeks", "publish_days_before", "order")


class PlanTypeForm(forms.ModelForm):
    class Meta:
        model = PlanType
        fields = [
            "own_name",
            "level",
            "above",
            "horizon_years",
            "revision",
            "decided_by",
            "legal_basis",
            "has_programme",
            "consultation_weeks",
            "publish_days_before",
            "objections_possible",
            "appeal_possible",
            "is_public",
            "order",
            "retired",
        ]
        widgets = dict.fromkeys(NUMBERS, NumberInput) | {
            "level": forms.Select(choices=[(1, _("The whole municipality")), (2, _("One operating unit"))])
        }
        labels = {"level": _("Holds for")}
        help_texts = {
            "retired": _("No new plans are made of this type; those there are keep it."),
            "order": _("A low number comes first in lists."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        above: Any = self.fields["above"]
        above.queryset = PlanType.objects.exclude(pk=self.instance.pk)
        above.empty_label = _("No type")
        if self.instance.code in STANDARD:
            self.fields["own_name"].help_text = _("Leave it empty to call it “%(name)s”.") % {
                "name": STANDARD[self.instance.code]
            }
        else:
            self.fields["own_name"].required = True

    def clean_above(self):
        above = self.cleaned_data["above"]
        current, seen = above, set()
        while current is not None and current.pk not in seen:
            seen.add(current.pk)
            if current.above_id == self.instance.pk and self.instance.pk:
                raise forms.ValidationError(_("This type itself lies above the one chosen. Choose another one."))
            current = current.above
        return above
