"""Which codes there are, and what cannot be placed by them."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from styrhus.economy.kostra import Reading
from styrhus.economy.models import Code, CodeRule, Dimension


def readings() -> dict[str, dict[int, Reading]]:
    """Dimension → length of the code → how it is read."""
    found: defaultdict[str, dict[int, Reading]] = defaultdict(dict)
    for rule in CodeRule.objects.all():
        found[rule.dimension][rule.length] = rule.reading
    return found


# What is booked in a year is summed once, and held against the codes after: codes that are not placed may be thousands.
UNPLACED = """
    WITH booked AS MATERIALIZED (
        SELECT balance.cost_centre, balance.kind, balance.function, sum(balance.lines)::bigint AS lines
        FROM economy_extract extract
        JOIN economy_balance balance ON balance.extract_id = extract.id
        WHERE extract.replaced_by_id IS NULL AND extract.undone_in IS NULL AND extract.year = %(year)s
            AND extract.book <> 'reported'
        GROUP BY 1, 2, 3
    ), used AS (
        SELECT 'cost_centre' AS dimension, cost_centre AS code, sum(lines) AS lines FROM booked GROUP BY 2
        UNION ALL SELECT 'kind', kind, sum(lines) FROM booked GROUP BY 2
        UNION ALL SELECT 'function', function, sum(lines) FROM booked GROUP BY 2
    )
    SELECT code.dimension, count(*), sum(used.lines)::bigint
    FROM economy_code code
    JOIN used ON used.dimension = code.dimension AND used.code = code.code
    WHERE code.first_year <= %(year)s AND coalesce(code.last_year, 9999) >= %(year)s
        AND (code.dimension = 'cost_centre' AND code.unit_id IS NULL
            OR code.dimension IN ('kind', 'function') AND code.kostra = '')
    GROUP BY code.dimension
"""


def unplaced(year: int) -> list[tuple[str, int, int]]:
    """(dimension, codes, ledger lines) of what is booked in a year and cannot be placed."""
    with connection.cursor() as cursor:
        cursor.execute(UNPLACED, {"year": year})
        return cursor.fetchall()


def with_names(lines: Sequence, year: int) -> list[tuple]:
    """Lines that have a kind, each with the kind's name."""
    codes = Code.objects.of_year(year).filter(dimension=Dimension.KIND, code__in={line.kind for line in lines})
    names = dict(codes.values_list("code", "name"))
    return [(line, names.get(line.kind, "")) for line in lines]
