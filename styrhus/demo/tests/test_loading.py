"""Loading the demonstration: when it is done, when not, and that it is the same every time."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from styrhus.delegation.models import Authorisation
from styrhus.delegation.queries import council
from styrhus.demo.files import FILES, file_named
from styrhus.demo.organisation import email_of, load_organisation
from styrhus.demo.tests.said import undone
from styrhus.demo.volume import fill
from styrhus.kit.fields import content_type_of
from styrhus.organisation.models import Person, Position, Unit, UnitKind
from styrhus.planning.models import Measure

pytestmark = pytest.mark.django_db
TODAY = date.today()


def told() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said, stderr=StringIO())
    return said.getvalue()


def test_a_base_with_people_is_left_alone():
    Person.objects.create_user("anne@kommune.example", "noe langt og trygt", name="Anne Aas")
    told()
    assert not Unit.objects.exists()


def test_production_never_gets_people_whose_password_is_known(settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError):
        told()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Åse Kjærstad", "ase.kjaerstad@fjordvik.example"),
        ("Ahmet Yılmaz", "ahmet.yilmaz@fjordvik.example"),
        ("Tomasz Wójcik", "tomasz.wojcik@fjordvik.example"),
        ("Ellen Mággá Gaup", "ellen.magga.gaup@fjordvik.example"),
    ],
)
def test_names_become_addresses_that_can_be_typed(name, email):
    assert email_of(name) == email


@pytest.mark.parametrize("name", FILES)
def test_the_papers_are_what_their_names_say(name):
    upload, content_type = file_named(name)
    assert content_type_of(upload) == content_type


def test_a_volume_is_as_large_as_asked_and_the_same_every_time():
    once = undone(lambda: fill(40, 300, 500, today=TODAY))
    # The municipality itself comes beside the units asked for.
    assert [len(rows) for rows in once[:3]] == [41, 300, 500]
    assert once == undone(lambda: fill(40, 300, 500, today=TODAY))


def test_a_volume_hangs_under_fjordvik_and_its_people_are_not_offered_at_sign_in():
    load_organisation(TODAY)
    fill(20, 100, 200, today=TODAY)
    top = Unit.objects.get(kind=UnitKind.MUNICIPALITY)
    assert Unit.objects.below(top).filter(name__startswith="Bjørkelia").exists()
    assert Person.objects.exclude(email__endswith="@fjordvik.example").count() == 100
    assert Measure.objects.count() == 200
    fill(0, 0, 10, today=TODAY)
    assert Measure.objects.count() == 210


def test_the_authority_of_a_volume_comes_from_the_council_and_down_the_line():
    load_organisation(TODAY)
    fill(20, 240, 0, today=TODAY)
    given = Authorisation.objects.select_related("giver", "passed_on_from")
    assert given.count() == 60
    assert {each.giver for each in given if not each.passed_on_from} == {council()}
    assert given.exclude(passed_on_from=None).count() > 20
    assert {each.passed_on_from.holder_id for each in given if each.passed_on_from} <= {
        each.holder_id for each in given
    }


def test_every_unit_of_a_volume_has_a_leader():
    fill(60, 200, 0, today=TODAY)
    assert not Unit.objects.exclude(pk__in=Position.objects.filter(leads=True).values("unit")).exists()
