"""What asks for a comment and a measure: a unit's result that is red, or yellow twice in a row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from styrhus.items.controls import Control
from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator
from styrhus.scorecard.periods import in_words
from styrhus.scorecard.queries.results import sees_small

# The two latest figures of each series, judged as `status.status_of` does: 2 is red, 1 is yellow. A measure counts
# while it is open, follows up the indicator, and belongs to the unit, one above it or one below it.
DEMANDS = """
    WITH judged AS (
        SELECT series.id AS series, series.indicator_id AS indicator, unit.id AS unit, unit.path, figure.start,
            figure.note, figure.place, indicator.is_imported,
            CASE WHEN figure.amount IS NULL OR target.id IS NULL THEN 0
                WHEN off.away > indicator.tolerance THEN 2 WHEN off.away > 0 THEN 1 ELSE 0 END AS worry
        FROM scorecard_series series
        JOIN organisation_unit unit ON unit.id = series.unit_id
        JOIN scorecard_indicator indicator
            ON indicator.item_ptr_id = series.indicator_id AND NOT indicator.is_key_figure
        JOIN items_item thing ON thing.id = series.indicator_id AND thing.state = 'in_use'
        CROSS JOIN LATERAL (
            SELECT kept.start, kept.note,
                CASE indicator.aggregation WHEN 'ratio'
                    THEN indicator.factor * kept.numerator / nullif(kept.denominator, 0) ELSE kept.value END AS amount,
                row_number() OVER (ORDER BY kept.start DESC) AS place
            FROM scorecard_measurement kept
            WHERE kept.series_id = series.id AND kept.replaced_in IS NULL
            ORDER BY kept.start DESC LIMIT 2
        ) figure
        LEFT JOIN LATERAL (
            SELECT aimed.id, aimed.value, aimed.low, aimed.high
            FROM scorecard_target aimed JOIN organisation_unit above ON above.id = aimed.unit_id
            WHERE aimed.indicator_id = series.indicator_id AND starts_with(unit.path, above.path)
                AND extract(year FROM figure.start) BETWEEN aimed.first_year AND aimed.last_year
            ORDER BY length(above.path) DESC LIMIT 1
        ) target ON TRUE
        CROSS JOIN LATERAL (
            SELECT greatest(
                CASE WHEN target.value IS NULL THEN target.low - figure.amount
                    WHEN indicator.direction = 'higher' THEN target.value - figure.amount END,
                CASE WHEN target.value IS NULL THEN figure.amount - target.high
                    WHEN indicator.direction = 'lower' THEN figure.amount - target.value END, 0) AS away
        ) off
        WHERE series.since <= %(on)s AND (series.until IS NULL OR series.until >= %(on)s)
            AND (%(units)s::bigint[] IS NULL OR series.unit_id = ANY(%(units)s::bigint[]))
    ), newest AS (
        SELECT judged.*, lead(worry) OVER (PARTITION BY series ORDER BY place) AS worry_before FROM judged
    ), asking AS (
        SELECT newest.indicator, newest.unit, newest.start, newest.worry,
            newest.note = '' AND NOT newest.is_imported AS without_comment,
            NOT EXISTS (
                SELECT FROM items_link link JOIN items_item measure ON measure.id = link.source_id
                JOIN organisation_unit place ON place.id = measure.unit_id
                WHERE link.target_id = newest.indicator AND link.kind = 'follows_up'
                    AND measure.kind = 'planning.measure' AND measure.ended IS NULL
                    AND (starts_with(newest.path, place.path) OR starts_with(place.path, newest.path))
            ) AS without_measure,
            EXISTS (
                SELECT FROM scorecard_withheld kept WHERE kept.indicator_id = newest.indicator
                    AND kept.unit_id = newest.unit AND kept.start = newest.start
            ) AS is_small
        FROM newest
        WHERE newest.place = 1 AND (newest.worry = 2 OR (newest.worry = 1 AND newest.worry_before >= 1))
    )
"""
OF_UNITS = "SELECT indicator, unit, start, worry, without_comment, without_measure, is_small FROM asking"
# A small group's colour is told to nobody but its own leader, so what only it lacks is no finding for all.
LACKING = "SELECT indicator FROM asking WHERE NOT is_small AND (without_comment OR without_measure)"


@dataclass(frozen=True)
class Demand:
    """A result of a unit that is not as it should be, and what is still lacking about it."""

    indicator: Indicator
    unit: Unit
    start: date
    is_red: bool
    without_comment: bool
    without_measure: bool

    @property
    def period(self) -> str:
        return in_words(self.start, self.indicator.frequency)

    @property
    def is_open(self) -> bool:
        return self.without_comment or self.without_measure


def demands_in(units: Sequence[Unit], *, on: date, person) -> list[Demand]:
    """What asks for a comment and a measure in these units, the red first; also what has got both."""
    if not units:
        return []
    sees = sees_small(person, units)
    with connection.cursor() as cursor:
        cursor.execute(f"{DEMANDS} {OF_UNITS}", {"on": on, "units": [unit.pk for unit in units]})
        rows = [row for row in cursor.fetchall() if not row[6] or row[1] in sees]
    known = {unit.pk: unit for unit in units}
    seen = Indicator.objects.visible_to(person).in_bulk({row[0] for row in rows})
    found = [Demand(seen[row[0]], known[row[1]], row[2], row[3] == 2, row[4], row[5]) for row in rows if row[0] in seen]
    return sorted(found, key=lambda each: (not each.is_red, each.unit.path, each.indicator.title))


def open_by_unit(units: Sequence[Unit], *, on: date, person) -> list[tuple[Unit, int]]:
    """The units with something lacking, and how many results: one line for each, never a flood."""
    counts: defaultdict[Unit, int] = defaultdict(int)
    for each in demands_in(units, on=on, person=person):
        counts[each.unit] += each.is_open
    return [(unit, count) for unit, count in counts.items() if count]


def _without_comment_or_measure(items: QuerySet, on: date) -> QuerySet:
    asking = RawSQL(  # noqa: S611 - our own words
        f"{DEMANDS} {LACKING}".replace("%(on)s", "%s").replace("%(units)s", "%s"), [on, on, None, None]
    )
    return items.filter(kind=Indicator.kind_name(), ended__isnull=True, pk__in=asking)


RED_WITHOUT_ANSWER = Control("red_without_answer", _("Red without a comment or measure"), _without_comment_or_measure)
