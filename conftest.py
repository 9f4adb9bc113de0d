"""A tiny municipality that every test may stand in, and short ways of adding to it."""

import os
import threading
import time
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from xdist.scheduler import LoadFileScheduling

from styrhus.items.models import Openness
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Unit, UnitKind
from styrhus.organisation.roles import ROLES
from styrhus.planning.models import Measure
from styrhus.trail.models import Change

# A browser that a test drives leaves its event loop open in the process; Django would refuse every test after it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


TOURS = sorted(path.name for path in Path(__file__).with_name("tours").glob("test_*.py"))


class TwoDemonstrations(LoadFileScheduling):
    """A worker takes a file at a time; two of them all the tours, every other file each, with a demonstration each."""

    def _split_scope(self, nodeid):
        scope = super()._split_scope(nodeid)
        return f"tours {TOURS.index(Path(scope).name) % 2}" if scope.startswith("tours/") else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return TwoDemonstrations(config, log)


def pytest_collection_modifyitems(items):
    """Longest first: the tours, then files with something slow. A long file begun last keeps one worker alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (not item.nodeid.startswith("tours/"), item.path not in slow))


NUMBERS = count(1)
TODAY = date.today()
LONG_AGO = TODAY - timedelta(days=3000)
EXEMPT = {
    "openness": Openness.EXEMPT,
    "access_code": "13",
    "exemption_basis": "offentleglova § 13",
    "reassess_on": TODAY + timedelta(days=365),
}


def a_unit(name, kind=UnitKind.OPERATING_UNIT, parent=None) -> Unit:
    unit = Unit.objects.create(name=name, kind=kind, parent=parent)
    unit.refresh_from_db()
    return unit


def a_person(name="", **fields) -> Person:
    number = next(NUMBERS)
    fields = {"email": f"person{number}@fjord.example", "password": "!"} | fields
    return Person.objects.create(name=name or f"Person {number}", **fields)


def a_position(title, unit, *, role="", reach=None, field="", **fields) -> Position:
    position = Position.objects.create(title=title, unit=unit, **{"since": LONG_AGO} | fields)
    if role:
        made_for = ROLES[role].fields[0] if role in ROLES and ROLES[role].needs_field else ""
        PositionRole.objects.create(position=position, role=role, reach=reach or unit, field=field or made_for)
    return position


def appoint(person, position, **fields) -> Appointment:
    fields = {"start": TODAY - timedelta(days=30)} | fields
    return Appointment.objects.create(person=person, position=position, **fields)


def a_holder(role, unit, *, name="", title="", **position) -> Person:
    """A new person in a new position that carries the role; `person.position` is the position."""
    person = a_person(name)
    person.position = a_position(title or role, unit, role=role, **position)
    appoint(person, person.position)
    return person


def a_measure(title, unit, responsible, **fields) -> Measure:
    fields = {"kind": Measure.kind_name(), "state": Measure.flow.start, "due": TODAY + timedelta(days=20)} | fields
    return Measure.objects.create(title=title, unit=unit, responsible=responsible, **fields)


def again(thing):
    """The same row read anew: for a person also without what was remembered of their authority."""
    return type(thing)._default_manager.get(pk=thing.pk)


def units_of_the_world() -> SimpleNamespace:
    municipality = a_unit("Fjordvik kommune", UnitKind.MUNICIPALITY)
    area = a_unit("Oppvekst", UnitKind.SERVICE_AREA, municipality)
    school = a_unit("Solsiden skole", parent=area)
    return SimpleNamespace(
        municipality=municipality,
        area=area,
        school=school,
        other_school=a_unit("Åsen skole", parent=area),
        department=a_unit("Første trinn", UnitKind.DEPARTMENT, school),
        harbour=a_unit("Fjordvik havn KF", UnitKind.MUNICIPAL_ENTERPRISE),
    )


# Who they are in the tests: their name, role, unit and the title of their position; a title in capitals leads the unit.
CAST = {
    "director": ("Dina Direktør", "municipal_director", "municipality", "Kommunedirektør"),
    "area_director": ("Stine Sjef", "service_director", "area", "Kommunalsjef"),
    "principal": ("Rita Rektor", "unit_manager", "school", "Rektor"),
    "other_principal": ("Åse Ærlig", "unit_manager", "other_school", "Rektor"),
    "head": ("Mona Mellom", "middle_manager", "department", "Avdelingsleder"),
    "harbour_master": ("Harald Havn", "unit_manager", "harbour", "Havnesjef"),
    "teacher": ("Lars Lærer", "employee", "school", "lærer"),
    "controller": ("Kåre Kontroll", "controller", "municipality", "controller"),
    "councillor": ("Frida Folkevalgt", "councillor", "municipality", "representant"),
    "administrator": ("Ada Administrator", "system_administrator", "municipality", "systemansvarlig"),
}


def people_of_the_world(units) -> SimpleNamespace:
    """Everybody at once: one statement for each table, for every test pays for it."""
    cast = [(name, role, getattr(units, unit), title) for name, role, unit, title in CAST.values()]
    people = Person.objects.bulk_create(
        Person(name=name, email=f"{name.split()[0].lower()}@fjord.example") for name, *_ in cast
    )
    positions = Position.objects.bulk_create(
        Position(title=title, unit=unit, leads=title.istitle(), since=LONG_AGO) for _name, _role, unit, title in cast
    )
    PositionRole.objects.bulk_create(
        PositionRole(position=position, role=role, reach=unit, field="economy" if role == "controller" else "")
        for position, (_name, role, unit, _title) in zip(positions, cast, strict=True)
    )
    held = zip(people, positions, strict=True)
    Appointment.objects.bulk_create(Appointment(person=person, position=its) for person, its in held)
    for person, position in zip(people, positions, strict=True):
        person.position = position
    return SimpleNamespace(**dict(zip(CAST, people, strict=True)), guest=a_person("Gunn Gjest"))


def things_of_the_world(units, people) -> SimpleNamespace:
    here, answers = units.school, people.principal.position
    return SimpleNamespace(
        open=a_measure("Åpen skolegård", here, answers, openness=Openness.OPEN),
        internal=a_measure("Internkontroll", here, answers),
        exempt=a_measure("Personalsak", here, answers, **EXEMPT),
        elsewhere=a_measure("Nytt tak", units.other_school, people.other_principal.position),
        economy=a_measure("Nytt budsjett", here, answers, field="economy"),
        harbour=a_measure("Ny kai", units.harbour, people.harbour_master.position),
    )


@pytest.fixture
def world(db):
    """Units, people in positions and a few measures: world.units, world.people, world.things."""
    units = units_of_the_world()
    people = people_of_the_world(units)
    return SimpleNamespace(units=units, people=people, things=things_of_the_world(units, people))


@pytest.fixture
def make():
    """The functions that add to the world, for tests below the map's line for what they make."""
    return SimpleNamespace(
        unit=a_unit,
        person=a_person,
        position=a_position,
        appointment=appoint,
        holder=a_holder,
        measure=a_measure,
        again=again,
        exempt=EXEMPT,
        Measure=Measure,
    )


