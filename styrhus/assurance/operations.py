"""What owner health writes down."""

from collections import Counter
from datetime import date, timedelta

from django.db import transaction

from styrhus.assurance.models import OwnerHealth
from styrhus.assurance.queries import all_by_unit
from styrhus.items.keeping import CAUSES


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@transaction.atomic
def keep_week(on: date) -> int:
    """Counts the week of a day as it stands that day, in place of what was counted before in it. Returns the units."""
    week = monday_of(on)
    totals: dict[int, Counter] = {}
    for unit, cause, number in all_by_unit(on):
        total = totals.setdefault(unit, Counter())
        total["things"] += number
        total[cause] += number
    OwnerHealth.objects.filter(week=week).delete()
    rows = [
        OwnerHealth(
            unit_id=unit, week=week, counted=on, things=total["things"], **{each: total[each] for each in CAUSES}
        )
        for unit, total in totals.items()
    ]
    return len(OwnerHealth.objects.bulk_create(rows))


def _by_cause(total: Counter) -> dict[str, int]:
    return {cause: total[cause] for cause in CAUSES}
