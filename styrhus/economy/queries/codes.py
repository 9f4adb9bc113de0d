"""Which codes there are, and what cannot be placed by them."""

from collections import defaultdict

from django.db import connection

from styrhus.economy.kostra import Reading
from styrhus.economy.models import CodeRule


def readings() -> dict[str, dict[int, Reading]]:
    """Dimension → length of the code → how it is read."""
    found: defaultdict[str, dict[int, Reading]] = defaultdict(dict)
    for rule in CodeRule.objects.all():
        found[rule.dimension][rule.length] = rule.reading
    return found


# What standing figures are booked on by codes that cannot be placed. A code may be written by no one: then it is lost
# in every year.
UNPLACED = """
    SELECT code.dimension, count(DISTINCT code.id), sum(booked.lines)::bigint, sum(abs(booked.amount))::bigint
    FROM economy_code code
    JOIN LATERAL (
        SELECT sum(balance.lines) AS lines, sum(balance.amount) AS amount
        FROM economy_extract extract
        JOIN economy_balance balance ON balance.extract_id = extract.id
        WHERE extract.replaced_by_id IS NULL AND extract.undone_in IS NULL AND extract.year = %(year)s
            AND CASE code.dimension WHEN 'cost_centre' THEN balance.cost_centre WHEN 'kind' THEN balance.kind
                ELSE balance.function END = code.code
    ) booked ON booked.lines > 0
    WHERE code.first_year <= %(year)s AND coalesce(code.last_year, 9999) >= %(year)s
        AND (code.dimension = 'cost_centre' AND code.unit_id IS NULL
            OR code.dimension IN ('kind', 'function') AND code.kostra = '')
    GROUP BY code.dimension
"""


def unplaced(year: int) -> list[tuple[str, int, int, int]]:
    """(dimension, codes, lines, øre without sign) of what is booked in a year and cannot be placed."""
    with connection.cursor() as cursor:
        cursor.execute(UNPLACED, {"year": year})
        return cursor.fetchall()
