"""The forms of a budget that is made in the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.forms import KronerField
from styrhus.economy.models import (
    Amendment,
    AmendmentLine,
    Area,
    Code,
    Detail,
    Dimension,
    PaymentRight,
    Period,
    PhasingRule,
    Post,
    Version,
    WageRates,
)
from styrhus.economy.models.budgets import MONTHS
from styrhus.economy.models.ledger import LAST_MONTH
from styrhus.economy.queries.amendments import authorities_to_move
from styrhus.economy.words import in_kroner, month_in_words
from styrhus.kit.fields import DateInput, LeanSelect, NumberInput
from styrhus.kit.parsing import Unfit, decimal
from styrhus.organisation.models import Position, Unit
from styrhus.organisation.queries import indented_units

CLASSES = (("1", gettext_lazy("Operations")), ("0", gettext_lazy("Investment")))


class DecimalText(forms.DecimalField):
    """A number with a decimal comma."""

    widget = NumberInput

    def to_python(self, value):
        try:
            return super().to_python(decimal(value) if value else value)
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit)) from unfit

    def prepare_value(self, value):
        return str(value).replace(".", ",") if value is not None else value


class VersionForm(forms.ModelForm):
    class Meta:
        model = Version
        fields = ["year", "name", "based_on"]
        widgets = {"year": NumberInput, "based_on": LeanSelect}
        help_texts = {
            "name": gettext_lazy("Such as Budget 2027, or Amended budget."),
            "based_on": gettext_lazy("An amended budget builds on the original one, and only holds what is changed."),
        }


class FrameForm(forms.Form):
    amount = KronerField(
        label=gettext_lazy("Frame in kroner"),
        help_text=gettext_lazy("Net for the unit and those below it: expenses less income."),
    )


class _Line(forms.ModelForm):
    """A line that is placed by codes of the year."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        year = self.instance.version.year if hasattr(self.instance, "version") else self.instance.amendment.version.year
        unit = getattr(self.instance, "unit", None)
        codes = Code.objects.of_year(year)
        centres = codes.filter(dimension=Dimension.COST_CENTRE)
        mine = centres.filter(unit=unit) if unit else centres.exclude(unit=None)
        fields["cost_centre"] = _chosen(gettext_lazy("Cost centre"), mine)
        if "kind" in fields:
            fields["kind"] = _chosen(gettext_lazy("Account kind"), codes.filter(dimension=Dimension.KIND))
        if "function" in fields:
            functions = codes.filter(dimension=Dimension.FUNCTION)
            fields["function"] = _chosen(gettext_lazy("Function"), functions, required=False)
        if "account_class" in fields:
            fields["account_class"] = forms.ChoiceField(label=gettext_lazy("Account class"), choices=CLASSES)
        if len(mine) == 1 and not self.instance.pk:
            self.initial["cost_centre"] = mine[0].code
        for name in KRONER.keys() & fields.keys():
            if self.instance.pk:
                self.initial[name] = in_kroner(getattr(self.instance, name))

    def _post_clean(self):
        """What is written is tried by the operation that keeps it, with reasons by field."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


KRONER = {"pay": KronerField, "additions": KronerField, "amount": KronerField}


def _chosen(label, codes, *, required=True) -> forms.ChoiceField:
    named = [(each.code, str(each)) for each in codes]
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose") if required else _("None")), *named],
        required=required,
        widget=LeanSelect,
    )


class PostForm(_Line):
    pay = KronerField(label=gettext_lazy("Yearly pay of a full-time post, in kroner"))
    additions = KronerField(
        label=gettext_lazy("Additions in the year, in kroner"),
        required=False,
        help_text=gettext_lazy("For evenings, nights and weekends, for all the posts together."),
    )
    full_time = DecimalText(
        label=gettext_lazy("Full-time posts"),
        max_digits=6,
        decimal_places=3,
        help_text=gettext_lazy("Such as 0,8 or 3."),
    )

    class Meta:
        model = Post
        fields = ["title", "state", "full_time", "pay", "additions", "months", "cost_centre", "function"]
        widgets = {"months": NumberInput}

    def clean_additions(self):
        return self.cleaned_data["additions"] or 0


class DetailForm(_Line):
    amount = KronerField(
        label=gettext_lazy("Amount for the year, in kroner"),
        help_text=gettext_lazy("Expense is positive and income negative, as in the accounts."),
    )

    class Meta:
        model = Detail
        fields = ["account_class", "cost_centre", "kind", "function", "amount", "text"]


class AmendmentLineForm(_Line):
    amount = KronerField(
        label=gettext_lazy("Amount in kroner"),
        help_text=gettext_lazy("What the account is given; with a minus what it gives away."),
    )

    class Meta:
        model = AmendmentLine
        fields = ["account_class", "cost_centre", "kind", "function", "amount"]


class AmendmentForm(forms.ModelForm):
    month = forms.TypedChoiceField(
        label=gettext_lazy("Counts from"),
        coerce=int,
        help_text=gettext_lazy("Is spread over the months that are left."),
    )

    class Meta:
        model = Amendment
        fields = ["version", "title", "reason", "month", "decision", "decided_on", "authority"]
        widgets = {"decided_on": DateInput, "reason": forms.Textarea(attrs={"rows": 3}), "version": LeanSelect}
        help_texts = {
            "decision": gettext_lazy("Such as Council case 45/26. Empty where you decide it yourself."),
            "authority": gettext_lazy("From the delegation register: what lets you move money."),
        }

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["month"].choices = [
            (0, _("whole year")),
            *((each, month_in_words(each)) for each in range(1, MONTHS + 1)),
        ]
        held = [each.pk for each in authorities_to_move(person)]
        if self.instance.authority_id:
            held.append(self.instance.authority_id)
        fields["authority"].queryset = fields["authority"].queryset.filter(pk__in=held)
        fields["version"].queryset = Version.objects.order_by("-year", "-pk")


class PhasingRuleForm(forms.ModelForm):
    weights = forms.CharField(
        label=gettext_lazy("Own weights"),
        required=False,
        help_text=gettext_lazy("Twelve whole numbers with a blank between, from January to December."),
    )

    class Meta:
        model = PhasingRule
        fields = ["kind", "unit", "way", "weights"]
        widgets = {"unit": LeanSelect}
        help_texts = {"kind": gettext_lazy("Such as 0 for all pay, or 010. Empty for all kinds.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].choices = [("", _("The whole municipality")), *indented_units()]
        self.initial["weights"] = " ".join(map(str, self.instance.weights or []))

    def clean_weights(self):
        written = self.cleaned_data["weights"].replace(",", " ").replace(";", " ").split()
        if not all(each.isdecimal() and len(each) < 9 for each in written):
            raise forms.ValidationError(_("Write twelve whole numbers, one for each month. Not all can be 0."))
        return [int(each) for each in written]

    def _post_clean(self):
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class WageRatesForm(forms.ModelForm):
    holiday_pay = DecimalText(label=gettext_lazy("Holiday pay, per cent"), max_digits=5, decimal_places=2)
    pension = DecimalText(label=gettext_lazy("Pension, per cent"), max_digits=5, decimal_places=2)
    employer = DecimalText(
        label=gettext_lazy("Employer's contribution, per cent"),
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("Follows the zone of the municipality. Verify it each year."),
    )

    class Meta:
        model = WageRates
        fields = [
            *("holiday_pay", "pension", "employer"),
            *("pay_kind", "substitute_kind", "additions_kind", "pension_kind", "employer_kind"),
        ]


class PeriodsForm(forms.Form):
    """The state of each month: month_1 … month_13."""

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        for month in range(1, LAST_MONTH + 1):
            self.fields[f"month_{month}"] = forms.ChoiceField(
                label=month_in_words(month).capitalize(),
                choices=Period.State.choices,
                initial=states.get(month, Period.State.OPEN),
            )


class PaymentRightForm(forms.ModelForm):
    class Meta:
        model = PaymentRight
        fields = ["position", "unit", "right", "start", "end"]
        widgets = {"position": LeanSelect, "unit": LeanSelect, "start": DateInput, "end": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].choices = [("", _("Choose")), *indented_units()]
        open_ones = Position.objects.filter(until=None).select_related("unit").order_by("unit__path", "title")
        fields["position"].queryset = open_ones | Position.objects.filter(pk=self.instance.position_id).select_related(
            "unit"
        )
        fields["unit"].queryset = Unit.objects.all()


class WordsField(forms.CharField):
    """Codes with a blank between."""

    def prepare_value(self, value):
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return super().clean(value).replace(",", " ").replace(";", " ").split()


class AreaForm(forms.ModelForm):
    functions = WordsField(
        label=gettext_lazy("Functions"),
        required=False,
        help_text=gettext_lazy("Codes or the beginning of them, with a blank between. They go before units."),
    )
    cost_centres = WordsField(
        label=gettext_lazy("Cost centres"),
        required=False,
        help_text=gettext_lazy("Codes or the beginning of them, with a blank between. They go before all else."),
    )

    class Meta:
        model = Area
        fields = ["number", "name", "first_year", "last_year", "units", "functions", "cost_centres"]
        widgets = {
            "number": NumberInput,
            "first_year": NumberInput,
            "last_year": NumberInput,
            "units": forms.CheckboxSelectMultiple,
        }
        help_texts = {"units": gettext_lazy("With those below them, where no nearer one is in another area.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["units"].queryset = Unit.objects.filter(until=None).order_by("path")

    def _post_clean(self):
        written = [name for name in self.fields if name != "units"]
        self.instance = forms.models.construct_instance(self, self.instance, written)
