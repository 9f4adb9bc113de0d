"""The finance people keep the codes: what they are called, whose they are, and what KOSTRA calls them."""

from collections.abc import Mapping

from django.db import transaction

from styrhus.economy import kostra
from styrhus.economy.kostra import Listed, Reading
from styrhus.economy.models import Code, Dimension
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit

KEEPS = "ledger.set_up"


def listed_for(dimension: str) -> Mapping[str, Listed]:
    """What KOSTRA has on its list: kinds or functions, and of other dimensions nothing."""
    return {Dimension.KIND: kostra.kinds, Dimension.FUNCTION: kostra.functions}.get(Dimension(dimension), dict)()


def new_code(
    dimension: str, code: str, name: str, first_year: int, readings: Mapping[str, Mapping[int, Reading]]
) -> Code:
    """A code that has not been met before: KOSTRA's by the rule, and the unit that has the same code."""
    listed = listed_for(dimension)
    found = kostra.read(code, readings.get(dimension, {}), listed) if listed else ""
    if not name and found and len(code) == kostra.LENGTH:
        name = listed[found].name
    return Code(dimension=dimension, code=code, name=name[:200], first_year=first_year, kostra=found)


def place_by_code(codes: list[Code]) -> None:
    """Gives cost centres that have no unit the one of the same code, where it stands alone."""
    lost = [each for each in codes if each.dimension == Dimension.COST_CENTRE and each.unit_id is None]
    units = dict(Unit.objects.filter(code__in=[each.code for each in lost], until=None).values_list("code", "pk"))
    for each in lost:
        each.unit_id = units.get(each.code)


@transaction.atomic
def keep_code(code: Code, *, by) -> Code:
    """Keeps what is written of a code. KOSTRA's code is an exception where it is not what the rule says."""
    require(by, KEEPS)
    code.full_clean()
    code.save()
    return code
