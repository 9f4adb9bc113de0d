"""What each person needs to see first."""

from datetime import date

from django.db.models import Count, Q

from styrhus.items.models import FollowUp, Item
from styrhus.organisation.access import authority_of, units_where
from styrhus.planning.queries import open_measures


def counts_for(person, on: date) -> dict:
    """Numbers for the cards: measures in the units the person leads, and promises of one's own."""
    led = units_where(person, "measure.create").values("pk")
    mine = Q(responsible__in=authority_of(person).positions)
    measures = open_measures(person).filter(Q(unit__in=led) | mine)
    return measures.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due__lt=on)),
        planned=Count("pk", filter=Q(state="planned")),
        running=Count("pk", filter=Q(state="running")),
        undated=Count("pk", filter=Q(due=None)),
    ) | {"promises": _promises(person), "promises_late": _promises(person, late_on=on)}


def _promises(person, late_on: date | None = None) -> int:
    rows = FollowUp.objects.visible_to(person).open().filter(responsible__in=authority_of(person).positions)
    return (rows.overdue(late_on) if late_on else rows).count()


def due_by_month(person, year: int) -> list[dict]:
    """Open things with a deadline this year, by month: what the person's own positions and units answer for."""
    led = units_where(person, "measure.create").values("pk")
    mine = Q(responsible__in=authority_of(person).positions)
    rows = (
        Item.objects.visible_to(person)
        .filter(Q(unit__in=led) | mine, due__year=year, ended__isnull=True)
        .values("due__month")
        .annotate(count=Count("pk"))
        .order_by("due__month")
    )
    return [{"month": row["due__month"], "count": row["count"]} for row in rows]
