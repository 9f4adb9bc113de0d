"""The last result of each of some indicators, where they are answered for, and what was aimed at: one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection
from django.utils.formats import number_format

from styrhus.organisation.access import authority_of
from styrhus.scorecard.periods import in_words
from styrhus.scorecard.status import Aim, Direction, Status, status_of

# The place is the unit that answers for the indicator, or the nearest above it that has figures below: sick leave is
# answered for by HR and measured everywhere.
LATEST = """
    SELECT indicator.item_ptr_id AS key, indicator.frequency, indicator.measured_in, indicator.decimals,
        indicator.direction, indicator.tolerance, place.path, newest.start, latest.value,
        EXISTS (
            SELECT FROM scorecard_withheld kept
            WHERE kept.indicator_id = indicator.item_ptr_id AND kept.start = newest.start AND kept.unit_id = place.id
        ) AS is_small,
        EXISTS (
            SELECT FROM organisation_position leader
            WHERE leader.unit_id = place.id AND leader.leads AND leader.id = ANY(%(positions)s)
        ) AS is_own,
        target.value AS aim, target.low, target.high, target.indicator_id IS NOT NULL AS is_aimed_at
    FROM scorecard_indicator indicator
    JOIN items_item thing ON thing.id = indicator.item_ptr_id
    JOIN organisation_unit own ON own.id = thing.unit_id
    CROSS JOIN LATERAL (
        SELECT unit.id, unit.path FROM organisation_unit unit
        WHERE unit.id = ANY(string_to_array(trim('/' FROM own.path), '/')::bigint[]) AND EXISTS (
            SELECT FROM scorecard_series series JOIN organisation_unit below ON below.id = series.unit_id
            WHERE series.indicator_id = indicator.item_ptr_id AND starts_with(below.path, unit.path)
        )
        ORDER BY length(unit.path) DESC LIMIT 1
    ) place
    CROSS JOIN LATERAL (
        SELECT max(last.start) AS start
        FROM scorecard_series series JOIN organisation_unit unit ON unit.id = series.unit_id
        CROSS JOIN LATERAL (
            SELECT figure.start FROM scorecard_measurement figure
            WHERE figure.series_id = series.id AND figure.replaced_in IS NULL
            ORDER BY figure.start DESC LIMIT 1
        ) last
        WHERE series.indicator_id = indicator.item_ptr_id AND starts_with(unit.path, place.path)
            AND (indicator.aggregation <> 'none' OR unit.id = place.id)
    ) newest
    CROSS JOIN LATERAL (
        SELECT CASE indicator.aggregation
            WHEN 'ratio' THEN indicator.factor * sum(figure.numerator) / nullif(sum(figure.denominator), 0)
            WHEN 'weighted_mean' THEN sum(figure.value * figure.weight) / nullif(sum(figure.weight), 0)
            ELSE sum(figure.value)
        END AS value
        FROM scorecard_series series JOIN organisation_unit unit ON unit.id = series.unit_id
        JOIN scorecard_measurement figure ON figure.series_id = series.id
            AND figure.start = newest.start AND figure.replaced_in IS NULL
        WHERE series.indicator_id = indicator.item_ptr_id AND starts_with(unit.path, place.path)
            AND (indicator.aggregation <> 'none' OR unit.id = place.id)
    ) latest
    LEFT JOIN LATERAL (
        SELECT aimed.indicator_id, aimed.value, aimed.low, aimed.high
        FROM scorecard_target aimed JOIN organisation_unit above ON above.id = aimed.unit_id
        WHERE aimed.indicator_id = indicator.item_ptr_id AND starts_with(place.path, above.path)
            AND extract(year FROM newest.start) BETWEEN aimed.first_year AND aimed.last_year
        ORDER BY length(above.path) DESC LIMIT 1
    ) target ON NOT indicator.is_key_figure
    WHERE indicator.item_ptr_id = ANY(%(indicators)s) AND newest.start IS NOT NULL
"""


@dataclass(frozen=True)
class Latest:
    """What an indicator last came to. A figure that is kept back from the reader has no value."""

    start: date
    frequency: str
    measured_in: str
    decimals: int
    value: Decimal | None
    aim: Aim | None
    status: Status

    @property
    def period(self) -> str:
        return in_words(self.start, self.frequency)

    @property
    def amount(self) -> str:
        return f"{self._number(self.value)} {self.measured_in}" if self.value is not None else "–"

    @property
    def aimed_at(self) -> str:
        if self.aim is None:
            return ""
        if self.aim.direction == Direction.INTERVAL:
            return f"{self._number(self.aim.low)}–{self._number(self.aim.high)}"
        return self._number(self.aim.value)

    def _number(self, value: Decimal | None) -> str:
        return "–" if value is None else number_format(value, decimal_pos=self.decimals, force_grouping=True)


def latest(indicators: Collection[int], person) -> dict[int, Latest]:
    """Each indicator that has a figure → its last result, in the unit that answers for it with all below."""
    if not indicators:
        return {}
    authority = authority_of(person)
    reaches = [grant.path for grant in authority.having("measurement.view_small")]
    with connection.cursor() as cursor:
        cursor.execute(LATEST, {"indicators": list(indicators), "positions": list(authority.positions)})
        names = [column.name for column in cursor.description]
        rows = [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return {row.key: _read(row, reaches) for row in rows}


def _read(row, reaches: list[str]) -> Latest:
    is_hidden = row.is_small and not row.is_own and not any(row.path.startswith(reach) for reach in reaches)
    value, aim = None if is_hidden else row.value, _aim(row)
    status = Status.HIDDEN if is_hidden else status_of(value, aim)
    return Latest(row.start, row.frequency, row.measured_in, row.decimals, value, aim, status)


def _aim(row) -> Aim | None:
    if not row.is_aimed_at:
        return None
    direction = Direction.INTERVAL if row.aim is None else row.direction
    return Aim(direction, row.aim, row.low, row.high, row.tolerance)
