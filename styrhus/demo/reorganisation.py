"""How Fjordvik has been changed and is to be changed: one reorganisation to look back at, and one that is planned."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from styrhus.demo.organisation import UNITS_SINCE, email_of
from styrhus.items.models import Notification
from styrhus.organisation.models import Person, Position, PositionRole, Unit, UnitKind
from styrhus.organisation.operations import effective
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.operations import add, begin, plan
from styrhus.trail.operations import set_actor

Kind = Change.Kind
CLOSED = "Hjemmetjenesten øst"


def load_reorganisations(today: date) -> None:
    director = Person.objects.get(email=email_of("Ingrid Sæther"))
    set_actor(director.pk)
    _carried_out(today, director)
    _planned(today, director)
    set_actor(None)


def _carried_out(today: date, director: Person) -> None:
    """Two departments of the home service have become one, and the emergency clinic got the name it has now."""
    north, clinic = _unit("Hjemmetjenesten nord"), _unit("Legevakten")
    east = _department_that_was(north)
    with transaction.atomic(), effective(UNITS_SINCE):
        Unit.objects.filter(pk=clinic.pk).update(name="Kommunal øyeblikkelig hjelp")
    on = date(today.year - 1, 1, 1)
    made = begin(
        Reorganisation(
            title="Ny inndeling av hjemmetjenesten",
            on=on,
            decision=f"PS 88/{(on.year - 1) % 100:02}",
            discussed_on=date(on.year - 1, 9, 12),
        ),
        by=director,
    )
    add(made, Change(kind=Kind.MERGE, successor=north), units=[east])
    add(made, Change(kind=Kind.RENAME, unit=clinic, name="Legevakten"))
    plan(made, by=director, on=today)
    _move_back(made, on)


def _move_back(made: Reorganisation, on: date) -> None:
    """As if it had been carried out on its day, and everybody had read of it."""
    at = timezone.make_aware(datetime.combine(on, time(6)))
    Reorganisation.objects.filter(pk=made.pk).update(created=at - timedelta(days=90), settled=at)
    Notification.objects.filter(reason=Notification.Reason.REORGANISATION).update(at=at, read=at)


def _department_that_was(beside: Unit) -> Unit:
    unit = Unit.objects.create(name=CLOSED, kind=UnitKind.DEPARTMENT, parent=beside.parent, since=UNITS_SINCE)
    leader = Position.objects.create(title="Avdelingsleder", unit=unit, leads=True, since=UNITS_SINCE)
    PositionRole.objects.create(position=leader, role="middle_manager", reach=unit)
    return unit


def _planned(today: date, director: Person) -> None:
    """The library and the school of arts become one house at the turn of the year."""
    area, library, school = _unit("Kultur og frivillighet"), _unit("Biblioteket"), _unit("Kulturskolen")
    on = date(today.year + 1, 1, 1)
    made = begin(
        Reorganisation(title="Felles kulturhus", on=on, decision=f"PS 61/{today:%y}", discussed_on=None), by=director
    )
    leader = Position.objects.get(unit=library, leads=True)
    merger = Change(kind=Kind.MERGE, name="Kulturhuset", unit_kind=UnitKind.OPERATING_UNIT, parent=area, leader=leader)
    add(made, merger, units=[library, school])
    plan(made, by=director, on=today)


def _unit(name: str) -> Unit:
    return Unit.objects.get(name=name)
