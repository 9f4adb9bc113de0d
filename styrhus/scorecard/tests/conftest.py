"""Indicators, series and figures to stand on."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from styrhus.items import operations as items
from styrhus.scorecard.models import Indicator, Measurement, Series

NUMBERS = count(1)
NAMED = {"ratio": {"numerator": "Tapte dagsverk", "denominator": "Mulige dagsverk", "factor": Decimal(100)}}
NAMED["weighted_mean"] = {"weight": "Antall svar"}


@pytest.fixture
def an_indicator(world):
    """An indicator that the director answers for, in use."""

    def make(aggregation="sum", **fields) -> Indicator:
        director = world.people.director
        fields = {"measured_in": "prosent", "frequency": "yearly"} | NAMED.get(aggregation, {}) | fields
        fields = {"title": f"Indikator {next(NUMBERS)}", "responsible": director.position} | fields
        indicator = Indicator(aggregation=aggregation, unit=world.units.municipality, **fields)
        items.create(indicator, by=director)
        return items.step(indicator, "use", by=director) and Indicator.objects.get(pk=indicator.pk)

    return make


def a_series(indicator, unit, since=date(2000, 1, 1)) -> Series:
    return Series.objects.create(indicator=indicator, unit=unit, since=since)


def a_figure(series, year=2025, **figure) -> Measurement:
    return Measurement.objects.create(series=series, start=date(year, 1, 1), **figure)
