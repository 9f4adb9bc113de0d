"""What each person needs to see first."""

from collections.abc import Iterable
from datetime import date
from itertools import chain, pairwise

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from styrhus.items.models import Item
from styrhus.items.queries import promised_by
from styrhus.organisation.access import authority_of, units_where
from styrhus.planning.models import Measure

PERMISSION = "item.follow_up"
# Who leads thousands of open things is not helped by the last hundred of the number; to count them all is what is dear.
COUNT_AT_MOST = 1_000


def followed_by(person) -> QuerySet:
    """The open measures that a person may follow up: what the cards and the wheel count."""
    return _followed_by(person).filter(kind=Measure.kind_name())


def counts_for(person, on: date, measures: QuerySet) -> dict:
    """Numbers for the cards, to a limit: of the measures that the person may follow up, and promises of one's own."""
    promises = promised_by(person)
    asked = {
        "planned": measures.filter(state=Measure.PLANNED),
        "running": measures.filter(state=Measure.RUNNING),
        "overdue": measures.filter(due__lt=on),
        "promises": promises,
        "promises_late": promises.filter(due__lt=on),
    }
    return dict(zip(asked, counted_to_a_limit(asked.values()), strict=True))


def due_by_month(measures: QuerySet, year: int) -> dict[int, int]:
    """How many of the measures are due in each month of a year, to a limit.

    Of measures only: the wheel leads to their register. The statement is put together for one month and asked of all.
    """
    days = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    sql, values = _statement(measures.filter(due__gte=days[0], due__lt=days[1]))
    months = [dict(zip(days[:2], month, strict=True)) for month in pairwise(days)]
    asked = [(sql, [month.get(value) if value in days[:2] else value for value in values]) for month in months]
    counts = enumerate(_counted(asked), start=1)
    return {month: count for month, count in counts if count}


def counted_to_a_limit(sources: Iterable[QuerySet]) -> list[int]:
    """How many rows each has, at most one more than the limit."""
    return _counted(_statement(rows) for rows in sources)


def _statement(rows: QuerySet) -> tuple[str, tuple]:
    """What counts rows, at most one more than the limit."""
    try:
        sql, values = rows.order_by().values("pk")[: COUNT_AT_MOST + 1].query.sql_with_params()
    except EmptyResultSet:
        return "(SELECT 0)", ()
    return f"(SELECT count(*) FROM ({sql}) counted)", values  # noqa: S608 - Django's own SQL, its values apart


def _counted(statements: Iterable[tuple[str, Iterable]]) -> list[int]:
    """All of them in one journey to the database."""
    asked = list(statements)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql for sql, _values in asked), list(chain(*(each for _, each in asked))))
        return list(cursor.fetchone())


def _followed_by(person) -> QuerySet:
    """The open items that a person may follow up."""
    items = Item.objects.visible_to(person).filter(ended__isnull=True)
    authority = authority_of(person)
    if any(grant.field for grant in authority.having(PERMISSION)):
        return items.where(person, PERMISSION)
    units = units_where(person, PERMISSION).named()
    return items.filter(Q(responsible__in=authority.own(PERMISSION)) | Q(unit__in=units))
