"""The thread is drawn both ways from any thing, as far as one may see it, and its gaps with it."""

from datetime import date
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.home.tests.test_gaps import an_indicator, measured
from styrhus.home.thread import UNDER_ONE, Node, thread_of
from styrhus.home.thread_drawing import Box, _flat, _placed, picture
from styrhus.planning.models import Goal, PriorityArea
from styrhus.planning.tests.standing import a_measure_under, a_plan, a_thing
from styrhus.scorecard.models import Indicator, Series, Target, Withheld
from styrhus.scorecard.status import Status

TODAY = date.today()
LAST_YEAR = date(TODAY.year - 1, 1, 1)


@pytest.fixture
def line(world):
    """From an area to a result: area, goal, goal of the school, its measure and indicator."""
    area = a_thing(world, PriorityArea, title="Oppvekst")
    goal = a_thing(world, title="Alle lærer å lese", part_of=area)
    own = a_thing(world, title="Alle i andre trinn leser", part_of=goal, unit=world.units.school)
    measure = a_measure_under(world, own, title="Lesekurs", unit=world.units.school)
    indicator = an_indicator(world, own, title="Andel som leser", unit=world.units.school)
    return {"area": area, "goal": goal, "own": own, "measure": measure, "indicator": indicator}


def as_words(nodes: list[Node]) -> list:
    """Titles with what follows from each."""
    return [(node.item.title, as_words(node.parts)) for node in nodes]


WHOLE = [
    (
        "Oppvekst",
        [("Alle lærer å lese", [("Alle i andre trinn leser", [("Lesekurs", []), ("Andel som leser", [])])])],
    )
]


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["area", "goal", "own", "measure"])
def test_the_thread_is_the_same_from_wherever_one_comes(line, world, start):
    tops = thread_of(line[start].pk, world.people.teacher, TODAY)
    assert as_words(tops) == WHOLE
    assert [box.title for box in picture(tops, TODAY).boxes if box.is_start] == [line[start].title]


@pytest.mark.django_db
def test_from_an_indicator_one_sees_the_way_up_and_what_is_done(line, world):
    tops = thread_of(line["indicator"].pk, world.people.teacher, TODAY)
    assert as_words(tops) == [
        (
            "Oppvekst",
            [("Alle lærer å lese", [("Alle i andre trinn leser", [("Andel som leser", []), ("Lesekurs", [])])])],
        )
    ]


@pytest.mark.django_db
def test_a_plan_leads_to_the_tops_of_what_it_says(world):
    plan = a_plan(world)
    goal = a_thing(world, title="Topp", plan=plan)
    a_thing(world, title="Under", plan=plan, part_of=goal)
    assert as_words(thread_of(plan.pk, world.people.teacher, TODAY)) == [(plan.title, [("Topp", [("Under", [])])])]


@pytest.mark.django_db
def test_what_may_not_be_seen_is_neither_drawn_nor_counted(line, world, make, signed_in):
    Goal.objects.filter(pk=line["own"].pk).update(**make.exempt)
    for number in range(UNDER_ONE + 3):
        hidden = make.exempt if number % 2 else {}
        a_measure_under(world, line["goal"], title=f"Tiltak {number}", unit=world.units.area, **hidden)
    goal = thread_of(line["goal"].pk, world.people.teacher, TODAY)[0].parts[0]
    # Six measures that are seen, and what follows from the hidden goal.
    assert (len(goal.parts), goal.more) == (UNDER_ONE, 0)
    assert "Alle i andre trinn leser" not in [part.item.title for part in goal.parts]
    browser = signed_in(world.people.teacher)
    assert browser.get(reverse("home:thread", args=[line["own"].pk])).status_code == 404
    assert browser.get(f"/rod-trad/{10**20}/").status_code == 404
    shown = browser.get(reverse("home:thread", args=[line["measure"].pk])).content.decode()
    assert "Alle i andre trinn leser" not in shown


@pytest.mark.django_db
def test_what_is_not_drawn_is_said_in_numbers(line, world):
    for number in range(UNDER_ONE + 3):
        a_measure_under(world, line["own"], title=f"Tiltak {number}")
    tops = thread_of(line["own"].pk, world.people.teacher, TODAY)
    own = tops[0].parts[0].parts[0]
    # The lines of before are among them: one measure and one indicator.
    assert (len(own.parts), own.more) == (UNDER_ONE, 5)


