"""A line of the grid in which a unit's figures are entered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.kit.fields import NumberInput
from styrhus.scorecard.checks import Figure
from styrhus.scorecard.forms.numbers import AmountField
from styrhus.scorecard.models import Aggregation, Measurement, Series
from styrhus.scorecard.operations.measurements import Entry, as_figure


class LineForm(forms.Form):
    """One series and period. A line where nothing is written says nothing."""

    value = AmountField(label=_("Figure"), required=False)
    numerator = AmountField(required=False)
    denominator = AmountField(required=False)
    weight = AmountField(required=False)
    respondents = forms.IntegerField(label=_("People behind it"), required=False, min_value=0, widget=NumberInput)
    note = forms.CharField(label=_("Comment"), required=False, max_length=2_000)
    sure = forms.BooleanField(label=_("The figure is right"), required=False)
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, series: Series, start, stands: Measurement | None, is_doubted: bool = False):
        self.series, self.start, self.stands = series, start, stands
        known = vars(as_figure(stands)) if stands else {}
        super().__init__(data, prefix=f"s{series.pk}", initial=known | {"was": stands.pk if stands else None})
        self._ask_only_what_is_needed(is_doubted)

    def _ask_only_what_is_needed(self, is_doubted: bool) -> None:
        indicator = self.series.indicator
        if indicator.takes_parts:
            del self.fields["value"]
            self.fields["numerator"].label = indicator.numerator
            self.fields["denominator"].label = indicator.denominator
        else:
            del self.fields["numerator"], self.fields["denominator"]
        if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
            self.fields["weight"].label = indicator.weight
        else:
            del self.fields["weight"]
        if not indicator.min_respondents or "weight" in self.fields:
            del self.fields["respondents"]
        if not is_doubted:
            del self.fields["sure"]

    def offer_to_be_sure(self) -> None:
        """A figure far from the last one may be right: then one says so, and sends it again."""
        self.fields.setdefault("sure", forms.BooleanField(label=_("The figure is right"), required=False))

    @property
    def says_something(self) -> bool:
        asked = ("value", "numerator", "denominator", "weight", "respondents", "note")
        return any(self.cleaned_data.get(name) not in (None, "") for name in asked)

    def entry(self) -> Entry:
        given = self.cleaned_data
        parts = {name: given.get(name) for name in ("value", "numerator", "denominator", "weight", "respondents")}
        figure = Figure(self.start, **parts, note=given.get("note", ""), source=self.series.indicator.source)
        return Entry(self.series, figure, was=given.get("was"), sure=bool(given.get("sure")))
