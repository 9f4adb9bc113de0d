"""The council of the world, and authority given in it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from styrhus.delegation.models import Authorisation, AuthorityLevel, Power, Source
from styrhus.delegation.operations import delegate, register
from styrhus.organisation.models import UnitKind

TODAY = date.today()
BEGAN = TODAY - timedelta(days=100)
CHECKED = {"check_how": "Stikkprøver", "check_every": 12}


@pytest.fixture
def hall(world, make):
    """The council and its secretary, the usual levels, two powers, and short ways of giving them."""
    council = make.unit("Kommunestyret", UnitKind.BODY)
    committee = make.unit("Utvalg for oppvekst", UnitKind.BODY, council)
    mayor = make.holder("mayor", council, title="Ordfører", leads=True)
    secretary = make.holder("council_secretary", council, title="Møtesekretær")
    AuthorityLevel.objects.all().delete()
    levels = [AuthorityLevel.objects.create(level=level, name=f"Nivå {level}") for level in (1, 2)]
    hire = Power.objects.create(name="Ansette", theme="Personal")
    dismiss = Power.objects.create(name="Si opp", theme="Personal")
    levels[1].excludes.add(dismiss)
    return SimpleNamespace(
        council=mayor.position,
        committee=make.position("Leder", committee, leads=True),
        mayor=mayor,
        secretary=secretary,
        levels=levels,
        hire=hire,
        dismiss=dismiss,
        give=give,
        wanted=wanted,
        reserve=lambda power, **fields: register(
            Authorisation(source=Source.RESERVED, power=power, **{"legal_basis": "kommuneloven § 14-2"} | fields),
            by=secretary,
        ),
        from_council=lambda power, position, **fields: give(power, mayor.position, position, by=secretary, **fields),
        pass_on=lambda basis, position, **fields: give(basis.power, basis.holder, position, basis=basis, **fields),
        down=lambda: down(world, mayor.position, secretary, hire),
    )


def wanted(power, giver, holder, *, basis=None, **fields) -> Authorisation:
    fields = CHECKED | {"start": BEGAN, "may_be_passed_on": True, "decision": "PS 1/26"} | fields
    return Authorisation(power=power, giver=giver, holder=holder, passed_on_from=basis, **fields)


def give(power, giver, holder, *, by=None, basis=None, **fields) -> Authorisation:
    """Gives it on, by who holds the giver's position unless another is named."""
    person = by or giver.appointments.first().person
    made = delegate(wanted(power, giver, holder, basis=basis, **fields), by=person)
    return Authorisation.objects.select_related("holder__unit", "giver__unit", "power").get(pk=made.pk)


def down(world, council, secretary, power) -> SimpleNamespace:
    """From the council to a middle manager, four steps."""
    people = world.people
    director = give(power, council, people.director.position, by=secretary)
    chief = give(power, director.holder, people.area_director.position, basis=director)
    manager = give(power, chief.holder, people.principal.position, basis=chief)
    head = give(power, manager.holder, people.head.position, basis=manager, may_be_passed_on=False)
    return SimpleNamespace(director=director, chief=chief, manager=manager, head=head)
