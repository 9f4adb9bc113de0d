"""What each person needs to see first."""

from datetime import date

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
FEW_UNITS = 200


def counts_for(person, on: date) -> dict:
    """Numbers for the cards, to a limit: measures that the person may follow up, and promises of one's own."""
    measures, promises = _followed_by(person).filter(kind=Measure.kind_name()), promised_by(person)
    asked = {
        "planned": measures.filter(state=Measure.PLANNED),
        "running": measures.filter(state=Measure.RUNNING),
        "overdue": measures.filter(due__lt=on),
        "promises": promises,
        "promises_late": promises.filter(due__lt=on),
    }
    return dict(zip(asked, counted_to_a_limit(*asked.values()), strict=True))


def due_by_month(person, year: int) -> dict[int, int]:
    """How many open measures the person may follow up that are due in each month of a year, to a limit.

    Of measures only: the wheel leads to their register.
    """
    measures = _followed_by(person).filter(kind=Measure.kind_name())
    months = [
        measures.filter(due__gte=date(year, month, 1), due__lt=_first_after(year, month)) for month in range(1, 13)
    ]
    counts = enumerate(counted_to_a_limit(*months), start=1)
    return {month: count for month, count in counts if count}


def _first_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def counted_to_a_limit(*rows: QuerySet) -> list[int]:
    """How many rows each has, at most one more than the limit; all of them in one journey to the database."""
    counts: list[str] = []
    values: list = []
    for query in (each.order_by().values("pk")[: COUNT_AT_MOST + 1].query for each in rows):
        try:
            sql, parameters = query.sql_with_params()
        except EmptyResultSet:
            sql, parameters = "SELECT 1 WHERE false", ()
        counts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - Django's own SQL, its values apart
        values += parameters
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(counts), values)
        return list(cursor.fetchone())


def _followed_by(person) -> QuerySet:
    """The open items that a person may follow up.

    Where the units are few they are named: the database then goes straight to them, not through all that is open.
    """
    items = Item.objects.visible_to(person).filter(ended__isnull=True)
    authority = authority_of(person)
    if any(grant.field for grant in authority.having(PERMISSION)):
        return items.where(person, PERMISSION)
    units = list(units_where(person, PERMISSION).order_by().values_list("pk", flat=True)[: FEW_UNITS + 1])
    if len(units) > FEW_UNITS:
        return items.where(person, PERMISSION)
    return items.filter(Q(responsible__in=authority.own(PERMISSION)) | Q(unit__in=units))
