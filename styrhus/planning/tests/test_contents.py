"""What plans consist of: it is fetched with its identity, bound by the council, in order, and its gaps are seen."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import people_of_the_world, units_of_the_world
from styrhus.items.flow import Held
from styrhus.items.operations import step
from styrhus.planning.models import Assignment, Goal, Measure, Placement, PriorityArea, Thread
from styrhus.planning.operations import contents as operations
from styrhus.planning.queries.contents import Contents
from styrhus.planning.queries.fetching import sources_of
from styrhus.planning.queries.threads import keys_above
from styrhus.planning.tests.standing import a_measure_under, a_plan, a_thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(world):
    """An action programme under way, below a municipal plan adopted with an area, a goal and a sub-goal."""
    above = a_plan(world, "municipal_plan_society", state="adopted", title="Samfunnsdelen", first_year=2026)
    area = a_thing(world, PriorityArea, plan=above, order=1, title="Barn")
    goal = a_thing(world, plan=above, part_of=area, order=2, title="Trygge barn", state="in_force")
    sub = a_thing(world, plan=above, part_of=goal, order=3, title="Tidlig innsats", level="sub", state="in_force")
    plan = a_plan(world, title="Handlingsprogram", follows_up=above)
    return world.__class__(**vars(world), above=above, area=area, goal=goal, sub=sub, plan=plan)


def placed(plan) -> list:
    return list(Placement.objects.filter(plan=plan).values_list("item__title", flat=True))


def test_a_goal_is_fetched_with_all_below_it_and_is_the_same_goal(programme):
    director = programme.people.director
    assert operations.fetch(programme.plan, programme.above, [programme.area.pk], by=director) == 3
    assert placed(programme.plan) == ["Barn", "Trygge barn", "Tidlig innsats"]
    origins = set(programme.plan.contents.values_list("fetched_from", "item"))
    assert origins == {(programme.above.pk, each.pk) for each in (programme.area, programme.goal, programme.sub)}
    assert operations.fetch(programme.plan, programme.above, [programme.goal.pk], by=director) == 0


def test_what_has_ended_is_not_fetched_with_the_rest(programme):
    step(programme.goal, "reach", by=programme.people.director)
    operations.fetch(programme.plan, programme.above, [programme.area.pk], by=programme.people.director)
    assert "Trygge barn" not in placed(programme.plan)


@pytest.mark.parametrize("state", ["superseded", "repealed", "dropped"])
def test_nothing_is_fetched_from_a_plan_that_no_longer_holds(programme, state):
    old = a_plan(programme, "municipal_plan_society", state=state, title="Den gamle", first_year=2012, last_year=2015)
    goal = a_thing(programme, plan=old)
    plan = a_plan(programme, follows_up=old, title="En annen")
    with pytest.raises(ValidationError, match="Den gamle"):
        operations.fetch(plan, old, [goal.pk], by=programme.people.director)
    assert [bool(each["reason"]) for each in sources_of(plan, programme.people.director)] == [True]


def test_a_plan_beside_is_no_source_and_a_cross_cutting_one_is(programme):
    beside, common = a_plan(programme, "thematic_plan"), a_plan(programme, "cross_cutting_plan", state="adopted")
    goal = a_thing(programme, plan=common)
    with pytest.raises(ValidationError):
        operations.fetch(programme.plan, beside, [programme.goal.pk], by=programme.people.director)
    assert operations.fetch(programme.plan, common, [goal.pk], by=programme.people.director) == 1


CHANGES = {
    "title": "Andre barn",
    "description": "Noe annet",
    "level": "sub",
}


@pytest.mark.parametrize("field", CHANGES)
def test_the_text_of_what_the_council_has_adopted_is_not_changed(programme, make, field):
    goal = make.again(programme.goal)
    setattr(goal, field, CHANGES[field])
    with pytest.raises(ValidationError) as refused:
        operations.change(goal, version=goal.version, by=programme.people.director, part_of=programme.area.as_item)
    assert field in refused.value.message_dict
    assert getattr(make.again(programme.goal), field) == getattr(programme.goal, field)


def test_nor_is_its_place_in_the_thread_or_the_plan(programme, make):
    goal, director = make.again(programme.goal), programme.people.director
    with pytest.raises(ValidationError):
        operations.change(goal, version=goal.version, by=director, part_of=None)
    placement = Placement.objects.get(item=goal, plan=programme.above)
    for refused in (
        lambda: operations.take_out(placement, by=director),
        lambda: operations.move(placement, 1, by=director),
    ):
        with pytest.raises(ValidationError):
            refused()
    with pytest.raises(ValidationError):
        operations.place(a_thing(programme), programme.above, by=director)
    with pytest.raises(Held):
        step(goal, "drop", by=director, note="Vil ikke")


def test_who_answers_and_by_when_may_change_although_it_is_bound(programme, make):
    goal = make.again(programme.goal)
    goal.due = date.today() + timedelta(days=9)
    operations.change(goal, version=1, by=programme.people.director, part_of=programme.area.as_item)
    assert make.again(goal).due == goal.due


def test_a_bound_goal_is_specified_in_a_plan_of_the_units_own(programme):
    principal = programme.people.principal
    plan = a_plan(programme, "unit_plan", unit=programme.units.school, responsible=principal.position)
    sub = Goal(title="Lesing i første", level="sub", unit=programme.units.school, responsible=principal.position)
    made = operations.make(sub, by=principal, part_of=programme.goal.as_item, plan=plan)
    assert Thread.objects.get(item=made.pk).part_of_id == programme.goal.pk
    assert placed(plan) == ["Lesing i første"]


def test_own_parts_hold_back_what_was_fetched_above_them(programme):
    director = programme.people.director
    operations.fetch(programme.plan, programme.above, [programme.area.pk], by=director)
    own = a_thing(programme, Measure, plan=programme.plan, part_of=programme.sub, order=9, title="Eget tiltak")
    area = Placement.objects.get(plan=programme.plan, item=programme.area)
    with pytest.raises(ValidationError, match="Eget tiltak"):
        operations.take_out(area, by=director)
    assert len(placed(programme.plan)) == 4
    operations.take_out(Placement.objects.get(plan=programme.plan, item=own), by=director)
    assert operations.take_out(area, by=director) == 3
    assert len(placed(programme.above)) == 3


def test_a_ring_is_refused_in_words(programme, make):
    a = a_thing(programme, title="A")
    b = a_thing(programme, part_of=a, title="B")
    with pytest.raises(ValidationError, match="B"):
        operations.change(make.again(a), version=1, by=programme.people.director, part_of=b.as_item)


def test_a_sub_goal_without_a_goal_is_refused(programme):
    lone = Goal(title="Alene", level="sub", unit=programme.units.school, responsible=programme.goal.responsible)
    for part_of in (None, programme.area.as_item):
        with pytest.raises(ValidationError):
            operations.make(lone, by=programme.people.director, part_of=part_of)


def test_gaps_are_goals_that_nobody_does_anything_about_and_positions_that_nobody_holds(programme, make):
    lone = a_thing(programme, plan=programme.plan, title="Uten tiltak")
    vacant = a_thing(
        programme, plan=programme.plan, responsible=make.position("Ledig", programme.units.school), title="Uten noen"
    )
    main = a_thing(programme, plan=programme.plan, title="Med delmål")
    sub = a_thing(programme, plan=programme.plan, part_of=main, title="Delmål")
    a_measure_under(programme, sub)
    a_measure_under(programme, vacant)
    read = Contents(programme.plan, programme.people.director)
    assert read.gaps() == {"without_act": 1, "without_holder": 1}
    assert read.found({"gap": "act"}) == [lone.pk]
    assert read.found({"gap": "holder"}) == [vacant.pk]


def test_things_are_moved_among_those_beside_them(programme):
    first, _second, third = (a_thing(programme, plan=programme.plan, order=n, title=f"{n}") for n in (1, 2, 3))
    a_thing(programme, plan=programme.plan, part_of=third, order=4, title="3.1")
    operations.move(Placement.objects.get(item=third), -1, by=programme.people.director)
    assert placed(programme.plan) == ["1", "3", "3.1", "2"]
    operations.move(Placement.objects.get(item=first), -1, by=programme.people.director)
    assert placed(programme.plan) == ["1", "3", "3.1", "2"]


def test_work_is_given_to_the_leaders_of_several_units_or_to_none(programme):
    people, director = programme.people, programme.people.director
    leaders = [people.principal.position, people.other_principal.position]
    made = operations.assign(programme.goal, leaders, Assignment, by=director, title="Lag plan", due=date(2027, 6, 1))
    assert [each.responsible for each in made] == leaders
    assert set(
        programme.goal.as_item.parts.filter(item__kind="planning.assignment").values_list("item", flat=True)
    ) == {each.pk for each in made}
    with pytest.raises(ValidationError, match="Fjordvik havn"):
        leaders = [people.principal.position, people.harbour_master.position]
        operations.assign(programme.goal, leaders, Measure, by=director, title="Mer")
    assert not Measure.objects.filter(title="Mer").exists()


def test_an_assignment_does_not_start_before_its_solution_is_chosen(programme, make):
    given_ = a_thing(programme, Assignment)
    with pytest.raises(Held):
        step(given_, "start", by=programme.people.director)
    Assignment.objects.filter(pk=given_.pk).update(solution="line")
    step(given_, "start", by=programme.people.director)
    assert make.again(given_).state == "running"


class EveryOperation(TestCase):
    """Whatever is tried, in whatever order: what is bound keeps its text, what is fetched its identity, no ring."""

    def setUp(self):
        units = units_of_the_world()
        self.world = type("World", (), {"units": units, "people": people_of_the_world(units)})
        self.by = self.world.people.director

    @settings(max_examples=12, deadline=None)
    @given(st.data())
    def test_bound_text_never_changes_and_nothing_follows_from_itself(self, data):
        above = a_plan(self.world, "municipal_plan_society", state="adopted", first_year=2026)
        bound = [a_thing(self.world, plan=above, order=n, title=f"Bundet {n}") for n in range(2)]
        plan = a_plan(self.world, follows_up=above)
        own = [a_thing(self.world, plan=plan, order=n, title=f"Eget {n}") for n in range(3)]
        things = bound + own
        for _turn in range(data.draw(st.integers(1, 8))):
            thing = Goal.objects.get(pk=data.draw(st.sampled_from(things)).pk)
            other = data.draw(st.sampled_from([None, *things]))
            self.attempt(
                data.draw(st.sampled_from(["rename", "thread", "fetch", "out", "move", "drop"])),
                thing,
                other,
                plan,
                above,
            )
        assert [Goal.objects.get(pk=each.pk).title for each in bound] == ["Bundet 0", "Bundet 1"]
        assert not Thread.objects.filter(item__in=[each.pk for each in bound]).exists()
        assert (
            Placement.objects.filter(plan=above, fetched_from=None, item__in=[each.pk for each in bound]).count() == 2
        )
        assert set(Placement.objects.filter(plan=plan, fetched_from=above).values_list("item", flat=True)) <= {
            each.pk for each in bound
        }
        for each in things:
            assert each.pk not in keys_above(each.pk)

    def attempt(self, what, thing, other, plan, above):
        parent = Thread.objects.filter(item=thing.pk).select_related("part_of").first()
        stored = parent.part_of if parent else None
        placements = Placement.objects.filter(item=thing.pk)
        tries = {
            "rename": lambda: self.renamed(thing, stored),
            "thread": lambda: operations.change(
                thing, version=thing.version, by=self.by, part_of=other.as_item if other else None
            ),
            "fetch": lambda: operations.fetch(plan, above, [thing.pk], by=self.by),
            "out": lambda: [operations.take_out(each, by=self.by) for each in placements],
            "move": lambda: [operations.move(each, 1, by=self.by) for each in placements],
            "drop": lambda: step(thing, "drop", by=self.by, note="Nei"),
        }
        try:
            with transaction.atomic():
                tries[what]()
        except ValidationError:
            pass

    def renamed(self, thing, stored):
        thing.title += "!"
        operations.change(thing, version=thing.version, by=self.by, part_of=stored)


def test_the_contents_are_read_with_as_few_queries_whatever_their_number(programme, signed_in, capture_queries):
    client = signed_in(programme.people.director)

    def asked(url):
        with capture_queries() as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    def grow(number):
        for place in range(number):
            goal = a_thing(programme, plan=programme.plan, part_of=programme.goal, order=place + 10)
            a_thing(programme, Measure, plan=programme.plan, part_of=goal, order=place + 500)

    pages = [
        reverse("planning:contents", args=[programme.plan.pk]),
        reverse("planning:contents", args=[programme.plan.pk]) + "?q=mål",
        reverse("planning:fetch", args=[programme.plan.pk]),
        reverse("planning:goal", args=[programme.goal.pk]),
        reverse("planning:goals"),
        reverse("planning:measures") + "?origin=planning.goal&effect=late",
        reverse("planning:challenges"),
    ]
    operations.fetch(programme.plan, programme.above, [programme.area.pk], by=programme.people.director)
    grow(3)
    few = [asked(page) for page in pages]
    grow(40)
    many = [asked(page) for page in pages]
    assert [(page, n, m) for page, n, m in zip(pages, few, many, strict=True) if m > n or m > 20] == []


def test_a_branch_is_opened_by_its_own_link_and_an_unknown_one_is_not_found(programme, signed_in):
    client, url = signed_in(programme.people.director), reverse("planning:contents", args=[programme.above.pk])
    top = client.get(url).content.decode()
    assert "Trygge barn" in top
    assert "Tidlig innsats" not in top
    assert f"?under={programme.goal.pk}" in top
    assert "Tidlig innsats" in client.get(url, {"under": programme.goal.pk}).content.decode()
    assert client.get(url, {"under": "999999"}).status_code == 404


def test_what_is_fetched_is_found_in_its_branch_or_by_its_words(programme, signed_in):
    client, url = signed_in(programme.people.director), reverse("planning:fetch", args=[programme.plan.pk])
    tick = f'name="ting" value="{programme.sub.pk}"'
    top = client.get(url).content.decode()
    assert f'name="ting" value="{programme.goal.pk}"' in top
    assert tick not in top
    branch = f"?fra={programme.above.pk}&under={programme.goal.pk}"
    assert branch.replace("&", "&amp;") in top
    assert tick in client.get(url + branch).content.decode()
    found = client.get(url, {"fra": programme.above.pk, "q": "tidlig"}).content.decode()
    assert tick in found
    assert "Barn › Trygge barn" in found
    assert client.get(url, {"under": "999999"}).status_code == 404
    client.post(url + branch, {"ting": programme.sub.pk})
    assert placed(programme.plan) == ["Tidlig innsats"]
    assert tick not in client.get(url + branch).content.decode()


def test_what_may_not_be_seen_is_neither_in_the_tree_nor_offered_nor_suggested(programme, make, signed_in):
    a_thing(programme, plan=programme.above, part_of=programme.area, title="Hemmelig satsing", **make.exempt)
    client = signed_in(programme.people.principal)
    plan = a_plan(
        programme,
        "unit_plan",
        unit=programme.units.school,
        responsible=programme.people.principal.position,
        follows_up=programme.above,
    )
    for url in (
        reverse("planning:contents", args=[programme.above.pk]),
        reverse("planning:fetch", args=[plan.pk]),
        reverse("planning:priority_area", args=[programme.area.pk]),
        reverse("planning:find_things") + "?q=hemmelig",
        reverse("planning:goals") + "?state=all",
    ):
        assert "Hemmelig" not in client.get(url).content.decode(), url


def test_a_new_thing_is_made_where_one_stands_and_one_comes_back_there(programme, signed_in):
    client, position = signed_in(programme.people.director), programme.people.principal.position
    url = f"{reverse('planning:new_goal')}?folger={programme.goal.pk}&plan={programme.plan.pk}&niva=sub"
    form = client.get(url).context["form"]
    assert (form["level"].value(), form["plan"].value()) == ("sub", str(programme.plan.pk))
    sent = {"title": "Nytt delmål", "level": "sub", "part_of": f"#{programme.goal.pk}", "plan": programme.plan.pk}
    sent |= {"unit": programme.units.school.pk, "responsible": f"#{position.pk}", "openness": "internal"}
    response = client.post(url, sent)
    assert response["Location"] == f"/planer/{programme.plan.pk}/innhold/#ting-{programme.goal.pk}"
    assert placed(programme.plan) == ["Nytt delmål"]


def test_what_is_bound_is_said_in_words_where_the_fields_would_have_been(programme, signed_in):
    page = signed_in(programme.people.director).get(reverse("planning:edit_goal", args=[programme.goal.pk]))
    assert {"title", "description", "level", "part_of"}.isdisjoint(page.context["form"].fields)
    assert "Samfunnsdelen" in page.content.decode()


def test_two_who_change_a_goal_at_once_are_both_heard(programme, signed_in, make):
    client, goal = signed_in(programme.people.director), a_thing(programme, title="Felles")
    url = reverse("planning:edit_goal", args=[goal.pk])
    sent = {"level": "main", "unit": goal.unit_id, "responsible": f"#{goal.responsible_id}", "openness": "internal"}
    assert client.post(url, sent | {"title": "Først", "version": 1}).status_code == 302
    second = client.post(url, sent | {"title": "Sist", "version": 1})
    assert second.status_code == 409
    assert "Først" in second.content.decode()
    assert make.again(goal).title == "Først"
