"""The roles of the house, and those that act in a field."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from styrhus.organisation.forms import PositionField, label_of
from styrhus.organisation.models import Position, PositionRole
from styrhus.organisation.queries import answers_for, positions_with_words
from styrhus.organisation.roles import FIELDS, ROLES

TODAY = date.today()
DAY = timedelta(days=1)
# From the reference of the domain, written out: a role that disappears is found.
ASKED_FOR = [
    "municipal_director",
    "service_director",
    "support_chief",
    "unit_manager",
    "middle_manager",
    "case_officer",
    "employee",
    "finance_chief",
    "controller",
    "hr_chief",
    "hr_adviser",
    "property_chief",
    "planner",
    "quality_manager",
    "internal_auditor",
    "project_office",
    "information_security_manager",
    "data_protection_officer",
    "records_manager",
    "emergency_coordinator",
    "mayor",
    "councillor",
    "committee_member",
    "council_secretary",
    "joint_committee_member",
    "working_environment_committee_member",
    "main_union_representative",
    "union_representative",
    "chief_safety_representative",
    "safety_representative",
    "control_committee_secretariat",
    "auditor",
    "system_administrator",
]


def test_every_role_of_the_municipality_is_there():
    assert set(ROLES) == set(ASKED_FOR)


def test_the_fields_of_a_role_are_fields():
    for role in ROLES.values():
        assert set(role.fields) <= dict(FIELDS).keys()
        assert role.fields or not role.needs_field


def test_the_head_of_the_administration_has_the_municipalitys_own_title(settings):
    assert str(ROLES["municipal_director"].label) == "Kommunedirektør"
    settings.LEADER_TITLE = "Rådmann"
    assert str(ROLES["municipal_director"].label) == "Rådmann"
    assert PositionRole(role="municipal_director").get_role_display() == "Rådmann"


@pytest.mark.parametrize("role", sorted(code for code, role in ROLES.items() if role.needs_field))
def test_the_database_refuses_a_role_made_for_a_field_without_one(world, role):
    position = world.people.teacher.position
    with pytest.raises(IntegrityError), transaction.atomic():
        PositionRole.objects.create(position=position, role=role, reach=world.units.school)
    assert PositionRole.objects.create(position=position, role=role, reach=world.units.school, field="quality").pk


def test_a_role_says_its_reach_in_plain_words(world):
    role = world.people.controller.position.roles.get()
    assert role.in_words == "Controller (fagfelt: Økonomi) i Fjordvik kommune og under"
    role.field = ""
    assert role.in_words == "Controller i Fjordvik kommune og under"


# -- a closed position


@pytest.fixture
def closed(world):
    position = world.people.principal.position
    position.appointments.update(start=TODAY - 9 * DAY)
    position.until = TODAY - DAY
    position.save()
    return position


def test_a_closed_position_answers_for_nothing_and_gives_no_authority(world, make, closed):
    assert answers_for(closed, TODAY) is None
    assert answers_for(closed, TODAY - DAY) == world.people.principal
    assert not make.again(world.people.principal).has_perm("measure.edit", world.things.internal)


def test_a_position_answers_through_its_last_day(world, make):
    position = world.people.principal.position
    position.until = TODAY
    position.save()
    assert answers_for(position, TODAY) == world.people.principal


def test_a_closed_position_is_not_found_and_cannot_be_chosen(closed):
    assert closed not in positions_with_words("Rektor")
    with pytest.raises(ValidationError):
        PositionField().clean(label_of(closed))


def test_a_vacant_position_is_one_that_lives_and_nobody_holds(world, make, closed):
    empty = make.position("Tom stol", world.units.school)
    assert set(Position.objects.vacant(TODAY)) == {empty}


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        (["c_permanent"], "c_permanent"),
        (["c_permanent", "a_deputy"], "a_deputy"),
        (["b_temporary", "a_deputy"], "a_deputy"),
        (["b_temporary"], "b_temporary"),
    ],
)
def test_a_deputy_answers_before_the_one_deputised_for(world, make, kinds, first):
    position = make.position("Leder", world.units.department)
    people = {kind: make.person() for kind in kinds}
    for kind, person in people.items():
        make.appointment(person, position, kind=kind)
    assert answers_for(position, TODAY) == people[first]
    assert answers_for(position, TODAY - 400 * DAY) is None