@pytest.fixture
def signed_in():
    """A browser in which a person is signed in: `signed_in(person).get(url)`."""

    def enter(person, **options):
        client = Client(**options)
        client.force_login(person)
        return client

    return enter


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Files that a test keeps lie in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def text_file():
    def named(name="notat.txt", content=b"Hei, verden"):
        return ContentFile(content, name=name)

    return named


@pytest.fixture
def on_the_trail():
    """The changes that the trail holds of a row, the oldest first."""

    def of(thing, table=""):
        changes = Change.objects.filter(table_name=table or thing._meta.db_table, row_id=thing.pk)
        return list(changes.order_by("id"))

    return of


@pytest.fixture
def capture_queries():
    """`with capture_queries() as captured:` … `len(captured)` is the number of queries."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def meanwhile():
    """`meanwhile(work)` begins the work on a connection of its own, and comes back when it waits for us.

    Gives back the thread to join, and a list that then holds what the work gave back or what refused it.
    """
    return _meanwhile


def _meanwhile(work) -> tuple[threading.Thread, list]:
    outcome: list = []

    def attempt():
        try:
            outcome.append(work())
        except ValidationError as refused:
            outcome.append(refused)
        finally:
            connection.close()

    thread = threading.Thread(target=attempt)
    thread.start()
    while thread.is_alive() and not _somebody_waits():
        time.sleep(0.02)
    return thread, outcome


def _somebody_waits() -> bool:
    """For us: the other workers' tests wait for each other in the same server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]
