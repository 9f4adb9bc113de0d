"""Two people, two connections, the same plans: the second is told in words, and nothing breaks."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from styrhus.items.operations import step
from styrhus.planning.models import EffectEvaluation, Measure, Placement, Plan, Thread
from styrhus.planning.operations import contents
from styrhus.planning.operations import plans as operations
from styrhus.planning.operations.measures import evaluate
from styrhus.planning.tests.standing import a_plan, a_thing

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date.today()


def test_of_two_who_close_a_ring_of_plans_the_second_is_told_at_the_field(world, make, meanwhile):
    director = world.people.director
    first, second = (a_plan(world, "thematic_plan", state="adopted") for _each in range(2))

    def follow(plan, above):
        plan = make.again(plan)
        plan.follows_up = above
        return operations.edit(plan, version=plan.version, by=director)

    with transaction.atomic():
        follow(first, second)
        thread, outcome = meanwhile(lambda: follow(second, first))
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["follows_up"]
    assert (make.again(first).follows_up, make.again(second).follows_up) == (second, None)


def test_of_two_who_let_goals_follow_from_each_other_the_second_is_told_at_the_field(world, make, meanwhile):
    director = world.people.director
    first, second = a_thing(world), a_thing(world)

    def follow(goal, part_of):
        goal = make.again(goal)
        return contents.change(goal, version=goal.version, by=director, part_of=part_of.as_item)

    with transaction.atomic():
        follow(first, second)
        thread, outcome = meanwhile(lambda: follow(second, first))
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["part_of"]
    assert list(Thread.objects.values_list("item", "part_of")) == [(first.pk, second.pk)]


def test_of_two_who_place_a_thing_in_different_plans_the_second_is_told(world, meanwhile):
    director, goal = world.people.director, a_thing(world)
    here, there = a_plan(world), a_plan(world)
    with transaction.atomic():
        contents.place(goal, here, by=director)
        thread, outcome = meanwhile(lambda: contents.place(goal, there, by=director))
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["plan"]
    assert Placement.objects.get(item=goal).plan == here


def test_what_is_moved_while_somebody_takes_it_out_is_told(world, meanwhile):
    director, plan = world.people.director, a_plan(world)
    placement = Placement.objects.get(item=a_thing(world, plan=plan))
    with transaction.atomic():
        contents.take_out(placement, by=director)
        thread, outcome = meanwhile(lambda: contents.move(placement, 1, by=director))
        assert outcome == []
    thread.join(20)
    assert isinstance(outcome[0], ValidationError)


def test_a_text_is_not_changed_while_its_plan_is_adopted(world, make, meanwhile):
    director = world.people.director
    plan = a_plan(world, "thematic_plan", state=Plan.FOR_DECISION)
    goal = a_thing(world, plan=plan, title="Som vedtatt")

    def rename():
        changed = make.again(goal)
        changed.title = "Noe annet"
        return contents.change(changed, version=changed.version, by=director)

    with transaction.atomic():
        operations.adopt(plan, by=director, on=TODAY, decision="PS 1/26")
        thread, outcome = meanwhile(rename)
        assert outcome == []
    thread.join(20)
    assert list(outcome[0].message_dict) == ["title"]
    assert (make.again(goal).title, make.again(goal).state) == ("Som vedtatt", "in_force")


def test_of_two_who_adopt_the_same_plan_the_second_is_told_and_there_is_one_decision(world, make, meanwhile):
    director = world.people.director
    older = a_plan(world, "thematic_plan", state="adopted", first_year=2025, last_year=2026)
    fields = {"replaces": older, "first": older, "first_year": 2027}
    newer = a_plan(world, "thematic_plan", state=Plan.FOR_DECISION, **fields)
    with transaction.atomic():
        operations.adopt(newer, by=director, on=TODAY, decision="PS 1/26")
        thread, outcome = meanwhile(lambda: operations.adopt(newer, by=director, on=TODAY, decision="PS 2/26"))
        assert outcome == []
    thread.join(20)
    assert isinstance(outcome[0], ValidationError)
    assert make.again(newer).decision == "PS 1/26"


def test_of_two_who_evaluate_a_measure_the_second_is_told_what_the_first_has_said(world, make, meanwhile):
    principal = world.people.principal
    step(world.things.internal, "finish", by=principal)
    measure = make.again(world.things.internal)

    def say(verdict):
        said = EffectEvaluation(verdict=verdict, evidence="Fraværet", on=TODAY)
        return evaluate(measure, said, by=principal)

    with transaction.atomic():
        say("yes")
        thread, outcome = meanwhile(lambda: say("no"))
        assert outcome == []
    thread.join(20)
    assert principal.name in outcome[0].messages[0]
    assert [each.verdict for each in Measure.objects.get(pk=measure.pk).evaluations.all()] == ["yes"]
