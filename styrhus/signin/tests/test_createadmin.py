"""`styrhus createadmin` on an empty base and on one in use."""

import io

import pytest
from django.core.management import CommandError, call_command

from styrhus.organisation.models import Person, Position, Unit

pytestmark = pytest.mark.django_db
PASSWORD = "Brygga-om-kvelden-9"


@pytest.fixture
def createadmin(monkeypatch):
    def run(password=PASSWORD, **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        options = {"email": "ny.admin@fjord.example", "name": "Ada Admin", "municipality": "Fjord"} | options
        call_command("createadmin", password_stdin=True, stdout=io.StringIO(), **options)

    return run


def test_empty_base_gets_a_municipality_and_its_administrator(createadmin, sign_in):
    createadmin()
    person, unit = Person.objects.get(), Unit.objects.get()
    assert (unit.name, unit.kind, unit.parent) == ("Fjord", "municipality", None)
    assert person.has_perm("support.start")
    assert person.has_perm("organisation.edit", unit)
    assert sign_in(person.email, PASSWORD).url == "/"


def test_base_in_use_keeps_its_units(createadmin, world):
    units = Unit.objects.count()
    createadmin(municipality=None)
    assert Unit.objects.count() == units
    position = Position.objects.get(appointments__person__email="ny.admin@fjord.example")
    assert position.unit == world.units.municipality


def test_second_administrator_stands_beside_the_first(createadmin):
    createadmin()
    createadmin(email="eva@fjord.example", name="Eva Admin")
    assert Position.objects.count() == Person.objects.count() == 2


def test_same_email_again_says_so(createadmin):
    createadmin()
    with pytest.raises(CommandError, match="already someone"):
        createadmin(email="NY.ADMIN@fjord.example")
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"password": "kort"}, {"email": "not an address"}, {"name": " "}, {"municipality": "x" * 301}]
)
def test_what_is_wrong_leaves_nothing_behind(createadmin, wrong):
    with pytest.raises(CommandError):
        createadmin(**wrong)
    assert not Person.objects.exists()
    assert not Unit.objects.exists()


def test_what_is_not_given_is_asked_for(createadmin, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: {"Name: ": "Ada Spurt"}[question])
    createadmin(name=None)
    assert Person.objects.get().name == "Ada Spurt"


def test_no_answer_stops(createadmin, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "")
    with pytest.raises(CommandError, match="Name is needed"):
        createadmin(name=None)


def test_password_is_asked_for_twice(monkeypatch):
    answers = iter([PASSWORD, "another"])
    monkeypatch.setattr("getpass.getpass", lambda question: next(answers))
    with pytest.raises(CommandError, match="not the same"):
        call_command("createadmin", email="ny.admin@fjord.example", name="Ada", municipality="Fjord")
