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
    """Counts the week of a day, once: a second time changes nothing. How many units were counted."""
    week = monday_of(on)
    if OwnerHealth.objects.filter(week=week).exists():
        return 0
    totals: dict[int, Counter] = {}
    for unit, cause, number in all_by_unit(on):
        total = totals.setdefault(unit, Counter())
        total["things"] += number
        total[cause] += number
    rows = [
        OwnerHealth(unit_id=unit, week=week, things=total["things"], **{cause: total[cause] for cause in CAUSES})
        for unit, total in totals.items()
    ]
    return len(OwnerHealth.objects.bulk_create(rows, ignore_conflicts=True))
