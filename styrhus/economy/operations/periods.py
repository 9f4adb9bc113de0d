"""The finance people close the months."""

from collections.abc import Mapping

from django.db import transaction

from styrhus.economy.models import Period
from styrhus.economy.operations.codes import KEEPS
from styrhus.organisation.access import require


@transaction.atomic
def keep_periods(year: int, states: Mapping[int, str], *, by) -> None:
    """`states`: month → open, preliminary or closed."""
    require(by, KEEPS)
    for month, state in states.items():
        Period(year=year, month=month, state=state).clean_fields()
        Period.objects.update_or_create(year=year, month=month, defaults={"state": state})
