"""What a figure must be to be believed: one rule for the page, the grid and the file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from styrhus.scorecard.models import Aggregation, Indicator
from styrhus.scorecard.periods import end_of, in_words

# A figure so many times larger or smaller than the last one is thousands for units, or a decimal mark gone astray.
TOO_FAR = 500
ROOM = Decimal(10) ** 15


@dataclass(frozen=True)
class Figure:
    """What is entered for one indicator, unit and period, before it is kept."""

    start: date
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weight: Decimal | None = None
    respondents: int | None = None
    note: str = ""
    source: str = ""

    def amount(self, indicator: Indicator) -> Decimal | None:
        """The one number it comes to; None where nothing can be divided by."""
        if self.numerator is None or self.denominator is None:
            return self.value
        return indicator.factor * self.numerator / self.denominator if self.denominator else None


def faults(indicator: Indicator, figure: Figure, *, on: date, last: Decimal | None = None, sure: bool = False):
    """What is wrong with a figure, as pairs of a field and what to do about it.

    `last` is the unit's latest figure; `sure` says that a leap away from it is meant.
    """
    found = [*_of_the_parts(indicator, figure), *_of_the_group(indicator, figure)]
    if end_of(figure.start, indicator.frequency) >= on:
        period = in_words(figure.start, indicator.frequency)
        found.append(("start", _("%(period)s is not over yet.") % {"period": period.capitalize()}))
    return found or [*_of_the_size(indicator, figure, last, sure)]


def _of_the_parts(indicator: Indicator, figure: Figure):
    if indicator.takes_parts:
        yield from _of_a_ratio(indicator, figure)
        return
    if figure.value is None:
        yield "value", _("Write the figure.")
    if figure.numerator is not None or figure.denominator is not None:
        yield "numerator", _("This indicator is not a ratio: it takes the value alone.")


def _of_a_ratio(indicator: Indicator, figure: Figure):
    parts = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    for name, label in parts.items():
        if getattr(figure, name) is None:
            yield name, _("A ratio needs both parts. Write “%(part)s” too.") % {"part": label}
    if figure.value is not None:
        yield "value", _("A ratio is worked out from its two parts. Write these instead of the percentage.")
    if figure.denominator is not None and figure.denominator < 0:
        yield "denominator", _("It cannot be less than nothing.")
    if figure.denominator == 0 and figure.numerator:
        yield "denominator", _("Something of nothing is no ratio. Is the figure missing?")


def _of_the_group(indicator: Indicator, figure: Figure):
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN and figure.weight is None:
        yield "weight", _("A weighted mean needs its weight. Write “%(weight)s” too.") % {"weight": indicator.weight}
    if figure.weight is not None and figure.weight < 0:
        yield "weight", _("It cannot be less than nothing.")
    if indicator.min_respondents and people_behind(indicator, figure) is None:
        yield "respondents", _("Write how many people are behind the figure: small groups are kept back.")


def people_behind(indicator: Indicator, figure: Figure) -> int | None:
    """How many people a figure is about. Of a survey it is the number of answers, which is its weight."""
    if figure.respondents is None and indicator.min_respondents and figure.weight is not None:
        return int(figure.weight)
    return figure.respondents


def _of_the_size(indicator: Indicator, figure: Figure, last: Decimal | None, sure: bool):
    amount = figure.amount(indicator)
    if amount is None:
        return
    name = "numerator" if indicator.takes_parts else "value"
    words = {"least": indicator.least, "most": indicator.most, "unit": indicator.measured_in}
    if indicator.least is not None and amount < indicator.least:
        yield name, _("The figure is less than %(least)s %(unit)s. Is it in another unit?") % _plain(words)
    elif indicator.most is not None and amount > indicator.most:
        yield name, _("The figure is more than %(most)s %(unit)s. Is it in another unit?") % _plain(words)
    elif abs(amount) >= ROOM:
        yield name, _("The figure is larger than can be kept.")
    elif last and amount and not sure and not 1 / Decimal(TOO_FAR) < abs(amount / last) < TOO_FAR:
        yield (
            name,
            _("The last figure was %(last)s. Is this one in another unit, such as thousands? If it is right, say so.")
            % {"last": _short(last)},
        )


def _plain(words: dict) -> dict:
    return {name: _short(each) if isinstance(each, Decimal) else each for name, each in words.items()}


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
