"""A new version says a bound goal anew: the old text stands until then, and what follows from it moves over."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from styrhus.items.models import Link
from styrhus.planning.models import Goal, Placement, Plan, PriorityArea, Thread
from styrhus.planning.operations import contents
from styrhus.planning.operations.plans import adopt
from styrhus.planning.operations.versions import revise
from styrhus.planning.tests.standing import a_measure_under, a_plan, a_thing

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOCIETY = "municipal_plan_society"


@pytest.fixture
def town(world):
    """A plan that holds with area, goal, sub-goal and measure, a programme that has fetched them, and a new version."""
    older = a_plan(world, SOCIETY, state="adopted", title="Gammel", first_year=2023, last_year=2026)
    area = a_thing(world, PriorityArea, plan=older, order=1, title="Barn", state="in_force")
    goal = a_thing(world, plan=older, part_of=area, order=2, title="Trygge barn", state="in_force", description="Før")
    sub = a_thing(world, plan=older, part_of=goal, order=3, title="Delmål", level="sub", state="in_force")
    last = a_thing(world, plan=older, part_of=area, order=4, title="Til sist", state="in_force")
    measure = a_measure_under(world, goal)
    fields = {"replaces": older, "first": older, "first_year": 2027, "last_year": 2030}
    newer = a_plan(world, SOCIETY, title="Ny", **fields)
    programme = a_plan(world, title="Program", follows_up=older)
    Placement.objects.create(plan=programme, item=goal.as_item, fetched_from=older)
    own = {"older": older, "newer": newer, "goal": goal, "sub": sub, "area": area, "last": last}
    return world.__class__(**vars(world), **own, measure=measure, programme=programme)


def said_anew(town, old, title, **fields):
    new = type(old)(title=title, unit=old.unit, responsible=old.responsible, **fields)
    parent = Thread.objects.filter(item=old.pk).select_related("part_of").first()
    return revise(old, new, town.newer, by=town.people.director, part_of=parent.part_of if parent else None)


def follows_from(thing) -> int:
    return Thread.objects.get(item=thing.pk).part_of_id


def adopted(town):
    Plan.objects.filter(pk=town.newer.pk).update(state=Plan.FOR_DECISION)
    return adopt(town.newer, by=town.people.director, on=TODAY, decision="PS 9/26")


def standing(plan) -> list[str]:
    return list(Placement.objects.filter(plan=plan).values_list("item__title", flat=True))


def test_a_version_begins_with_what_the_one_before_said(town):
    assert contents.fetch(town.newer, town.older, [town.area.pk], by=town.people.director) == 4
    assert standing(town.newer) == ["Barn", "Trygge barn", "Delmål", "Til sist"]


@pytest.mark.parametrize("fetches_first", [True, False])
def test_the_new_text_stands_where_the_old_stood_whether_the_rest_is_fetched_before_or_after(town, fetches_first):
    if fetches_first:
        contents.fetch(town.newer, town.older, [town.area.pk], by=town.people.director)
    said_anew(town, town.goal, "Trygge unge")
    if not fetches_first:
        contents.fetch(town.newer, town.older, [town.area.pk], by=town.people.director)
    wanted = ["Barn", "Trygge unge", "Delmål", "Til sist"]
    assert standing(town.newer) == wanted if fetches_first else set(standing(town.newer)) == set(wanted)
    assert standing(town.older) == ["Barn", "Trygge barn", "Delmål", "Til sist"]


def test_until_the_version_is_adopted_everything_follows_from_the_old_text(town, make):
    new = said_anew(town, town.goal, "Trygge unge")
    assert Link.objects.get(source=new.pk, target=town.goal.pk).kind == Link.Kind.REPLACES
    assert {follows_from(town.sub), follows_from(town.measure)} == {town.goal.pk}
    assert (make.again(town.goal).title, make.again(town.goal).state, new.state) == ("Trygge barn", "in_force", "draft")


def test_with_the_adoption_measures_sub_goals_and_fetched_text_move_over(town, make):
    new = said_anew(town, town.goal, "Trygge unge")
    adopted(town)
    assert {follows_from(town.sub), follows_from(town.measure)} == {new.pk}
    assert standing(town.programme) == ["Trygge unge"]
    assert Placement.objects.get(plan=town.programme).fetched_from == town.newer
    assert (make.again(town.goal).state, make.again(new).state) == ("dropped", "in_force")
    assert "Ny" in town.goal.events.get(step="drop").note
    assert follows_from(town.last) == town.area.pk


@pytest.mark.parametrize("order", [("goal", "sub"), ("sub", "goal")])
def test_a_goal_and_its_sub_goal_are_both_said_anew_in_either_order(town, order):
    made = {
        name: said_anew(town, getattr(town, name), f"Ny {name}", **({"level": "sub"} if name == "sub" else {}))
        for name in order
    }
    adopted(town)
    assert follows_from(made["sub"]) == made["goal"].pk
    assert follows_from(made["goal"]) == town.area.pk
    assert follows_from(town.sub) == town.goal.pk


def test_what_the_new_text_follows_from_is_not_put_under_it(town):
    new = Goal(title="Nytt", unit=town.goal.unit, responsible=town.goal.responsible)
    revise(town.goal, new, town.newer, by=town.people.director, part_of=town.sub.as_item)
    adopted(town)
    assert (follows_from(town.sub), follows_from(town.measure)) == (town.goal.pk, new.pk)


def test_a_text_is_said_anew_once_and_only_where_it_stood_before(town):
    said_anew(town, town.goal, "Trygge unge")
    with pytest.raises(ValidationError, match="Trygge unge"):
        said_anew(town, town.goal, "Enda en gang")
    assert contents.fetch(town.newer, town.older, [town.goal.pk], by=town.people.director, with_below=False) == 0
    stranger = a_thing(town, plan=a_plan(town, "thematic_plan", state="adopted"))
    with pytest.raises(ValidationError), transaction.atomic():
        said_anew(town, stranger, "Noe annet")
    assert not Goal.objects.filter(title__in=["Enda en gang", "Noe annet"]).exists()


def test_from_the_page_of_a_bound_goal_to_its_place_in_the_new_version(town, signed_in):
    client, url = signed_in(town.people.director), reverse("planning:revise", args=[town.newer.pk, town.goal.pk])
    assert url in client.get(town.goal.get_absolute_url()).content.decode()
    form = client.get(url).context["form"]
    assert (form["title"].value(), form["description"].value()) == ("Trygge barn", "Før")
    sent = {"title": "Trygge unge", "level": "main", "unit": town.goal.unit_id, "openness": "internal"}
    sent |= {"responsible": f"#{town.goal.responsible_id}", "part_of": f"#{town.area.pk}"}
    assert client.post(url, sent | {"title": ""}).status_code == 422
    response = client.post(url, sent)
    new = Goal.objects.get(title="Trygge unge")
    assert response.url == f"/planer/{town.newer.pk}/innhold/#ting-{new.pk}"
    old_page, new_page = (client.get(thing.get_absolute_url()).content.decode() for thing in (town.goal, new))
    assert url not in old_page
    assert "Trygge unge" in old_page
    assert "flytter" in new_page
    assert "Trygge barn" in new_page


def test_the_version_that_may_not_be_seen_is_told_of_nowhere(town, signed_in, make):
    new = said_anew(town, town.goal, "Hemmelig mål", **make.exempt)
    Plan.objects.filter(pk=town.newer.pk).update(**make.exempt, title="Hemmelig plan")
    client = signed_in(town.people.teacher)
    assert "Hemmelig" not in client.get(town.goal.get_absolute_url()).content.decode()
    for address in (reverse("planning:revise", args=[town.newer.pk, town.goal.pk]), new.get_absolute_url()):
        assert client.get(address).status_code == 404
