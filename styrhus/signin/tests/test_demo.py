"""The demonstration's one-click sign-in exists nowhere else."""

import pytest
from django.urls import reverse

from styrhus.organisation.roles import ROLES
from styrhus.signin.queries import demo_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_person(world, make):
    person = make.holder("unit_manager", world.units.school, name="Per Prøve")
    person.email = "per@fjordvik.example"
    person.save()
    return person


@pytest.fixture
def demo(settings):
    settings.ENVIRONMENT = "demo"


def try_as(client, pk):
    return client.post(reverse("try_as"), {"person": pk})


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_closed_outside_the_demonstration(client, settings, demo_person, environment):
    settings.ENVIRONMENT = environment
    assert try_as(client, demo_person.pk).status_code == 404
    assert "Per Prøve" not in client.get(reverse("account_login")).content.decode()


def test_visitor_becomes_one_of_the_demonstration_s_people(client, demo, demo_person, logged):
    assert "Per Prøve" in client.get(reverse("account_login")).content.decode()
    assert try_as(client, demo_person.pk).url == "/"
    assert client.get(reverse("home")).wsgi_request.user == demo_person
    assert logged() == ["signed_in"]


def test_nobody_else_can_be_tried(client, demo, world):
    assert try_as(client, world.people.administrator.pk).status_code == 404
    assert try_as(client, "x").status_code == 404
    assert try_as(client, "").status_code == 404


def test_inactive_person_cannot_be_tried(client, demo, demo_person):
    demo_person.is_active = False
    demo_person.save()
    assert try_as(client, demo_person.pk).status_code == 404


def test_it_takes_a_press_on_a_button(client, demo, demo_person):
    assert client.get(reverse("try_as")).status_code == 405


def test_two_of_each_role_are_offered_in_the_order_of_the_roles(demo, world, make, demo_person):
    for number, role in enumerate(["employee", "employee", "employee", "municipal_director"]):
        person = make.holder(role, world.units.school, name=f"{role} {number}")
        person.email = f"{number}@fjordvik.example"
        person.save()
    offered = [(role, len(people)) for role, people in demo_people()]
    wanted = {"municipal_director": 1, "unit_manager": 1, "employee": 2}
    assert offered == [(ROLES[role].label, number) for role, number in wanted.items()]
