"""The pages on which work is given, cornerstones are kept, and things are moved in a plan and taken out of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from styrhus.planning.models import Assignment, Cornerstone, Measure, Placement
from styrhus.planning.tests.standing import a_plan, a_thing

pytestmark = pytest.mark.django_db
TODAY = date.today()


@pytest.fixture
def giving(world, signed_in):
    goal = a_thing(world, title="Trygge barn")
    sent = {"kind": Assignment.kind_name(), "title": "Lag en plan", "due": (TODAY + timedelta(days=60)).isoformat()}
    sent |= {"units": [world.units.school.pk, world.units.other_school.pk, world.units.department.pk]}
    client, url = signed_in(world.people.area_director), reverse("planning:give", args=[goal.pk])
    return world.__class__(goal=goal, sent=sent, client=client, url=url)


def test_work_is_shown_with_who_would_get_it_before_anything_is_given(giving, world):
    listed = giving.client.post(giving.url, giving.sent).context["listed"]
    leaders = {line["unit"]: line["leader"] for line in listed}
    assert leaders[world.units.school] == world.people.principal.position
    assert not Assignment.objects.exists()
    assert giving.client.post(giving.url, giving.sent | {"confirmed": "1"}).url == giving.goal.get_absolute_url()
    made = Assignment.objects.filter(thread__part_of=giving.goal.pk)
    assert {each.responsible for each in made} == {leader for leader in leaders.values() if leader}


def test_units_that_one_does_not_lead_are_not_offered_nor_taken(giving, world):
    offered = giving.client.get(giving.url).context["form"].fields["units"].queryset
    assert world.units.school in offered
    assert world.units.harbour not in offered
    refused = giving.client.post(giving.url, giving.sent | {"units": [world.units.harbour.pk], "confirmed": "1"})
    assert "units" in refused.context["form"].errors
    assert not Assignment.objects.exists()


def test_a_measure_is_given_as_well_and_what_has_ended_gives_nothing(giving, world):
    giving.client.post(giving.url, giving.sent | {"kind": Measure.kind_name(), "confirmed": "1"})
    assert Measure.objects.filter(thread__part_of=giving.goal.pk, title="Lag en plan").count() >= 2
    type(giving.goal).objects.filter(pk=giving.goal.pk).update(state="reached", ended="2026-01-01T00:00Z")
    assert giving.client.get(giving.url).status_code == 403


def test_cornerstones_are_shown_as_they_were_on_a_day_and_end_on_their_last(make, world, signed_in):
    old = Cornerstone.objects.create(kind="value", name="Åpen", since=date(2016, 1, 1), until=date(2019, 12, 31))
    client = signed_in(make.holder("planner", world.units.municipality))
    sent = {"kind": "value", "name": "Modig", "since": "2020-01-01", "order": 0}
    assert client.post(reverse("planning:new_cornerstone"), sent).status_code == 302
    new = Cornerstone.objects.get(name="Modig")

    def named(day) -> set[str]:
        groups = client.get(reverse("planning:cornerstones"), {"dato": day}).context["groups"]
        return {stone.name for group in groups for stone in group["stones"]}

    assert (named("2018-05-01"), named("2019-12-31"), named("2020-01-01")) == ({"Åpen"}, {"Åpen"}, {"Modig"})
    assert named("ikke en dag") == {"Modig"}
    end = reverse("planning:end_cornerstone", args=[new.pk])
    assert "until" in client.post(end, {"until": "2019-01-01"}).context["form"].errors
    assert client.post(end, {"until": "2024-06-30"}).status_code == 302
    assert named("2024-07-01") == set()
    later = client.post(reverse("planning:edit_cornerstone", args=[new.pk]), sent | {"since": "2025-01-01"})
    assert "since" in later.context["form"].errors
    edited = client.post(
        reverse("planning:edit_cornerstone", args=[old.pk]), sent | {"name": "", "since": "2016-01-01"}
    )
    assert "name" in edited.context["form"].errors


def test_a_thing_is_moved_by_a_button_and_one_comes_back_to_it(world, signed_in):
    plan = a_plan(world)
    area = a_thing(world, plan=plan, order=1, title="Øverst")
    first, second = (a_thing(world, plan=plan, part_of=area, order=n, title=f"{n}") for n in (2, 3))
    client = signed_in(world.people.director)
    url = reverse("planning:move", args=[plan.pk, second.pk])
    answer = client.post(url, {"way": "up", "under": str(area.pk)})
    assert answer.url == f"/planer/{plan.pk}/innhold/?under={area.pk}#ting-{second.pk}"
    order = list(Placement.objects.filter(plan=plan).values_list("item", flat=True))
    assert order == [area.pk, second.pk, first.pk]


def test_what_is_taken_out_is_asked_about_first_and_what_is_held_is_said(world, signed_in):
    above = a_plan(world, "municipal_plan_society", state="adopted")
    goal = a_thing(world, plan=above, title="Hentet")
    plan = a_plan(world, follows_up=above)
    Placement.objects.create(plan=plan, item=goal.as_item, fetched_from=above)
    own = a_thing(world, Measure, plan=plan, part_of=goal, title="Eget tiltak")
    client, url = signed_in(world.people.director), reverse("planning:take_out", args=[plan.pk, goal.pk])
    assert "Hentet" in client.get(url).content.decode()
    refused = client.post(url)
    assert refused.status_code == 422
    assert "Eget tiltak" in refused.content.decode()
    client.post(reverse("planning:take_out", args=[plan.pk, own.pk]))
    assert client.post(url).status_code == 302
    assert not Placement.objects.filter(plan=plan).exists()
    assert Placement.objects.filter(plan=above, item=goal).exists()


def test_of_a_plan_that_one_only_reads_nothing_is_moved_or_taken_out(world, signed_in):
    plan = a_plan(world)
    goal = a_thing(world, plan=plan)
    client = signed_in(world.people.teacher)
    for name in ("move", "take_out"):
        assert client.post(reverse(f"planning:{name}", args=[plan.pk, goal.pk]), {"way": "up"}).status_code == 403
    assert Placement.objects.filter(plan=plan).count() == 1


def test_who_lets_a_vacant_position_answer_is_warned(world, make, signed_in):
    vacant, client = make.position("Ledig stilling", world.units.school), signed_in(world.people.principal)
    sent = {"title": "Nytt gjerde", "unit": world.units.school.pk, "openness": "internal", "progress": 0}

    def told(url, position) -> list[str]:
        page = client.post(url, sent | {"responsible": f"#{position.pk}"}, follow=True)
        return [str(each) for each in page.context["messages"] if each.level_tag == "warning"]

    new = reverse("planning:new_measure")
    assert told(new, world.people.principal.position) == []
    assert "Ledig stilling" in told(new, vacant)[0]
    measure = Measure.objects.get(responsible=world.people.principal.position, title="Nytt gjerde")
    sent["version"] = measure.version
    assert "Ledig stilling" in told(reverse("planning:edit_measure", args=[measure.pk]), vacant)[0]