@pytest.mark.django_db
def test_four_questions_whatever_there_is(line, world, make, capture_queries):
    def asked(person) -> int:
        person.has_perm("item.follow_up")
        with capture_queries() as captured:
            tops = thread_of(line["area"].pk, person, TODAY)
            picture(tops, TODAY)
        return len(captured)

    assert asked(make.again(world.people.teacher)) == 4
    for _number in range(10):
        own = a_thing(world, part_of=line["goal"], unit=world.units.school)
        a_measure_under(world, own)
        measured(an_indicator(world, own), world.units.school, LAST_YEAR)
    assert asked(make.again(world.people.teacher)) == 4


def result_of(line, person):
    node = thread_of(line["indicator"].pk, person, TODAY)[0].parts[0].parts[0].parts[0]
    return node.result, [gap.name for gap in node.gaps]


@pytest.mark.django_db
def test_the_last_result_is_judged_by_the_nearest_target(line, world):
    indicator, teacher = line["indicator"], world.people.teacher
    assert result_of(line, teacher)[0] is None
    measured(indicator, world.units.school, LAST_YEAR, value=70)
    result, gaps = result_of(line, teacher)
    assert (result.value, result.status) == (70, Status.NO_TARGET)
    assert "indicator_without_target" in gaps
    years = {"first_year": LAST_YEAR.year, "last_year": TODAY.year}
    Target.objects.create(indicator=indicator, unit=world.units.municipality, value=60, **years)
    assert result_of(line, teacher)[0].status == Status.MET
    Target.objects.create(indicator=indicator, unit=world.units.school, value=80, **years)
    result, gaps = result_of(line, teacher)
    assert (result.status, result.aimed_at) == (Status.MISSED, "80,0")
    assert "indicator_without_target" not in gaps


@pytest.mark.django_db
def test_figures_of_units_below_are_added_up_by_the_rule_of_the_indicator(line, world):
    rule = {"aggregation": "ratio", "numerator": "leser", "denominator": "elever", "factor": 100}
    Indicator.objects.filter(pk=line["indicator"].pk).update(unit=world.units.area, **rule)
    for unit, parts in ((world.units.school, (10, 20)), (world.units.other_school, (30, 40))):
        series = Series.objects.create(indicator=line["indicator"], unit=unit, since=LAST_YEAR)
        series.measurements.create(start=LAST_YEAR, numerator=parts[0], denominator=parts[1])
    result, _gaps = result_of(line, world.people.teacher)
    assert f"{result.value:.2f}" == "66.67"


@pytest.mark.django_db
def test_a_figure_about_few_people_is_kept_back_from_all_but_the_leader(line, world):
    measured(line["indicator"], world.units.school, LAST_YEAR, value=70)
    Withheld.objects.create(indicator=line["indicator"], unit=world.units.school, start=LAST_YEAR)
    hidden, _gaps = result_of(line, world.people.teacher)
    assert (hidden.value, hidden.status, hidden.amount) == (None, Status.HIDDEN, "–")
    assert result_of(line, world.people.principal)[0].value == 70


@pytest.mark.django_db
def test_the_page_draws_each_thing_as_a_link_and_each_gap_in_words(line, world, signed_in):
    page = signed_in(world.people.teacher).get(reverse("home:thread", args=[line["own"].pk])).content.decode()
    for thing in (line["area"], line["goal"], line["own"], line["measure"]):
        assert page.count(f'<a href="{thing.get_absolute_url()}"') >= 1
        assert page.count(f'<a class="ds-link" href="{thing.get_absolute_url()}"') >= 1
    assert page.count('data-look="gap"') == 2 * 2
    for name in ("measure", "goal"):
        own_page = signed_in(world.people.teacher).get(line[name].get_absolute_url()).content.decode()
        assert reverse("home:thread", args=[line[name].pk]) in own_page


LOOKS = st.sampled_from(["thing", "result", "gap", "more"])
LEAVES = st.builds(Box, look=LOOKS, url=st.just("/"), over=st.just("Mål"), title=st.text(max_size=90))
TREES = st.recursive(
    LEAVES,
    lambda parts: st.builds(
        Box, look=LOOKS, url=st.just("/"), over=st.just(""), title=st.just("Mål"), parts=st.lists(parts, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None)
@given(trees=st.lists(TREES, min_size=1, max_size=3))
def test_no_box_lies_on_another_and_all_words_lie_within(trees):
    bottom = 0
    for tree in trees:
        bottom = _placed(tree, 0, bottom)
    boxes = sorted((box for tree in trees for box in _flat(tree, 0)), key=lambda box: (box.column, box.top))
    for one, other in pairwise(boxes):
        assert one.column != other.column or one.top + one.height <= other.top
    assert max(box.top + box.height for box in boxes) <= bottom
    assert all(y < box.height for box in boxes if box.look == "thing" for y, _line in box.lines)
