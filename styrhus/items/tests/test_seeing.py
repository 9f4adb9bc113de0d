"""Who sees what: openness, the role, who answers for it, who is named as reader."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items.models import FollowUp, Item, Openness, Reader
from styrhus.organisation.roles import ROLES

pytestmark = pytest.mark.django_db

# Written out, not taken from the roles: a change of a role must be a change here too.
ELECTED = {"councillor", "mayor", "committee_member", "joint_committee_member"}
SEES_EXEMPT = {
    "municipal_director",
    "service_director",
    "support_chief",
    "finance_chief",
    "hr_chief",
    "property_chief",
    "unit_manager",
    "middle_manager",
    "hr_adviser",
}
# In their field only; the thing of the tests lies in none.
SEES_EXEMPT_IN_A_FIELD = {"data_protection_officer": "privacy", "records_manager": "records"}


def sees(person, thing) -> bool:
    return Item.objects.visible_to(person).filter(pk=thing.pk).exists()


def seen(person, things) -> set:
    return {name for name, thing in vars(things).items() if sees(person, thing)}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_sees_what_its_work_needs(world, make, role):
    things = SimpleNamespace(
        open=world.things.open, internal=world.things.internal, exempt=world.things.exempt, harbour=world.things.harbour
    )
    person = make.holder(role, world.units.area)
    expected = {"open"} if role in ELECTED else {"open", "internal", "harbour"}
    assert seen(person, things) == expected | ({"exempt"} if role in SEES_EXEMPT else set())


@pytest.mark.parametrize("role", sorted(SEES_EXEMPT))
def test_what_is_exempt_is_not_seen_outside_the_reach(world, make, role):
    assert not sees(make.holder(role, world.units.other_school), world.things.exempt)


@pytest.mark.parametrize(("role", "field"), SEES_EXEMPT_IN_A_FIELD.items())
def test_a_role_made_for_a_field_sees_what_is_exempt_in_it(world, make, role, field):
    person, position = make.holder(role, world.units.area), world.people.principal.position
    assert sees(person, make.measure("Sak", world.units.school, position, field=field, **make.exempt))


def test_the_director_does_not_see_what_an_enterprise_has_exempt(world, make):
    exempt = make.measure("Havnesak", world.units.harbour, world.people.harbour_master.position, **make.exempt)
    assert not sees(world.people.director, exempt)
    assert sees(world.people.harbour_master, exempt)


def test_a_role_in_a_field_sees_what_is_exempt_in_that_field_only(world, make):
    adviser = make.holder("hr_adviser", world.units.area, field="hr")
    position = world.people.principal.position
    staff = make.measure("Oppfølging", world.units.school, position, field="hr", **make.exempt)
    assert sees(adviser, staff)
    assert not sees(adviser, world.things.exempt)


def test_who_answers_for_what_is_exempt_sees_it(world, make):
    mine = make.measure("Lærers sak", world.units.other_school, world.people.teacher.position, **make.exempt)
    assert sees(world.people.teacher, mine)
    assert not sees(make.holder("employee", world.units.other_school), mine)


def test_a_councillor_sees_what_the_office_answers_for(world, make):
    mine = make.measure("Vervets", world.units.municipality, world.people.councillor.position)
    assert sees(world.people.councillor, mine)


def test_a_named_reader_sees_the_one_thing_and_no_other(world, make):
    other = make.measure("Annen sak", world.units.school, world.people.principal.position, **make.exempt)
    Reader.objects.create(item=world.things.exempt.as_item, person=world.people.guest)
    assert sees(world.people.guest, world.things.exempt)
    assert not sees(world.people.guest, other)


def test_who_holds_no_position_sees_what_is_open(world):
    assert seen(world.people.guest, world.things) == {"open"}


def test_nobody_signed_in_sees_nothing(world):
    assert seen(AnonymousUser(), world.things) == set()


def test_who_is_no_longer_active_sees_nothing_not_even_as_reader(world, make):
    person = world.people.principal
    Reader.objects.create(item=world.things.elsewhere.as_item, person=person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert seen(make.again(person), world.things) == set()


def test_support_sees_nothing_exempt_whatever_the_person_sees(world):
    person = world.people.principal
    Reader.objects.create(item=world.things.exempt.as_item, person=person)
    assert sees(person, world.things.exempt)
    person.support = object()
    assert seen(person, world.things) == {"open", "internal", "elsewhere", "economy", "harbour"}


def test_a_thing_that_becomes_open_is_seen_by_all_at_once(world):
    Item.objects.filter(pk=world.things.internal.pk).update(openness=Openness.OPEN)
    assert sees(world.people.councillor, world.things.internal)


def test_follow_ups_are_seen_by_who_sees_what_they_belong_to(world):
    for thing in (world.things.internal, world.things.exempt):
        position = world.people.principal.position
        FollowUp.objects.create(item=thing.as_item, what="Ring", responsible=position, due=date.today())
    whats = {name: FollowUp.objects.visible_to(person).count() for name, person in vars(world.people).items()}
    assert whats["principal"] == 2
    assert whats["teacher"] == 1
    assert whats["councillor"] == whats["guest"] == 0


def test_what_is_related_to_the_rows_comes_for_all_of_them_at_once(world, make, django_assert_num_queries):
    for number in range(5):
        make.measure(f"Tiltak {number}", world.units.school, world.people.principal.position)
    world.people.teacher.has_perm("item.discuss")
    with django_assert_num_queries(3):
        for thing in Item.objects.visible_to(world.people.teacher):
            assert thing.unit.name and thing.responsible.title


PLACES = ["municipality", "area", "school", "other_school", "department", "harbour"]
PERMISSIONS = ["measure.edit", "measure.step", "item.follow_up", "item.view_exempt", "item.classify", "item.discuss"]
FIELDS = ["", "economy", "hr", "privacy", "hse"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grants=st.lists(
        st.tuples(st.sampled_from(sorted(ROLES)), st.sampled_from(PLACES), st.sampled_from(FIELDS)), max_size=3
    ),
    place=st.sampled_from(PLACES),
    field=st.sampled_from(FIELDS),
    mine=st.booleans(),
    permission=st.sampled_from(PERMISSIONS),
)
def test_the_rows_where_and_the_one_thing_agree(world, make, grants, place, field, mine, permission):
    """`where` answers for many in SQL what `has_perm` answers for one in Python: never differently."""
    person = make.person()
    for role, reach, in_field in grants:
        position = make.position(role, world.units.area, role=role, reach=getattr(world.units, reach), field=in_field)
        make.appointment(person, position)
    answers = position if mine and grants else world.people.principal.position
    thing = make.measure("Noe", getattr(world.units, place), answers, field=field)
    assert Item.objects.where(person, permission).filter(pk=thing.pk).exists() == person.has_perm(permission, thing)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    role=st.sampled_from(sorted(ROLES)),
    reach=st.sampled_from(PLACES),
    in_field=st.sampled_from(FIELDS),
    place=st.sampled_from(PLACES),
    field=st.sampled_from(FIELDS),
    reader=st.booleans(),
    support=st.booleans(),
)
def test_what_is_exempt_is_seen_by_permission_or_as_reader_and_else_by_nobody(
    world, make, role, reach, in_field, place, field, reader, support
):
    person = make.holder(role, world.units.area, reach=getattr(world.units, reach), field=in_field)
    thing = make.measure("Sak", getattr(world.units, place), world.people.head.position, field=field, **make.exempt)
    if reader:
        Reader.objects.create(item=thing.as_item, person=person)
    if support:
        person.support = object()
    allowed = (person.has_perm("item.view_exempt", thing) or reader) and not support
    assert sees(person, thing) == allowed
