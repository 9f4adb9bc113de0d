"""Who may move money, and how much there is to move."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from styrhus.delegation.models import Authorisation
from styrhus.economy.models import Extract, Version
from styrhus.economy.queries.months import chain
from styrhus.organisation.access import authority_of

# The power to decide that the delegation register knows by this code lets its holder move money within a budget.
MOVES_MONEY = "budget_move"
STANDING = """
    SELECT balance.account_class, balance.cost_centre, balance.kind, balance.function, sum(balance.amount)::bigint
    FROM economy_balance balance
    WHERE balance.extract_id = ANY(%(extracts)s) AND (balance.cost_centre, balance.kind) IN (
        SELECT * FROM unnest(%(centres)s::text[], %(kinds)s::text[])
    )
    GROUP BY 1, 2, 3, 4
"""


def authorities_to_move(person, on: date | None = None) -> list[Authorisation]:
    """What a person's own positions hold of the power to move money."""
    held = Authorisation.objects.in_force(on or date.today()).filter(power__code=MOVES_MONEY)
    held = held.filter(holder__in=authority_of(person).positions)
    return list(held.select_related("power", "holder__unit"))


def standing_of(version: Version, codes: Iterable[tuple[str, str, str, str]]) -> dict[tuple, int]:
    """(class, cost centre, kind, function) → what the budget has there now, with all it builds on."""
    wanted = list(codes)
    extracts = Extract.objects.standing().filter(version__in=chain(version)).values_list("pk", flat=True)
    given = {"extracts": list(extracts), "centres": [each[1] for each in wanted], "kinds": [each[2] for each in wanted]}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, given)
        return {tuple(row[:4]): row[4] for row in cursor.fetchall()}
