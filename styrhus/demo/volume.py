"""As much as a large municipality has: for measuring, and for seeing how it feels. The same at every load."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched, product

from django.db import connection, transaction

from styrhus.demo.sources import read
from styrhus.demo.volume_authority import delegate_much
from styrhus.items.copying import copy_rows
from styrhus.items.models import Openness
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Unit, UnitKind
from styrhus.planning.models import Measure

VOLUMES = {
    "asker": {"units": 250, "people": 8_000, "measures": 20_000},
    "oslo": {"units": 1_250, "people": 40_000, "measures": 100_000},
}
SEED = 1905
BATCH = 2_000
# Not the domain of the people of Fjordvik: the sign-in page does not offer these.
DOMAIN = "mange.example"
SINCE = date(2020, 1, 1)
STATES = ("planned", "running", "running", "running", "done", "done", "dropped")
AUTHORITY_LEVELS: dict[str, int] = {UnitKind.SERVICE_AREA: 1, UnitKind.OPERATING_UNIT: 2}
LEADING_ROLES: dict[str, str] = {UnitKind.SERVICE_AREA: "service_director", UnitKind.DEPARTMENT: "middle_manager"}
EXEMPT_EVERY = 50
_EXEMPTION = {
    "field": "hr",
    "openness": Openness.EXEMPT,
    "access_code": "13",
    "exemption_basis": "offentleglova § 13, jf. forvaltningsloven § 13 første ledd nr. 1",
}

Tell = Callable[[str], object]


def _silent(line: str) -> None:
    """For those who have words of their own."""


@transaction.atomic
def fill(units: int, people: int, measures: int, *, today: date | None = None, tell: Tell = _silent) -> None:
    """Adds so many units, people in positions and measures under the municipality, which is made if there is none.

    One authorisation for every four people is passed on from the council; without a council there is none to pass on.

    Memory stays flat, all is one transaction, and the database has counted its tables afterwards. What is asked for
    hangs on what is there too: `fill(0, 0, 200_000)` adds measures to the positions that exist.
    """
    words, today = read("many"), today or date.today()
    chance = random.Random(SEED)  # noqa: S311
    _make_units(units, words)
    tell(f"{units} units")
    _make_people(people, words, chance, tell)
    copy_rows(Measure, _reporting(_measures(measures, words["aims"], today, chance), tell))
    tell(f"{measures} measures")
    delegate_to_leaders(people, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def delegate_to_leaders(people: int, today: date) -> None:
    """As much as so many people have between them."""
    delegate_much(people // 4, read("many")["powers"], SINCE, today)


def _make_units(count: int, words: dict) -> None:
    """Five service areas; under them operating units, and in each of those about four departments."""
    if not count:
        return
    top = Unit.objects.filter(kind=UnitKind.MUNICIPALITY).order_by("pk").first() or Unit.objects.create(
        name="Storvik kommune", kind=UnitKind.MUNICIPALITY, since=SINCE
    )
    areas = _units(UnitKind.SERVICE_AREA, ((name, top) for name in words["areas"][:count]))
    left = count - len(areas)
    services = _units(UnitKind.OPERATING_UNIT, _service_names(-(-left // 5), areas, words))
    _units(UnitKind.DEPARTMENT, _department_names(left - len(services), services, words))


def _units(kind: str, names: Iterable[tuple[str, Unit]]) -> list[Unit]:
    return Unit.objects.bulk_create(
        (Unit(name=name, kind=kind, parent=parent, since=SINCE) for name, parent in names), BATCH
    )


def _service_names(count: int, areas: list[Unit], words: dict) -> Iterator[tuple[str, Unit]]:
    # The place varies fastest: a small volume then has many places, not one place with every service.
    names = (
        f"{place}{ending} {service}"
        for service, ending, place in product(words["services"], words["endings"], words["places"])
    )
    for number, name in zip(range(count), names, strict=False):
        yield name, areas[number % len(areas)]


def _department_names(count: int, services: list[Unit], words: dict) -> Iterator[tuple[str, Unit]]:
    sides = words["departments"]
    for number in range(count):
        service = services[number % len(services)]
        yield f"{service.name}, {sides[number // len(services) % len(sides)]}", service


def _make_people(count: int, words: dict, chance: random.Random, tell: Tell) -> None:
    """Each with one position. The units without a leader get theirs first; the others are spread evenly."""
    units = list(Unit.objects.filter(until=None).exclude(kind=UnitKind.BODY).order_by("pk"))
    led = set(Position.objects.filter(leads=True).values_list("unit_id", flat=True))
    leaderless = [unit for unit in units if unit.pk not in led]
    known = Person.objects.count()
    for numbers in batched(range(count), BATCH):
        people = Person.objects.bulk_create(_person(known + number, words, chance) for number in numbers)
        positions = Position.objects.bulk_create(
            _position(number, units, leaderless, words["titles"]) for number in numbers
        )
        _appoint(people, positions)
        tell(f"{numbers[-1] + 1} of {count} people with positions")


def _person(number: int, words: dict, chance: random.Random) -> Person:
    name = f"{chance.choice(words['first_names'])} {chance.choice(words['last_names'])}"
    person = Person(name=name, email=f"ansatt{number:06}@{DOMAIN}")
    # They are many, not people to sign in as.
    person.set_unusable_password()
    return person


def _position(number: int, units: list[Unit], leaderless: list[Unit], titles: list[str]) -> Position:
    if number >= len(leaderless):
        return Position(title=titles[number % len(titles)], unit=units[number % len(units)], since=SINCE)
    unit = leaderless[number]
    level = AUTHORITY_LEVELS.get(unit.kind)
    return Position(title="Leder", unit=unit, leads=True, authority_level=level, since=SINCE)


def _appoint(people: list[Person], positions: list[Position]) -> None:
    PositionRole.objects.bulk_create(
        PositionRole(position=position, role=_role_of(position), reach=position.unit) for position in positions
    )
    Appointment.objects.bulk_create(
        Appointment(person=person, position=position, start=SINCE)
        for person, position in zip(people, positions, strict=True)
    )


def _role_of(position: Position) -> str:
    if not position.leads:
        return "case_officer" if position.title in ("Rådgiver", "Saksbehandler") else "employee"
    return LEADING_ROLES.get(position.unit.kind, "unit_manager")


def _measures(count: int, aims: list[str], today: date, chance: random.Random) -> Iterator[dict]:
    """Rows for `copy_rows`, spread over the positions of the administration."""
    positions = list(
        Position.objects.filter(until=None, unit__until=None)
        .exclude(unit__kind=UnitKind.BODY)
        .order_by("pk", "appointments")
        .values_list("pk", "unit_id", "unit__name", "appointments__person")
    )
    now = datetime.combine(today, time(6), UTC)
    for number in range(count):
        position, unit, name, holder = chance.choice(positions)
        row = {"title": f"{chance.choice(aims)} – {name}"[:250], "unit_id": unit, "responsible_id": position}
        row |= _progress(now, chance) | _kept(now, holder, chance)
        if number % EXEMPT_EVERY == 0:
            row |= _EXEMPTION | {"reassess_on": today + timedelta(days=365)}
        yield row


def _kept(now: datetime, holder: int | None, chance: random.Random) -> dict:
    """Three of ten are never confirmed by who holds the position; of the others some are late."""
    if holder is None or chance.random() < 0.3:
        return {}
    return {"kept_by_id": holder, "kept_at": now - timedelta(days=chance.randint(0, 300))}


def _progress(now: datetime, chance: random.Random) -> dict:
    """Due from a year ago to two years ahead, in every state."""
    state = chance.choice(STATES)
    created = now - timedelta(minutes=chance.randint(1, 1_000_000))
    updated = created + (now - created) * chance.random()
    return {
        "due": now.date() + timedelta(days=chance.randint(-365, 730)),
        "state": state,
        "created": created,
        "updated": updated,
        "ended": updated if Measure.flow.state(state).ended else None,
        "progress": {"planned": 0, "done": 100}.get(state, chance.randint(1, 9) * 10),
        "description": "Tiltaket er del av virksomhetsplanen og følges opp i lederdialogen.",
        "expected_effect": "Bedre tjeneste innenfor rammen.",
    }


def _reporting(rows: Iterable[dict], tell: Tell) -> Iterator[dict]:
    for number, row in enumerate(rows):
        if number and number % 20_000 == 0:
            tell(f"{number} measures")
        yield row
