"""What a large municipality measures: indicators of the units, some that all units have, and ten years of figures."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from styrhus.demo.volume import BATCH
from styrhus.items.copying import copy_rows
from styrhus.organisation.models import Position, Unit, UnitKind
from styrhus.planning.models import Goal
from styrhus.scorecard.models import FocusArea, Indicator, Series, Target
from styrhus.scorecard.periods import APART, Frequency, latest_ended

YEARS = 10
CODE = "mye-"
# So many are measured in every operating unit; each of the others in a unit or two.
COMMON = 12
FREQUENCIES = (Frequency.MONTHLY, Frequency.FOUR_MONTHLY, Frequency.YEARLY)
PROPORTIONS = {"aggregation": "ratio", "numerator": "Delen", "denominator": "Helheten", "factor": 100}

# Waves around fifty, the same every time; of a ratio the denominator is a hundred.
FIGURES = """
    INSERT INTO scorecard_measurement (series_id, start, value, numerator, denominator, note, source, at)
    SELECT series.id, begun.start, CASE WHEN indicator.aggregation = 'sum' THEN wave.height END,
        CASE WHEN indicator.aggregation = 'ratio' THEN wave.height END,
        CASE WHEN indicator.aggregation = 'ratio' THEN 100 END, '', 'Fagsystemet', now()
    FROM scorecard_series series
    JOIN scorecard_indicator indicator ON indicator.item_ptr_id = series.indicator_id
    CROSS JOIN LATERAL generate_series(
        %(first)s::timestamp, %(last)s, make_interval(months => %(months)s)
    ) begun (start)
    CROSS JOIN LATERAL (
        SELECT round((50 + 40 * sin(series.id * 1.7 + extract(epoch FROM begun.start) / 3e6))::numeric, 2) AS height
    ) wave
    WHERE indicator.code LIKE %(code)s AND indicator.frequency = %(frequency)s
"""


@transaction.atomic
def measure_much(count: int, today: date) -> None:
    """Adds so many indicators in use with series, a target value each, and the figures of ten years."""
    top = Unit.objects.filter(kind=UnitKind.MUNICIPALITY).order_by("pk")[0]
    services = list(Unit.objects.filter(kind=UnitKind.OPERATING_UNIT, until=None).order_by("pk"))
    copy_rows(Indicator, _indicators(count, top, services))
    made = list(Indicator.objects.filter(code__startswith=CODE).order_by("pk"))
    Series.objects.bulk_create(_series(made, services, today), BATCH)
    years = {"first_year": today.year - YEARS, "last_year": today.year + 1}
    Target.objects.bulk_create((Target(indicator=each, unit=top, value=60, **years) for each in made), BATCH)
    with connection.cursor() as cursor:
        for frequency in FREQUENCIES:
            cursor.execute(
                FIGURES,
                {
                    "first": date(today.year - YEARS, 1, 1),
                    "last": latest_ended(today, frequency),
                    "months": APART[frequency],
                    "code": f"{CODE}%",
                    "frequency": frequency,
                },
            )


def _indicators(count: int, top: Unit, services: list[Unit]) -> Iterator[dict]:
    leaders = dict(Position.objects.filter(leads=True, until=None).values_list("unit", "pk"))
    areas = list(FocusArea.objects.order_by("pk").values_list("pk", flat=True)[:6])
    goals = list(Goal.objects.filter(title__startswith="Delmål").order_by("pk").values_list("pk", flat=True)[:count])
    for number in range(count):
        unit = top if number < COMMON else services[number % len(services)]
        yield {
            "title": f"Indikator {number}",
            "code": f"{CODE}{number}",
            "unit_id": unit.pk,
            "responsible_id": leaders[unit.pk],
            "state": Indicator.IN_USE,
            "focus_area_id": areas[number % len(areas)],
            "of_goal_id": goals[number % len(goals)] if goals else None,
            "measured_in": "prosent",
            "tolerance": 5,
            "frequency": FREQUENCIES[number % len(FREQUENCIES)],
            **(PROPORTIONS if number % 2 else {"aggregation": "sum"}),
        }


def _series(made: list[Indicator], services: list[Unit], today: date) -> Iterator[Series]:
    since = date(today.year - YEARS, 1, 1)
    for number, indicator in enumerate(made):
        measured = services if number < COMMON else [services[number % len(services)]]
        for unit in measured:
            yield Series(indicator=indicator, unit=unit, since=since)
