from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import DateInput
from styrhus.organisation.forms import PersonField, PositionField
from styrhus.organisation.models import Appointment

KINDS = [
    (Appointment.Kind.PERMANENT, _("Permanent: holds the position")),
    (Appointment.Kind.TEMPORARY, _("Temporary: holds the position for a time")),
    (Appointment.Kind.DEPUTY, _("Deputy: acts while the holder is away")),
]


class AppointmentForm(forms.Form):
    person = PersonField(label=_("Who"), help_text=_("Name or e-mail"))
    kind = forms.ChoiceField(label=_("How"), choices=KINDS, widget=forms.RadioSelect)
    start = forms.DateField(label=_("First day"), widget=DateInput, initial=date.today)
    end = forms.DateField(label=_("Last day"), widget=DateInput, required=False, help_text=_("Empty: no last day"))

    def __init__(self, *args, only_deputies: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if only_deputies:
            kind: Any = self.fields["kind"]
            kind.choices = KINDS[-1:]
            kind.help_text = _("A leader names deputies. HR keeps the other appointments.")
            self.initial.setdefault("kind", Appointment.Kind.DEPUTY)


class EndForm(forms.Form):
    end = forms.DateField(label=_("Last day"), widget=DateInput, initial=date.today)


class CloseForm(forms.Form):
    until = forms.DateField(label=_("Last day"), widget=DateInput, initial=date.today)
    successor = PositionField(
        label=_("Who takes over"), required=False, help_text=_("The position that answers for all of it from now on")
    )


class BeginForm(forms.Form):
    receiver = PersonField(label=_("Who comes"))
    on = forms.DateField(label=_("First day"), widget=DateInput, initial=date.today)
