"""Every rule about who may do what. Two questions only: where may this person do this, and may it be done to that.

Both read the same grants: the roles of the positions a person holds today, each with its reach.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q

from styrhus.organisation.models import Appointment, Unit
from styrhus.organisation.roles import ROLES, Role


@dataclass(frozen=True)
class Grant:
    """One role of one position held today; `field` is empty, or the only field the role acts in."""

    role: Role
    position_id: int
    path: str
    field: str


@dataclass(frozen=True)
class Authority:
    """All that a person holds today, read in one query and kept for the length of a request."""

    grants: tuple[Grant, ...]
    positions: frozenset[int]

    def having(self, permission: str) -> list[Grant]:
        return [grant for grant in self.grants if permission in grant.role.within]

    def own(self, permission: str) -> frozenset[int]:
        return frozenset(grant.position_id for grant in self.grants if permission in grant.role.own)


NOBODY = Authority((), frozenset())


def authority_of(person, on: date | None = None) -> Authority:
    if not person.is_authenticated or not person.is_active:
        return NOBODY
    known = getattr(person, "_authority", None)
    if known is not None and on is None:
        return known
    rows = (
        Appointment.objects.in_force(on or date.today())
        .filter(person_id=person.pk)
        .values_list(
            "position_id",
            "position__roles__role",
            F("position__roles__reach__path"),
            "position__roles__field",
        )
    )
    rows = list(rows)
    found = Authority(
        tuple(Grant(ROLES[role], position, path, field) for position, role, path, field in rows if role in ROLES),
        frozenset(row[0] for row in rows),
    )
    if on is None:
        person._authority = found
    return found


def forget(person) -> None:
    """Ask the database again: an appointment of this person has changed within the request."""
    if hasattr(person, "_authority"):
        del person._authority


def units_where(person, permission: str):
    """The units in which a person may do this, and all units below them."""
    reach = Q(pk__in=[])
    for grant in authority_of(person).having(permission):
        reach |= Q(path__startswith=grant.path)
    return Unit.objects.filter(reach)


def within_reach(person, permission: str, *, unit="unit", field="field") -> Q:
    """A condition on rows that have a unit and a field: those inside the reach of a role with this permission."""
    condition = Q(pk__in=[])
    for grant in authority_of(person).having(permission):
        units = Unit.objects.filter(path__startswith=grant.path).values("pk")
        reach = Q(**{f"{unit}__in": units})
        condition |= reach & Q(**{field: grant.field}) if grant.field else reach
    return condition


def allows(person, permission: str, thing=None) -> bool:
    """May this person do this: anywhere (no thing), in a unit, or to a thing with a unit, field and responsible?"""
    authority = authority_of(person)
    if thing is None:
        return bool(authority.having(permission))
    if isinstance(thing, Unit):
        return any(thing.path.startswith(grant.path) for grant in authority.having(permission) if not grant.field)
    if thing.responsible_id in authority.own(permission):
        return True
    return any(
        thing.unit.path.startswith(grant.path) and grant.field in ("", thing.field)
        for grant in authority.having(permission)
    )


def require(person, permission: str, thing=None) -> None:
    """Stops with 403 what may be seen but not done."""
    if not person.has_perm(permission, thing):
        raise PermissionDenied(permission)
