"""The made-up Fjordvik kommune: its units, positions and people."""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from styrhus.demo.sources import read
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Preparer, Unit

DOMAIN = "fjordvik.example"
# Known to everyone: the demonstration is refused in production.
PASSWORD = "fjordvik-i-medvind"  # noqa: S105
UNITS_SINCE = date(2020, 1, 1)
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ı": "i"})


def load_organisation(today: date) -> None:
    branches = read("units")
    for branch in branches:
        _make_units(branch, parent=None)
    units = {unit.name: unit for unit in Unit.objects.all()}
    told = [(position, units[branch["unit"]]) for branch in _flat(branches) for position in branch.get("positions", ())]
    positions = Position.objects.bulk_create(_position(each, unit) for each, unit in told)
    PositionRole.objects.bulk_create(
        _role(role, position, units)
        for position, (each, _unit) in zip(positions, told, strict=True)
        for role in each["roles"]
    )
    positions_by_title = positions_by_name()
    _make_people(read("people"), positions_by_title, today)
    _let_prepare(read("people"), positions_by_title, today)


def _flat(branches: list[dict]) -> Iterator[dict]:
    for branch in branches:
        yield branch
        yield from _flat(branch.get("units", ()))


def positions_by_name() -> dict[str, Position]:
    """Every position under "title, unit", as the files name it."""
    return {f"{each.title}, {each.unit.name}": each for each in Position.objects.select_related("unit")}


def _make_units(branch: dict, parent: Unit | None) -> None:
    unit = Unit.objects.create(
        name=branch["unit"],
        kind=branch["kind"],
        organisation_number=branch.get("number", ""),
        parent=parent,
        since=UNITS_SINCE,
    )
    for below in branch.get("units", ()):
        _make_units(below, parent=unit)


def _position(told: dict, unit: Unit) -> Position:
    return Position(
        title=told["title"],
        unit=unit,
        kind=told.get("kind", Position.Kind.POST),
        leads=told.get("leads", False),
        authority_level=told.get("level"),
        since=UNITS_SINCE,
    )


def _role(told: str | dict, position: Position, units: dict[str, Unit]) -> PositionRole:
    told = {"role": told} if isinstance(told, str) else told
    reach = units[told["reach"]] if "reach" in told else position.unit
    return PositionRole(position=position, role=told["role"], reach=reach, field=told.get("field", ""))


def _make_people(told: list[dict], positions: dict[str, Position], today: date) -> None:
    # One hash for all: Argon2 is slow on purpose, and the password is no secret.
    password = make_password(PASSWORD)
    people = Person.objects.bulk_create(
        Person(name=each["name"], email=email_of(each["name"]), password=password) for each in told
    )
    Appointment.objects.bulk_create(
        _appointment(person, held, positions, today)
        for person, each in zip(people, told, strict=True)
        for held in each["holds"]
    )


def _appointment(person: Person, held: str | dict, positions: dict[str, Position], today: date) -> Appointment:
    held = {"position": held, "kind": "permanent", "from": -700} if isinstance(held, str) else held
    return Appointment(
        person=person,
        position=positions[held["position"]],
        kind=Appointment.Kind[held["kind"].upper()],
        start=today + timedelta(days=held["from"]),
        end=today + timedelta(days=held["to"]) if "to" in held else None,
    )


def _let_prepare(told: list[dict], positions: dict[str, Position], today: date) -> None:
    """`prepares_for` names the position; whoever holds it has given it."""
    people = {person.name: person for person in Person.objects.all()}
    for each in told:
        if "prepares_for" in each:
            position = positions[each["prepares_for"]]
            holder = position.holders(today).get().person
            since = today - timedelta(days=60)
            Preparer.objects.create(position=position, person=people[each["name"]], start=since, by=holder)


def email_of(name: str) -> str:
    """Åse Kjærstad becomes ase.kjaerstad@fjordvik.example."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{DOMAIN}"
