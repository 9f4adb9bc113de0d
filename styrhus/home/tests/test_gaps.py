"""Each gap in the thread is found, and found no more when it is mended."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from styrhus.home.gaps import Findings
from styrhus.items.controls import controls
from styrhus.items.models import Item
from styrhus.planning.models import EffectEvaluation, Goal, Measure, Plan, Strategy
from styrhus.planning.tests.standing import a_measure_under, a_plan, a_thing
from styrhus.scorecard.models import FocusArea, Indicator, Measurement, ScorecardGoal, Series, Target
from styrhus.scorecard.periods import Frequency

pytestmark = pytest.mark.django_db
TODAY = date.today()
YESTERDAY = TODAY - timedelta(days=1)
NUMBERS = count(1)


def gaps_of(thing, on=TODAY) -> set[str]:
    itself = Item.objects.filter(pk=thing.pk)
    return {each.name for each in controls() if each.find(itself, on).exists()}


def an_indicator(world, goal=None, **fields) -> Indicator:
    fixed = {"unit": world.units.municipality, "responsible": world.people.director.position}
    fixed |= {"title": f"Indikator {next(NUMBERS)}", "measured_in": "prosent", "aggregation": "sum"}
    fixed |= {"kind": Indicator.kind_name(), "state": Indicator.IN_USE, "of_goal": goal}
    return Indicator.objects.create(**fixed | fields)


def measured(indicator, unit, start, value=5, since=date(2000, 1, 1)) -> Series:
    series = Series.objects.create(indicator=indicator, unit=unit, since=since)
    if start:
        Measurement.objects.create(series=series, start=start, value=Decimal(value))
    return series


@pytest.mark.parametrize("mender", [Goal, Measure])
def test_a_goal_above_is_lacking_a_unit_until_something_follows_from_it(world, mender):
    goal = a_thing(world, unit=world.units.area)
    assert gaps_of(goal) == {"goal_without_unit"}
    part = a_thing(world, mender, part_of=goal, unit=world.units.school)
    assert gaps_of(goal) == set()
    mender.objects.filter(pk=part.pk).update(state="dropped", ended=timezone.now())
    assert gaps_of(goal) == {"goal_without_unit"}


def test_what_follows_by_way_of_a_strategy_follows_up_the_goal(world):
    goal = a_thing(world)
    strategy = a_thing(world, Strategy, part_of=goal)
    assert gaps_of(goal) == {"goal_without_unit"}
    a_measure_under(world, strategy)
    assert gaps_of(goal) == set()


def test_a_goal_that_has_ended_lacks_nothing(world):
    assert gaps_of(a_thing(world, state="reached", ended=timezone.now())) == set()


def test_a_goal_of_a_unit_is_to_have_a_measure_and_an_indicator(world):
    goal = a_thing(world, unit=world.units.school)
    assert gaps_of(goal) == {"goal_without_measure", "goal_without_indicator"}
    a_measure_under(world, goal)
    assert gaps_of(goal) == {"goal_without_indicator"}
    indicator = an_indicator(world, goal)
    assert gaps_of(goal) == set()
    Indicator.objects.filter(pk=indicator.pk).update(state="ended", ended=timezone.now())
    assert gaps_of(goal) == {"goal_without_indicator"}


def test_a_goal_that_says_why_is_judged_in_words(world):
    goal = a_thing(world, unit=world.units.school)
    followed = ScorecardGoal.objects.create(goal=goal, focus_area=FocusArea.objects.first())
    assert "goal_without_indicator" in gaps_of(goal)
    followed.without_indicator = "Vurderes i ord"
    followed.save()
    assert "goal_without_indicator" not in gaps_of(goal)


def test_an_indicator_whose_position_is_vacant_has_no_owner(world, make):
    vacant = make.position("Kvalitetssjef", world.units.municipality)
    indicator = an_indicator(world, is_key_figure=True, responsible=vacant)
    assert "indicator_without_owner" in gaps_of(indicator)
    make.appointment(world.people.guest, vacant)
    assert "indicator_without_owner" not in gaps_of(indicator)


def test_an_indicator_is_to_have_a_target_this_year_and_a_key_figure_is_not(world):
    indicator, key_figure = an_indicator(world), an_indicator(world, is_key_figure=True)
    assert "indicator_without_target" in gaps_of(indicator)
    assert "indicator_without_target" not in gaps_of(key_figure)
    aimed = {"indicator": indicator, "unit": world.units.municipality, "value": 8}
    Target.objects.create(first_year=TODAY.year - 1, last_year=TODAY.year - 1, **aimed)
    assert "indicator_without_target" in gaps_of(indicator)
    Target.objects.create(first_year=TODAY.year, last_year=TODAY.year + 3, **aimed)
    assert "indicator_without_target" not in gaps_of(indicator)


MISSING = "indicator_without_value"
# How often, days to deliver, the period measured last, the last day on which that is fresh.
FRESH = (
    (Frequency.YEARLY, 30, date(2024, 1, 1), date(2026, 1, 30)),
    (Frequency.MONTHLY, 10, date(2026, 1, 1), date(2026, 3, 10)),
    (Frequency.MONTHLY, 70, date(2026, 1, 1), date(2026, 5, 9)),
    (Frequency.FOUR_MONTHLY, 20, date(2025, 9, 1), date(2026, 5, 20)),
    (Frequency.BIENNIAL, 60, date(2024, 1, 1), date(2027, 3, 1)),
)


@pytest.mark.parametrize(("frequency", "days", "start", "last_day"), FRESH)
def test_a_figure_is_missing_the_day_after_it_should_have_been_in(world, frequency, days, start, last_day):
    indicator = an_indicator(world, is_key_figure=True, frequency=frequency, days_to_deliver=days)
    series = measured(indicator, world.units.school, start)
    assert MISSING not in gaps_of(indicator, last_day)
    assert MISSING in gaps_of(indicator, last_day + timedelta(days=1))
    Measurement.objects.filter(series=series).update(replaced_in=1, replaced_at=timezone.now())
    assert MISSING in gaps_of(indicator, last_day)


def test_what_began_later_is_not_waited_for_and_what_is_measured_nowhere_is(world):
    on = date(2026, 6, 1)
    indicator = an_indicator(world, is_key_figure=True)
    assert MISSING in gaps_of(indicator, on)
    measured(indicator, world.units.school, None, since=date(2026, 1, 1))
    assert MISSING not in gaps_of(indicator, on)
    assert MISSING in gaps_of(indicator, date(2027, 6, 1))
    Indicator.objects.filter(pk=indicator.pk).update(state=Indicator.DRAFT)
    assert MISSING not in gaps_of(indicator, date(2027, 6, 1))


def test_a_measure_past_its_deadline_is_found_until_it_ends(world):
    measure = world.things.internal
    assert gaps_of(measure) == set()
    Measure.objects.filter(pk=measure.pk).update(due=YESTERDAY)
    assert gaps_of(measure) == {"measure_overdue"}
    Measure.objects.filter(pk=measure.pk).update(ended=timezone.now(), state=Measure.DONE)
    assert gaps_of(measure) == set()


def test_a_closed_measure_is_found_from_its_day_until_its_effect_is_judged(world):
    measure = world.things.internal
    Measure.objects.filter(pk=measure.pk).update(ended=timezone.now(), state=Measure.DONE, evaluate_on=YESTERDAY)
    assert gaps_of(measure, YESTERDAY) == set()
    assert gaps_of(measure) == {"measure_not_evaluated"}
    said = {"measure": measure, "evidence": "Målt", "by": world.people.principal, "on": TODAY}
    EffectEvaluation.objects.create(verdict="unknown", **said)
    assert gaps_of(measure) == {"measure_not_evaluated"}
    EffectEvaluation.objects.create(verdict="no", **said)
    assert gaps_of(measure) == set()


def test_a_plan_past_its_period_is_found(world):
    plan = a_plan(world, state="adopted", first_year=2020, last_year=TODAY.year - 1)
    assert gaps_of(plan) == {"plan_too_old"}
    Plan.objects.filter(pk=plan.pk).update(last_year=TODAY.year, adopted_on=TODAY)
    assert gaps_of(plan) == set()


REGISTER = "home:gaps"


@pytest.fixture
def late(world):
    """Everything of the world is overdue: one measure is exempt, and one open to all."""
    Measure.objects.update(due=YESTERDAY)
    return world.things


def titles(response) -> set[str]:
    return {finding.item.title for finding in response.context["page"].object_list}


def test_nobody_reads_or_counts_gaps_of_what_they_may_not_see(late, world, signed_in):
    def shown(person):
        response = signed_in(person).get(reverse(REGISTER))
        return titles(response), {line["number"] for line in response.context["counted"]} - {0}

    assert shown(world.people.councillor) == ({late.open.title}, {1})
    assert late.exempt.title not in shown(world.people.teacher)[0]
    assert late.exempt.title in shown(world.people.principal)[0]
    exported = b"".join(signed_in(world.people.teacher).get(reverse(REGISTER) + "?format=csv")).decode()
    assert late.internal.title in exported
    assert late.exempt.title not in exported


def test_the_register_narrows_to_a_gap_a_unit_and_what_one_answers_for(late, world, signed_in):
    a_thing(world, unit=world.units.school, title="Mål uten alt")
    browser, url = signed_in(world.people.principal), reverse(REGISTER)
    assert titles(browser.get(url + "?gap=goal_without_measure")) == {"Mål uten alt"}
    assert titles(browser.get(f"{url}?unit={world.units.harbour.pk}")) == {late.harbour.title}
    assert late.elsewhere.title not in titles(browser.get(url + "?mine=on"))
    assert titles(browser.get(url + "?q=kai")) == {late.harbour.title}


@pytest.mark.parametrize("sort", ["gap", "-gap", "title", "-unit", "due"])
def test_the_register_asks_as_much_of_many_gaps_as_of_few(late, world, make, signed_in, capture_queries, sort):
    browser, url = signed_in(world.people.director), f"{reverse(REGISTER)}?sort={sort}"

    def asked() -> int:
        with capture_queries() as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    few = asked()
    for number in range(40):
        make.measure(f"Tiltak {number}", world.units.school, world.people.principal.position, due=YESTERDAY)
    assert asked() == few <= 20


def test_pages_of_findings_follow_each_other_without_loss(late, world):
    seen = Findings(Item.objects.visible_to(world.people.principal), TODAY, sort="title")
    whole = [(finding.control.name, finding.item.pk) for finding in seen.iterator(2)]
    by_page = [
        (each.control.name, each.item.pk) for start in range(0, len(seen), 2) for each in seen[start : start + 2]
    ]
    assert by_page == whole
    assert len(whole) == len(seen) == 6
