"""The form of a group that one compares oneself with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import LeanSelect
from styrhus.scorecard.models import ComparisonGroup, Municipality


class ComparisonGroupForm(forms.ModelForm):
    own = forms.ModelChoiceField(
        label=_("Our own municipality"),
        queryset=Municipality.objects.all(),
        required=False,
        widget=LeanSelect,
        help_text=_("It is compared with the others and is never one of them. The choice holds for every group."),
    )

    class Meta:
        model = ComparisonGroup
        fields = ["name", "kostra_group", "members"]
        widgets = {"members": forms.CheckboxSelectMultiple}
        help_texts = {
            "kostra_group": _("Then the group is all municipalities that the loaded figures place in it."),
            "members": _("Choose them one by one, where the group is not a KOSTRA group. They come with the figures."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["own"] = Municipality.objects.filter(is_own=True).first()

    def clean(self):
        cleaned = super().clean() or {}
        group, members = cleaned.get("kostra_group"), cleaned.get("members")
        if group and members:
            self.add_error("members", _("Choose a KOSTRA group or municipalities, not both."))
        if group and not Municipality.objects.filter(kostra_group=group).exists():
            self.add_error(
                "kostra_group", _("No municipality in the loaded figures belongs to “%(group)s”.") % {"group": group}
            )
        if not group and not members and "kostra_group" in cleaned and "members" in cleaned:
            self.add_error("members", _("Choose at least one municipality, or write a KOSTRA group."))
        return cleaned
