"""Whose money a person may look into line by line: roles that reach the unit, also those of the field of economy."""

from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Unit

LOOKS_INTO = "ledger.view"
FIELDS = ("", "economy")


def may_look_into(person, unit: Unit) -> bool:
    grants = authority_of(person).having(LOOKS_INTO)
    return any(unit.path.startswith(grant.path) and grant.field in FIELDS for grant in grants)
