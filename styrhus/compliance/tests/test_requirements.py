"""Requirements: taken in, pointed to, and how their pages are met."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from styrhus.compliance import requirements
from styrhus.compliance.models import Requirement
from styrhus.items.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(world, make):
    return make.holder("planner", world.units.municipality)


@pytest.fixture
def goals(planner):
    requirements.take_in([requirements.GOALS], planner.position, by=planner)
    return {each.code: each for each in Requirement.objects.all()}


def page(name, *key):
    return reverse(f"compliance:{name}", args=key)


def test_the_lists_are_taken_in_once_however_often_one_asks(planner):
    every = list(requirements.LISTS)
    made = requirements.take_in(every, planner.position, by=planner)
    assert made == Requirement.objects.count() > 290
    Requirement.objects.filter(code="LOV-2018-06-22-83").update(text="Vår egen tekst")
    assert requirements.take_in(every, planner.position, by=planner) == 0
    assert Requirement.objects.get(code="LOV-2018-06-22-83").text == "Vår egen tekst"
    assert all(each.events.filter(step="create", by=planner).count() == 1 for each in Requirement.objects.all()[:5])


def test_each_target_is_part_of_its_goal_and_says_number_and_name(goals):
    assert len(goals) == 17 + 169
    assert goals["4.1"].parent == goals["4"]
    assert goals["4.1"].title == "Delmål 4.1: Grunnskole og videregående"
    assert goals["4"].title == "Bærekraftsmål 4: God utdanning"


def test_laws_that_must_be_checked_say_so(planner, signed_in):
    requirements.take_in([requirements.REGULATIONS], planner.position, by=planner)
    doubtful = Requirement.objects.filter(confidence="verify").first()
    shown = signed_in(planner).get(doubtful.get_absolute_url()).content.decode()
    assert "Må kontrolleres" in shown
    assert f"https://lovdata.no/dokument/SF/forskrift/{doubtful.code.removeprefix('FOR-')}" in shown


def test_a_thing_points_to_a_goal_from_its_panel_and_takes_it_away_again(world, goals, signed_in):
    thing, client = world.things.internal, signed_in(world.people.principal)
    found = client.get(page("points_to", thing.pk), {"q": "4.1"}).content.decode()
    assert "Delmål 4.1: Grunnskole og videregående" in found
    client.post(page("point_to", thing.pk), {"requirement": goals["4.1"].pk})
    client.post(page("point_to", thing.pk), {"requirement": goals["4.1"].pk})
    link = Link.objects.get(source=thing.pk, target=goals["4.1"].pk, kind="fulfils")
    fetched = client.post(page("point_no_longer", thing.pk, link.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fetched and 'id="points-to"' in fetched
    assert " autofocus" in fetched and " autofocus" not in found
    assert not Link.objects.exists()


def test_who_may_not_change_a_thing_sees_what_it_points_to_and_changes_nothing(world, goals, signed_in):
    thing = world.things.internal
    requirements.point_to(thing.as_item, goals["4"], by=world.people.principal)
    client = signed_in(world.people.teacher)
    shown = client.get(page("points_to", thing.pk)).content.decode()
    assert "God utdanning" in shown and "<form" not in shown.split('id="points-to"')[1].split("</main>")[0]
    with pytest.raises(PermissionDenied):
        requirements.point_to(thing.as_item, goals["5"], by=world.people.teacher)


def test_the_panel_stands_on_a_measure_and_not_on_a_requirement(world, goals, signed_in):
    client = signed_in(world.people.principal)
    thing = world.things.internal
    requirements.point_to(thing.as_item, goals["4"], by=world.people.principal)
    on_measure = client.get(thing.get_absolute_url())
    assert page("points_to", thing.pk) in on_measure.content.decode()
    # Shown by the panel, so not among the other links.
    assert on_measure.context["links"] == []
    on_goal = client.get(goals["4"].get_absolute_url()).content.decode()
    assert page("points_to", goals["4"].pk) not in on_goal


def test_a_requirement_lists_what_points_to_it_and_counts_only_what_the_reader_may_see(world, goals, signed_in):
    for thing in (world.things.internal, world.things.exempt):
        requirements.point_to(thing.as_item, goals["4"], by=world.people.principal)
    counted = {
        person: Requirement.objects.with_number_of_things(getattr(world.people, person)).get(code="4").things
        for person in ("principal", "teacher", "councillor")
    }
    assert counted == {"principal": 2, "teacher": 1, "councillor": 0}
    shown = signed_in(world.people.teacher).get(goals["4"].get_absolute_url()).content.decode()
    assert "Internkontroll" in shown and "Personalsak" not in shown


def test_a_requirement_is_written_by_hand_and_what_is_wrong_is_told(planner, goals, signed_in):
    client = signed_in(planner)
    sent = {
        "title": "Plan for klima",
        "source": "own",
        "code": "K-1",
        "text": "Alle planer vurderer klima.",
        "unit": planner.position.unit_id,
        "responsible": planner.position.pk,
        "confidence": "confirmed",
        "parent": "13",
    }
    assert client.post(page("new_requirement"), sent).status_code == 302
    made = Requirement.objects.get(code="K-1")
    assert (made.parent, made.openness) == (goals["13"], "open")
    again = client.post(page("new_requirement"), sent)
    assert again.status_code == 422 and "Plan for klima" in again.content.decode()
    ring = client.post(page("edit_requirement", goals["13"].pk), sent | {"code": "13", "parent": "K-1", "version": 1})
    assert ring.context["form"].errors.keys() == {"parent"}


def test_the_base_refuses_two_of_one_code_and_a_part_of_itself(goals):
    goal = goals["4"]
    for change in ({"code": "5"}, {"parent": goal.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Requirement.objects.filter(pk=goal.pk).update(**change)


def test_the_pages_ask_as_many_questions_of_many_rows_as_of_few(
    world, make, planner, goals, signed_in, django_assert_max_num_queries
):
    for number in range(60):
        thing = make.measure(f"Tiltak {number}", world.units.school, world.people.principal.position)
        Link.objects.create(source=thing.as_item, target=goals["4"].as_item, kind="fulfils")
    client = signed_in(planner)
    for url in (page("requirements"), goals["4"].get_absolute_url(), page("deadlines"), page("year"), page("rules")):
        client.get(url)
        with django_assert_max_num_queries(20):
            assert client.get(url).status_code == 200
