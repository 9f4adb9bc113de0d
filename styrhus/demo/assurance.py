"""Some weeks of owner health, so that the trend of the demonstration has something to tell."""

from datetime import date, timedelta

from styrhus.assurance.models import OwnerHealth
from styrhus.assurance.operations import keep_week

WEEKS = 12


def load_owner_health(today: date) -> None:
    """This week as it is; the weeks before it a little worse, the further back the more."""
    keep_week(today)
    now = list(OwnerHealth.objects.all())
    OwnerHealth.objects.bulk_create(_before(row, back) for row in now for back in range(1, WEEKS + 1))


def _before(row: OwnerHealth, back: int) -> OwnerHealth:
    room = row.things - row.vacant - row.late
    never = min(room, row.never + ((row.unit_id + back) % 5 < back // 4))
    week = row.week - timedelta(weeks=back)
    return OwnerHealth(
        unit_id=row.unit_id,
        week=week,
        counted=week,
        things=row.things,
        vacant=row.vacant,
        never=never,
        late=row.late,
    )
