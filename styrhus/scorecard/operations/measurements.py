"""Figures are entered, corrected and taken back with the load they came in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.kit.refusals import told_in_words
from styrhus.organisation.access import require
from styrhus.scorecard.checks import Figure, faults, people_behind
from styrhus.scorecard.models import Indicator, Measurement, Series
from styrhus.scorecard.models.measurements import ThisTransaction
from styrhus.scorecard.operations.withholding import withhold

FIGURES = ("value", "numerator", "denominator", "weight", "respondents", "note", "source")


@dataclass(frozen=True)
class Entry:
    """One figure for one series. `was` is the key of the figure that the writer saw; None where there was none."""

    series: Series
    figure: Figure
    was: int | None = None
    sure: bool = False


class Unfit(ValidationError):
    """Some figures cannot be kept. `faults`: the place of an entry → pairs of a field and what is wrong."""

    def __init__(self, faults: dict[int, list[tuple[str, str]]]):
        super().__init__(_("Some figures cannot be kept."))
        self.faults = faults


class WrittenMeanwhile(ValidationError):
    """Somebody else entered the same figure meanwhile. `stands` is what they wrote."""

    def __init__(self, stands: Measurement | None):
        super().__init__(_("Somebody else has entered this figure meanwhile. Look at it, and write yours again."))
        self.stands = stands


@transaction.atomic
def enter(entries: Sequence[Entry], *, on: date, by) -> int:
    """Keeps figures that were written by hand, all of them or none; how many were new or corrected.

    A figure that is the same as the one that stands is left alone. Raises Unfit or WrittenMeanwhile.
    """
    held = _held(entries)
    wrong = {place: found for place, entry in enumerate(entries) if (found := list(_wrong(entry, held, on, by)))}
    if wrong:
        raise Unfit(wrong)
    changed = [entry for entry in entries if _differs(entry, held)]
    _replace([held[_key(entry)] for entry in changed if _key(entry) in held])
    Measurement.objects.bulk_create(_row(entry, by) for entry in changed)
    withhold((entry.series.indicator, entry.figure.start) for entry in changed)
    return len(changed)


def _key(entry: Entry) -> tuple[int, date]:
    return entry.series.pk, entry.figure.start


def _held(entries: Sequence[Entry]) -> dict[tuple[int, date], Measurement]:
    """The figures that stand, with their series held to the end of the transaction: two who enter wait in turn."""
    keys = sorted({entry.series.pk for entry in entries})
    list(Series.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    starts = {entry.figure.start for entry in entries}
    stand = Measurement.objects.standing().filter(series__in=keys, start__in=starts)
    return {(each.series_id, each.start): each for each in stand}


def _wrong(entry: Entry, held, on: date, by) -> Iterable[tuple[str, str]]:
    series, indicator = entry.series, entry.series.indicator
    require(by, "measurement.enter", series.unit)
    if indicator.is_imported:
        yield "value", _("This figure comes from %(source)s and is not entered by hand.") % {"source": indicator.source}
    yield from outside(series, entry.figure.start)
    stands = held.get(_key(entry))
    if (stands.pk if stands else None) != entry.was and _differs(entry, held):
        raise WrittenMeanwhile(stands)
    yield from faults(indicator, entry.figure, on=on, last=last_before(series, entry.figure.start), sure=entry.sure)


def outside(series: Series, start: date) -> Iterable[tuple[str, str]]:
    """Why a series takes no figure of a period: the unit was closed, or no longer measured.

    Figures from before a unit was registered are its history, and welcome.
    """
    if series.unit.is_closed(start):
        yield "unit", _("%(unit)s was closed then.") % {"unit": series.unit.name}
    elif series.until and series.until < start:
        yield "unit", _("%(unit)s no longer delivered this figure then.") % {"unit": series.unit.name}


def last_before(series: Series, start: date) -> Decimal | None:
    """The amount of the figure before a period."""
    earlier = Measurement.objects.standing().filter(series=series.pk, start__lt=start).order_by("-start").first()
    return as_figure(earlier).amount(series.indicator) if earlier else None


def as_figure(row: Measurement) -> Figure:
    return Figure(row.start, **{name: getattr(row, name) for name in FIGURES})


def _differs(entry: Entry, held) -> bool:
    stands = held.get(_key(entry))
    return stands is None or as_figure(stands) != _kept(entry)


def _kept(entry: Entry) -> Figure:
    """What is kept of an entry: of a survey the people behind it are its answers."""
    return replace(entry.figure, respondents=people_behind(entry.series.indicator, entry.figure))


def _replace(rows: Iterable[Measurement]) -> None:
    Measurement.objects.filter(pk__in=[row.pk for row in rows]).update(
        replaced_at=timezone.now(), replaced_in=ThisTransaction()
    )


def _row(entry: Entry, by) -> Measurement:
    figure = _kept(entry)
    kept = {name: getattr(figure, name) for name in FIGURES}
    return Measurement(series=entry.series, start=figure.start, by=by, **kept)


@transaction.atomic
def measure_in(indicator: Indicator, units, *, since: date, by) -> list[Series]:
    """Begins a series of an indicator in each of these units. Raises ValidationError where it would count twice."""
    require(by, "indicator.edit", indicator)
    made = []
    for unit in units:
        series = Series(indicator=indicator, unit=unit, since=since)
        made.append(begin(series))
    return made


NESTED = "series_is_not_nested"


def begin(series: Series) -> Series:
    with told_in_words({NESTED: ("", nested(series))}):
        series.save()
    return series


def nested(series: Series) -> str:
    return _("The figures of %(unit)s are added up from other units, or into one: they would be counted twice.") % {
        "unit": series.unit.name
    }
