from django import forms

from styrhus.reminders.models import Threshold, Wish


class WishForm(forms.ModelForm):
    class Meta:
        model = Wish
        fields = ["digest"]
        widgets = {"digest": forms.RadioSelect}


class ThresholdForm(forms.ModelForm):
    class Meta:
        model = Threshold
        fields = ["days", "to"]


Ladder = forms.modelformset_factory(Threshold, form=ThresholdForm, extra=1, can_delete=True, max_num=12)
