"""The finance people close the months."""

from django.db import transaction

from styrhus.economy.models import Period
from styrhus.economy.operations.codes import KEEPS
from styrhus.organisation.access import require


@transaction.atomic
def keep_period(year: int, month: int, state: str, *, by) -> None:
    require(by, KEEPS)
    wanted = Period(year=year, month=month, state=state)
    wanted.clean_fields()
    Period.objects.update_or_create(year=year, month=month, defaults={"state": state})
