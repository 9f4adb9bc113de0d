"""What each person needs to see first."""

from datetime import date

from django.db.models import Count, Q

from styrhus.items.models import Item
from styrhus.items.queries import promised_by
from styrhus.planning.models import Measure
from styrhus.planning.queries import open_measures_of


def counts_for(person, on: date) -> dict:
    """Numbers for the cards: measures that the person may follow up, and promises of one's own."""
    measures = open_measures_of(person).aggregate(
        planned=Count("pk", filter=Q(state=Measure.PLANNED)),
        running=Count("pk", filter=Q(state=Measure.RUNNING)),
        overdue=Count("pk", filter=Q(due__lt=on)),
    )
    promises = promised_by(person).aggregate(promises=Count("pk"), promises_late=Count("pk", filter=Q(due__lt=on)))
    return measures | promises


def due_by_month(person, year: int) -> dict[int, int]:
    """How many open things the person may follow up that are due in each month of a year."""
    rows = (
        Item.objects.visible_to(person)
        .where(person, "item.follow_up")
        .filter(due__year=year, ended__isnull=True)
        .values_list("due__month")
        .annotate(count=Count("pk"))
        .order_by("due__month")
    )
    return dict(rows)
