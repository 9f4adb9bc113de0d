"""Focus areas from a year on, and the goals that are followed in them."""

from datetime import date

import pytest
from django.urls import reverse

from styrhus.planning.models import Goal
from styrhus.planning.tests.standing import a_thing
from styrhus.scorecard.models import FocusArea, Indicator, ScorecardGoal
from styrhus.scorecard.queries.cards import card
from styrhus.scorecard.status import Status
from styrhus.scorecard.tests.conftest import a_figure, a_series

pytestmark = pytest.mark.django_db
THIS_YEAR = date.today().year


@pytest.fixture
def planner(world, make):
    return make.holder("planner", world.units.municipality)


def sent(area: FocusArea, **changed) -> dict:
    return {"name": area.name, "question": area.question, "order": area.order, "colour": area.colour} | changed


def areas_on_card(world, year: int) -> list[str]:
    areas, _more = card(world.units.school, on=date(year, 6, 1), person=world.people.principal)
    return [each.area.name for each in areas]


def test_a_new_name_holds_from_its_year_and_the_years_before_keep_the_old(world, signed_in, planner, an_indicator):
    area = FocusArea.objects.get(name="Medarbeidere")
    indicator = an_indicator("sum", focus_area=area)
    a_series(indicator, world.units.school)
    client = signed_in(planner)
    answer = client.post(
        reverse("scorecard:edit_focus_area", args=[area.pk]), sent(area, name="Folkene våre", first_year=THIS_YEAR + 1)
    )
    assert answer.status_code == 302
    assert "Medarbeidere" in areas_on_card(world, THIS_YEAR) and "Folkene våre" not in areas_on_card(world, THIS_YEAR)
    assert "Folkene våre" in areas_on_card(world, THIS_YEAR + 1)
    later, _more = card(world.units.school, on=date(THIS_YEAR + 1, 6, 1), person=world.people.principal)
    assert [line.indicator for each in later if each.area.name == "Folkene våre" for line in each.lines] == [indicator]


def test_a_year_that_is_over_is_refused_and_what_was_typed_stays(signed_in, planner):
    area = FocusArea.objects.get(name="Brukere")
    answer = signed_in(planner).post(
        reverse("scorecard:edit_focus_area", args=[area.pk]), sent(area, name="Innbyggere", first_year=THIS_YEAR - 1)
    )
    assert answer.status_code == 422 and b'value="Innbyggere"' in answer.content
    assert FocusArea.objects.get(pk=area.pk).name == "Brukere"


def test_a_goal_without_an_indicator_says_why(world, signed_in, planner):
    goal = a_thing(world, Goal, unit=world.units.school)
    fields = {"goal": goal.pk, "focus_area": FocusArea.objects.first().pk, "first_year": THIS_YEAR}
    client, address = signed_in(planner), reverse("scorecard:new_goal")
    assert client.post(address, fields).status_code == 422
    assert not ScorecardGoal.objects.exists()
    assert client.post(address, fields | {"without_indicator": "Vurderes i ord"}).status_code == 302
    assert ScorecardGoal.objects.get().goal == goal


def test_only_who_sets_up_the_scorecard_makes_a_goal_common(world, signed_in):
    goal = a_thing(world, Goal, unit=world.units.school)
    fields = {"goal": goal.pk, "focus_area": FocusArea.objects.first().pk, "first_year": THIS_YEAR}
    answer = signed_in(world.people.principal).post(
        reverse("scorecard:new_goal"), fields | {"without_indicator": "I ord", "is_common": "on"}
    )
    assert answer.status_code == 302 and not ScorecardGoal.objects.get().is_common


def test_a_goal_is_as_good_as_its_worst_indicator(world, an_indicator):
    goal, area = a_thing(world, Goal, unit=world.units.school), FocusArea.objects.first()
    ScorecardGoal.objects.create(goal=goal, focus_area=area, first_year=THIS_YEAR)
    for value in (3, 9):
        indicator = an_indicator("sum", of_goal=goal, focus_area=area)
        a_figure(a_series(indicator, world.units.school), THIS_YEAR - 1, value=value)
        indicator.targets.create(unit=world.units.school, first_year=THIS_YEAR - 1, last_year=THIS_YEAR, value=5)
    an_indicator("sum", of_goal=goal, focus_area=area)
    areas, _more = card(world.units.school, on=date.today(), person=world.people.principal)
    shown = next(each for each in areas if each.area == area)
    assert [each.status for each in shown.goals] == [Status.MISSED]


def test_a_goal_leaves_the_card_after_its_last_year(world):
    goal = a_thing(world, Goal, unit=world.units.school)
    followed = ScorecardGoal.objects.create(goal=goal, focus_area=FocusArea.objects.first(), last_year=THIS_YEAR - 1)
    areas, _more = card(world.units.school, on=date.today(), person=world.people.principal)
    assert not any(each.goals for each in areas)
    before, _more = card(world.units.school, on=date(THIS_YEAR - 1, 6, 1), person=world.people.principal)
    assert [goal.followed for each in before for goal in each.goals] == [followed]


def test_what_another_measures_of_a_common_goal_leaves_the_card_with_the_goal(world, an_indicator):
    goal, school = a_thing(world, Goal, unit=world.units.other_school), world.units.school
    area = FocusArea.objects.first()
    ScorecardGoal.objects.create(goal=goal, focus_area=area, is_common=True, last_year=THIS_YEAR - 1)
    indicator = an_indicator(of_goal=goal, focus_area=area)
    Indicator.objects.filter(pk=indicator.pk).update(unit=world.units.other_school)
    a_series(indicator, school)

    def shown(year: int) -> list:
        areas, _more = card(school, on=date(year, 6, 1), person=world.people.director)
        return [line.indicator for each in areas for line in each.lines]

    assert shown(THIS_YEAR - 1) == [indicator]
    assert shown(THIS_YEAR) == []


def test_two_areas_of_a_year_are_told_apart_and_what_was_typed_stays(signed_in, planner):
    brukere = FocusArea.objects.get(name="Brukere")
    client, new = signed_in(planner), reverse("scorecard:new_focus_area")
    refused = client.post(new, sent(brukere, question="En gang til?", first_year=THIS_YEAR + 1))
    assert refused.status_code == 422 and b"En gang til?" in refused.content
    client.post(reverse("scorecard:end_focus_area", args=[brukere.pk]), {"last_year": THIS_YEAR})
    assert client.post(new, sent(brukere, first_year=THIS_YEAR)).status_code == 422
    assert client.post(new, sent(brukere, first_year=THIS_YEAR + 1)).status_code == 302


def test_what_is_in_no_focus_area_stands_on_the_card_and_a_replaced_area_is_found_by_its_heir(
    world, signed_in, planner, an_indicator
):
    a_series(an_indicator("sum", title="Utenfor alt", focus_area=None), world.units.school)
    area = FocusArea.objects.get(name="Medarbeidere")
    a_series(an_indicator("sum", title="Trivsel", focus_area=area), world.units.school)
    client = signed_in(planner)
    card_page = client.get(reverse("scorecard:unit_scorecard", args=[world.units.school.pk])).text
    assert card_page.index("Trivsel") < card_page.index("Uten fokusområde") < card_page.index("Utenfor alt")
    client.post(reverse("scorecard:edit_focus_area", args=[area.pk]), sent(area, name="Folk", first_year=THIS_YEAR + 1))
    heir = FocusArea.objects.get(name="Folk")
    found = client.get(reverse("scorecard:indicators"), {"area": heir.pk}).text
    assert "Trivsel" in found and "Utenfor alt" not in found
