"""Every rule about who may do what. Two questions only: where may this person do this, and may it be done to that.

Both read the same grants: the roles of the positions a person holds today, each with its reach.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q

from styrhus.organisation.models import Position, Unit
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
    # Roles of positions on whose behalf the person prepares (på vegne av), and those positions.
    prepared: tuple[tuple[Role, int], ...] = ()
    prepares: frozenset[int] = frozenset()

    @cached_property
    def leads(self) -> frozenset[int]:
        """The units that are led from these positions."""
        leading = Position.objects.filter(pk__in=self.positions, leads=True)
        return frozenset(leading.values_list("unit", flat=True))

    def having(self, permission: str) -> list[Grant]:
        return [grant for grant in self.grants if permission in grant.role.within]

    def own(self, permission: str) -> frozenset[int]:
        """The positions whose things the person may do this to: those held, and to prepare also those prepared for."""
        held = frozenset(grant.position_id for grant in self.grants if permission in grant.role.own)
        if not permission.endswith(PREPARING):
            return held
        return held | frozenset(position for role, position in self.prepared if permission in role.own)


# Preparing is to change what is written. Steps, follow-ups and links are decided by who answers for the thing.
PREPARING = ".edit"
NOBODY = Authority((), frozenset())

# The roles of the positions that a person holds on a date, or prepares for: one row each, and one for none. What
# `Appointment.objects.in_force` says, as one statement of our own: every page asks it, and to put it together and plan
# it as a union of models cost more than a fifth of an empty page.
_ROLES = """
    SELECT held.position_id, given.role, reach.path, given.field, held.is_prepared
    FROM (
        SELECT position_id, false AS is_prepared FROM organisation_appointment
        WHERE person_id = %(person)s AND start <= %(on)s AND ("end" IS NULL OR "end" >= %(on)s)
        UNION ALL
        SELECT position_id, true FROM organisation_preparer
        WHERE person_id = %(person)s AND start <= %(on)s AND ("end" IS NULL OR "end" >= %(on)s)
    ) held
    JOIN organisation_position position ON position.id = held.position_id
        AND (position.until IS NULL OR position.until >= %(on)s)
    LEFT JOIN organisation_positionrole given ON given.position_id = position.id
    LEFT JOIN organisation_unit reach ON reach.id = given.reach_id
"""


def authority_of(person, on: date | None = None) -> Authority:
    if not person.is_authenticated or not person.is_active:
        return NOBODY
    known = getattr(person, "_authority", None)
    if known is not None and on is None:
        return known
    found = _authority_on(person, on or date.today())
    if on is None:
        person._authority = found
    return found


def _authority_on(person, on: date) -> Authority:
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, {"person": person.pk, "on": on})
        rows = cursor.fetchall()
    own = [row for row in rows if not row[-1]]
    return Authority(
        tuple(Grant(ROLES[role], position, path, field) for position, role, path, field, _ in own if role in ROLES),
        frozenset(row[0] for row in own),
        tuple((ROLES[row[1]], row[0]) for row in rows if row[-1] and row[1] in ROLES),
        frozenset(row[0] for row in rows if row[-1]),
    )


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


def is_preparing(person, thing) -> bool:
    """Whether what this person writes in a thing is written on behalf of the position that answers for it."""
    authority = authority_of(person)
    return thing.responsible_id in authority.prepares - authority.positions


def may_appoint(person, position: Position, *, deputy: bool) -> bool:
    """Who keeps the organisation appoints to every position; a leader names deputies in the own line.

    An office is for those who elect to it. As with any authority, nobody gives more than they have: each role of the
    position must lie within one of the leader's own.
    """
    if allows(person, "organisation.edit", position):
        return True
    named = deputy and position.kind != Position.Kind.OFFICE and allows(person, "position.appoint_deputy", position)
    return named and all(_has(person, role) for role in position.roles.select_related("reach"))


def _has(person, given) -> bool:
    return any(
        ROLES[given.role].within <= grant.role.within
        and given.reach.path.startswith(grant.path)
        and grant.field in ("", given.field)
        for grant in authority_of(person).grants
    )


def require(person, permission: str, thing=None) -> None:
    """Stops with 403 what may be seen but not done."""
    if not person.has_perm(permission, thing):
        raise PermissionDenied(permission)
