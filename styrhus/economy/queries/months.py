"""What the months say: which are closed, what was booked in each, and whether a budget is spread over them."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

from styrhus.economy.models import Book, Extract, Period, Version
from styrhus.economy.models.budgets import MONTHS

BY_MONTH = """
    SELECT balance.cost_centre, coalesce(kind.kostra, ''), extract.month, sum(balance.amount)::bigint
    FROM economy_extract extract
    JOIN economy_balance balance ON balance.extract_id = extract.id AND balance.account_class = '1'
    LEFT JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    WHERE extract.id = ANY(%s)
    GROUP BY 1, 2, 3
"""


def booked_by_month(year: int) -> dict[tuple[str, str], list[int]]:
    """(cost centre, KOSTRA kind) → what was booked in each of the twelve months; cost centre “” is all of them."""
    extracts = Extract.objects.standing().filter(book=Book.ACCOUNTS, year=year, month__range=(1, MONTHS))
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * MONTHS)
    with connection.cursor() as cursor:
        cursor.execute(BY_MONTH, [list(extracts.values_list("pk", flat=True))])
        for centre, art, month, amount in cursor.fetchall():
            found[centre, art][month - 1] += amount
            found["", art][month - 1] += amount
    return dict(found)


def is_phased(version: Version) -> bool:
    """Whether anything of the version itself, or of what it builds on, stands by month."""
    return Extract.objects.standing().filter(version__in=chain(version), month__gt=0).exists()


def chain(version: Version) -> list[int]:
    """The keys of a version and of those it builds on, itself first."""
    return chain_in(dict(Version.objects.filter(year=version.year).values_list("pk", "based_on")), version.pk)


def chain_in(based_on: Mapping[int, int | None], version: int) -> list[int]:
    found: list[int] = []
    at: int | None = version
    while at and at not in found:
        found.append(at)
        at = based_on.get(at)
    return found


def states(year: int) -> dict[int, str]:
    """Month → its state; a month that nobody has said anything of is open."""
    return dict(Period.objects.filter(year=year).values_list("month", "state"))


def is_closed(year: int, month: int) -> bool:
    """Month 0 is the whole year: closed when any of its months is."""
    found = states(year)
    asked = [found.get(month)] if month else list(found.values())
    return Period.State.CLOSED in asked
