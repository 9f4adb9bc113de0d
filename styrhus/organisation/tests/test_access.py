"""What a person may do follows from the positions held today, each role with its reach."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from styrhus.organisation.access import authority_of, forget, require, units_where
from styrhus.organisation.models import PositionRole, Unit
from styrhus.organisation.roles import ROLES

TODAY = date.today()
DAY = timedelta(days=1)


def names(units) -> set:
    return {unit.name for unit in units}


def test_a_role_reaches_its_own_unit_and_all_below(world):
    assert names(units_where(world.people.principal, "measure.edit")) == {"Solsiden skole", "Første trinn"}
    assert names(units_where(world.people.head, "measure.edit")) == {"Første trinn"}
    assert names(units_where(world.people.area_director, "measure.edit")) == {
        "Oppvekst",
        "Solsiden skole",
        "Første trinn",
        "Åsen skole",
    }


def test_an_enterprise_stands_outside_the_directors_line(world):
    director, harbour = world.people.director, world.things.harbour
    assert "Fjordvik havn KF" not in names(units_where(director, "measure.edit"))
    assert not director.has_perm("measure.edit", harbour)
    assert world.people.harbour_master.has_perm("measure.edit", harbour)


def test_a_unit_whose_number_begins_as_anothers_is_not_below_it(make, world):
    """The path ends in a slash, so that unit 1 does not reach unit 10."""
    school = world.units.school
    stranger = Unit.objects.create(pk=school.pk * 10, name="Fremmed", kind="body", parent=world.units.area)
    stranger.refresh_from_db()
    assert stranger not in units_where(world.people.principal, "measure.edit")
    assert not world.people.principal.has_perm("measure.edit", stranger)


def test_a_leader_may_change_what_lies_in_the_unit_and_not_what_lies_beside_it(world):
    principal, things = world.people.principal, world.things
    assert principal.has_perm("measure.edit", things.internal)
    assert not principal.has_perm("measure.edit", things.elsewhere)


def test_a_leader_below_may_not_change_what_lies_above(world, make):
    above = make.measure("Over", world.units.area, world.people.area_director.position)
    assert not world.people.head.has_perm("measure.edit", above)


def test_a_role_in_a_field_acts_on_that_fields_things_only(world):
    controller, things = world.people.controller, world.things
    assert controller.has_perm("measure.edit", things.economy)
    assert not controller.has_perm("measure.edit", things.internal)


def test_a_role_in_a_field_does_not_act_on_a_whole_unit(world):
    assert not world.people.controller.has_perm("measure.edit", world.units.school)


def test_who_answers_for_a_thing_may_change_it_wherever_it_lies(world, make):
    teacher = world.people.teacher
    own = make.measure("Lærers eget", world.units.harbour, teacher.position)
    assert teacher.has_perm("measure.edit", own)
    assert not teacher.has_perm("measure.create")


def test_a_councillor_may_not_change_even_what_carries_the_office(world, make):
    office = make.measure("Vervets", world.units.municipality, world.people.councillor.position)
    assert not world.people.councillor.has_perm("measure.edit", office)


def test_permission_without_a_thing_asks_whether_it_may_be_done_anywhere(world):
    assert world.people.principal.has_perm("measure.create")
    assert not world.people.teacher.has_perm("measure.create")


def test_an_unknown_permission_belongs_to_nobody(world):
    assert not any(person.has_perm("measure.fly") for person in vars(world.people).values())


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (TODAY, TODAY, True),
        (TODAY, None, True),
        (TODAY - DAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ],
)
def test_authority_lasts_from_the_first_day_to_the_last_both_included(world, make, start, end, holds):
    person = make.person()
    position = make.position("Vikar", world.units.school, role="unit_manager")
    make.appointment(person, position, start=start, end=end)
    assert person.has_perm("measure.edit", world.things.internal) == holds


def test_a_deputy_has_the_authority_of_the_position(world, make):
    deputy = make.person()
    make.appointment(deputy, world.people.principal.position, kind="a_deputy")
    assert deputy.has_perm("measure.edit", world.things.internal)


def test_who_is_no_longer_active_may_do_nothing(world, make):
    person = world.people.principal
    person.is_active = False
    person.save()
    person = make.again(person)
    assert not person.has_perm("measure.edit", world.things.internal)
    assert not units_where(person, "measure.edit").exists()


def test_nobody_signed_in_may_do_nothing(world):
    assert not units_where(AnonymousUser(), "measure.edit").exists()
    assert authority_of(AnonymousUser()).grants == ()


def test_authority_is_read_once_in_a_request(world, make, django_assert_num_queries):
    person, thing = make.again(world.people.principal), world.things.internal
    thing.unit.path  # noqa: B018 - read beforehand
    with django_assert_num_queries(1):
        for _time in range(3):
            person.has_perm("measure.edit", thing)
            person.has_perm("item.view_exempt")


def test_what_is_remembered_can_be_forgotten_within_a_request(world, make):
    person = world.people.guest
    assert not person.has_perm("measure.create")
    make.appointment(person, make.position("Ny leder", world.units.school, role="unit_manager"))
    assert not person.has_perm("measure.create")
    forget(person)
    assert person.has_perm("measure.create")


def test_authority_on_another_date_is_asked_for_itself_and_not_remembered(world, make):
    person = make.person()
    position = make.position("Før", world.units.school, role="unit_manager")
    make.appointment(person, position, start=TODAY - 9 * DAY, end=TODAY - DAY)
    assert authority_of(person, TODAY - DAY).grants
    assert not authority_of(person).grants


def test_a_role_that_is_no_longer_in_the_code_gives_nothing(world, make):
    person = make.holder("unit_manager", world.units.area, leads=False)
    PositionRole.objects.filter(position=person.position).update(role="abolished")
    assert not person.has_perm("measure.create")


def test_two_roles_of_one_position_add_up(world, make):
    person = make.holder("employee", world.units.school)
    PositionRole.objects.create(position=person.position, role="unit_manager", reach=world.units.other_school)
    assert person.has_perm("measure.edit", world.things.elsewhere)
    assert not person.has_perm("measure.edit", world.things.internal)


def test_require_stops_with_forbidden(world):
    with pytest.raises(PermissionDenied):
        require(world.people.teacher, "measure.edit", world.things.elsewhere)
    require(world.people.principal, "measure.edit", world.things.internal)


def test_a_role_with_reach_elsewhere_does_not_act_in_the_positions_own_unit(world, make):
    person = make.holder("case_officer", world.units.school, reach=world.units.other_school)
    assert person.has_perm("measure.edit", world.things.elsewhere)
    assert not person.has_perm("measure.edit", world.things.internal)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_permission_of_a_role_is_a_noun_and_a_verb(role):
    for permission in ROLES[role].within | ROLES[role].own:
        noun, dot, verb = permission.partition(".")
        assert noun and dot and verb.isidentifier()


def test_elected_people_and_outside_controllers_change_nothing():
    for role in ("councillor", "mayor", "joint_committee_member", "auditor", "control_committee_secretariat"):
        verbs = {permission.split(".")[1] for permission in ROLES[role].within | ROLES[role].own}
        assert verbs <= {"view", "view_internal"}


def test_who_runs_the_system_sees_nothing_exempt_and_decides_nothing():
    held = ROLES["system_administrator"].within
    assert "item.view_exempt" not in held
    assert not any(permission.startswith("measure.") for permission in held)
