"""Results: figures rolled up over the units below, by each indicator's own rule, in one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator, Target
from styrhus.scorecard.status import Aim, Status, status_of

# One row for each unit asked for, indicator and period. What is not added up is the unit's own figure alone.
ROLLED_UP = """
    SELECT place.id, series.indicator_id, figure.start, count(*),
        CASE indicator.aggregation
            WHEN 'ratio' THEN indicator.factor * sum(figure.numerator) / nullif(sum(figure.denominator), 0)
            WHEN 'weighted_mean' THEN sum(figure.value * figure.weight) / nullif(sum(figure.weight), 0)
            ELSE sum(figure.value)
        END,
        EXISTS (
            SELECT FROM scorecard_withheld kept
            WHERE kept.indicator_id = series.indicator_id AND kept.start = figure.start AND kept.unit_id = place.id
        )
    FROM unnest(%(places)s::bigint[], %(paths)s::text[]) AS place (id, path)
    JOIN organisation_unit unit ON unit.path LIKE place.path || '%%'
    JOIN scorecard_series series ON series.unit_id = unit.id
    JOIN scorecard_indicator indicator ON indicator.item_ptr_id = series.indicator_id
    JOIN scorecard_measurement figure ON figure.series_id = series.id AND figure.replaced_in IS NULL
    WHERE series.indicator_id = ANY(%(indicators)s)
        AND figure.start BETWEEN %(since)s AND %(until)s
        AND (indicator.aggregation <> 'none' OR unit.id = place.id)
    GROUP BY place.id, series.indicator_id, figure.start, indicator.item_ptr_id
    ORDER BY figure.start
"""


@dataclass(frozen=True)
class Result:
    """What an indicator came to in a unit and a period. A figure that is kept back has no value."""

    start: date
    value: Decimal | None
    units: int
    is_withheld: bool = False


Results = dict[tuple[int, int], list[Result]]


def results(units: Iterable[Unit], indicators: Collection[int], *, since: date, until: date, person) -> Results:
    """(unit, indicator) → its results in that time, the earliest first; what a person may not see has no value."""
    places = list(units)
    sees = sees_small(person, places)
    found: defaultdict[tuple[int, int], list[Result]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            ROLLED_UP,
            {
                "places": [unit.pk for unit in places],
                "paths": [unit.path for unit in places],
                "indicators": list(indicators),
                "since": since,
                "until": until,
            },
        )
        for unit, indicator, start, count, value, is_small in cursor.fetchall():
            hidden = is_small and unit not in sees
            found[unit, indicator].append(Result(start, None if hidden else value, count, hidden))
    return dict(found)


def sees_small(person, units: Iterable[Unit]) -> set[int]:
    """Of these units those whose small groups a person may see: the leader of that very unit, and HR."""
    authority = authority_of(person)
    reaches = [grant.path for grant in authority.having("measurement.view_small")]
    return {
        unit.pk for unit in units if unit.pk in authority.leads or any(unit.path.startswith(path) for path in reaches)
    }


Aims = dict[tuple[int, int], Aim]


def aims(units: Iterable[Unit], indicators: Collection[Indicator], years: Collection[int]) -> dict[int, Aims]:
    """Year → (unit, indicator) → what is aimed at: the unit's own target, or the nearest above it. One question."""
    places = list(units)
    by_key = {each.pk: each for each in indicators if not each.is_key_figure}
    if not years:
        return {}
    above = {pk for unit in places for pk in unit.path_ids()}
    rows = Target.objects.filter(unit__in=above, indicator__in=by_key)
    standing = list(rows.filter(first_year__lte=max(years), last_year__gte=min(years)))
    return {year: _aims_of(year, places, by_key, standing) for year in years}


def _aims_of(year: int, places: list[Unit], by_key: dict[int, Indicator], standing: list[Target]) -> Aims:
    holding = (each for each in standing if each.first_year <= year <= each.last_year)
    set_for = {(each.unit_id, each.indicator_id): each for each in holding}
    found = {}
    for unit in places:
        for key, indicator in by_key.items():
            nearest = (set_for[pk, key] for pk in reversed(unit.path_ids()) if (pk, key) in set_for)
            if target := next(nearest, None):
                found[unit.pk, key] = target.aim(indicator)
    return found


def judged(result: Result | None, aim: Aim | None) -> Status:
    """The status of a result; nothing measured, and what is kept back, is never green."""
    if result is None:
        return Status.MISSING
    return Status.HIDDEN if result.is_withheld else status_of(result.value, aim)
