from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.forms import PositionField


class GiveForm(forms.Form):
    responsible = PositionField(
        label=_("Give to"), help_text=_("A position, not a person: the duty stays when people leave.")
    )
