"""Live blocks of planning in a text."""

import re

import pytest
from django.urls import reverse

from styrhus.items.models import Item, Openness
from styrhus.planning.models import Goal, Measure, PriorityArea, Strategy
from styrhus.planning.placing import MEASURES_SHOWN, drawn
from styrhus.planning.tests.standing import a_measure_under, a_plan, a_thing
from styrhus.writing import operations as writing
from styrhus.writing.cleaning import block_mark
from styrhus.writing.models import Chapter, Heading

pytestmark = pytest.mark.django_db
KINDS = ("planning.goal", "planning.goals_of_plan", "planning.measures", "planning.chart")


@pytest.fixture
def house(world):
    """A plan with a priority area, a goal, a sub-goal, a strategy and measures; one of these lies beside the plan."""
    plan = a_plan(world, title="Handlingsprogram")
    area = a_thing(world, PriorityArea, plan=plan, title="Oppvekst")
    goal = a_thing(world, plan=plan, part_of=area, title="Alle lærer å svømme")
    sub = a_thing(world, plan=plan, part_of=goal, title="Svømming på fjerde trinn", level=Goal.Level.SUB)
    strategy = a_thing(world, Strategy, plan=plan, part_of=goal, title="Bruk sjøen")
    done = a_measure_under(world, sub, title="Bestill bassengtid", state=Measure.DONE, ended="2026-05-01T00:00Z")
    late = a_measure_under(world, sub, title="Lær opp lærerne", due="2027-06-01")
    loose = a_thing(world, Measure, plan=plan, title="Kjøp badehetter", due="2027-01-01")
    return type("House", (), locals())


def close(thing) -> None:
    exempt = {"access_code": "§ 13", "exemption_basis": "Personalsak", "reassess_on": "2030-01-01"}
    Item.objects.filter(pk=thing.pk).update(openness=Openness.EXEMPT, **exempt)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def block(name, thing, person) -> str:
    key = str(getattr(thing, "pk", thing))
    return words(drawn({name: [key]}, person).get((name, key), ""))


def test_a_goal_shows_what_stands_under_it_and_how_far_its_parts_have_come(world, house):
    shown = block("planning.goal", house.goal, world.people.director)
    assert "Delmål: Svømming på fjerde trinn" in shown
    assert "1 av 2 tiltak og oppdrag er avsluttet" in shown
    assert shown.index("Delmål:") < shown.index("Strategi: Bruk sjøen")
    assert "Bestill bassengtid" not in shown


def test_the_goals_of_a_plan_stand_in_their_tree_with_where_they_come_from(world, house):
    above = a_plan(world, "municipal_plan_society", title="Samfunnsdelen")
    fetched = a_thing(world, plan=above, title="Trygge barn")
    a_thing(world, PriorityArea, plan=house.plan, title="Klima")
    house.plan.contents.create(item=fetched.as_item, fetched_from=above)
    a_thing(world, plan=house.plan, part_of=fetched, title="Skolevei uten biler")
    a_thing(world, plan=a_plan(world), part_of=fetched, title="Et mål i en annen plan")
    html = drawn({"planning.goals_of_plan": [str(house.plan.pk)]}, world.people.director)
    html = html["planning.goals_of_plan", str(house.plan.pk)]
    assert html.count("<ul") == 4
    assert "Trygge barn Foreslått Hentet fra Samfunnsdelen Skolevei uten biler Foreslått Planens eget" in words(html)
    assert "Bruk sjøen" not in html and "badehetter" not in html and "annen plan" not in html
    close(above)
    assert "Samfunnsdelen" not in block("planning.goals_of_plan", house.plan, world.people.teacher)


def test_the_table_has_the_measures_in_a_plan_and_those_that_follow_from_it_the_open_first(world, house):
    shown = block("planning.measures", house.plan, world.people.director)
    titles = ["Kjøp badehetter", "Lær opp lærerne", "Bestill bassengtid"]
    assert sorted(titles, key=shown.index) == titles
    assert "Kjøp badehetter" not in block("planning.measures", house.goal, world.people.director)


def test_a_long_table_ends_with_a_link_to_all_of_them_in_the_register(world, house, signed_in):
    for _number in range(MEASURES_SHOWN):
        a_measure_under(world, house.goal)
    key = str(house.goal.pk)
    html = drawn({"planning.measures": [key]}, world.people.director)["planning.measures", key]
    assert html.count("<tr>") == MEASURES_SHOWN + 1
    assert "Alle 27 tiltak i registeret" in words(html)
    address = re.search(r'href="([^"]*under=[^"]*)"', html)[1].replace("&amp;", "&")
    shown = signed_in(world.people.director).get(address).content.decode()
    assert "27" in words(shown) and "badehetter" not in shown


def test_the_chart_counts_by_part_and_its_picture_is_for_who_may_see_the_goal(world, house, signed_in):
    shown = block("planning.chart", house.plan, world.people.director)
    assert "Oppvekst 1 1" in shown and "Andre tiltak 1 0" in shown
    url = reverse("planning:chart") + f"?av={house.plan.pk}"
    director, other = signed_in(world.people.director), signed_in(world.people.other_principal)
    assert director.get(url).status_code == 200
    assert director.get(url + "&format=svg")["Content-Type"] == "image/svg+xml"
    close(house.plan)
    for wanted in (url, url + "&format=json", url + "&format=svg", reverse("planning:chart") + "?av=0"):
        assert other.get(wanted).status_code == 404
    assert "Lær opp" not in other.get(reverse("planning:measures") + f"?under={house.plan.pk}").content.decode()


def test_a_block_leaves_out_what_its_reader_may_not_see(world, house):
    close(house.late)
    reader, keys = world.people.other_principal, [str(house.plan.pk), str(house.goal.pk), "all"]
    shown = words(" ".join(drawn(dict.fromkeys(KINDS, keys), reader).values()))
    assert "Bestill bassengtid" in shown and "Lær opp lærerne" not in shown
    close(house.plan)
    assert drawn(dict.fromkeys(KINDS, keys[:1]), reader) == {}


def test_blocks_are_drawn_with_the_same_number_of_questions_however_many(world, house, signed_in, capture_queries):
    outline = [Heading(f"Kapittel {n}") for n in range(12)]
    first, *rest = writing.begin(house.plan, outline, by=world.people.director)
    marks = "".join(block_mark(name, house.plan.pk) + block_mark(name, house.goal.pk) for name in KINDS)
    Chapter.objects.filter(pk=first.pk).update(text=marks)
    browser, url = signed_in(world.people.director), reverse("writing:text", args=[house.plan.pk])
    browser.get(url)
    with capture_queries() as few:
        browser.get(url)
    for chapter in rest:
        goal = a_thing(world, plan=house.plan, part_of=house.area)
        for _number in range(3):
            a_measure_under(world, goal)
        more = "".join(block_mark(name, goal.pk) for name in KINDS) + block_mark("items.item", goal.pk)
        Chapter.objects.filter(pk=chapter.pk).update(text=more)
    with capture_queries() as many:
        shown = browser.get(url).content.decode()
    assert shown.count("<figure") == 6 + 11 * 3
    assert len(many) <= min(20, len(few) + 1), [query["sql"][:150] for query in many]


def test_what_is_offered_without_words_is_the_plan_itself_and_its_goals(world, house, signed_in):
    chapter = writing.begin(house.plan, [Heading("Mål")], by=world.people.director)[0]
    browser, url = signed_in(world.people.director), reverse("writing:insert", args=[chapter.pk])
    offered = browser.get(url + "?slag=planning.measures").content.decode()
    assert "Handlingsprogram (plan" in offered and "Alle lærer å svømme (mål" in offered
    offered = browser.get(url + "?slag=planning.goals_of_plan&q=svømme").content.decode()
    assert "Alle lærer å svømme" not in offered
    browser.post(url + "?slag=planning.chart", {"key": "all", "after": 0, "version": 1})
    assert Chapter.objects.get(pk=chapter.pk).text == block_mark("planning.chart", "all")
    assert "Tiltak i hvert område, etter status" in browser.get(chapter.get_absolute_url()).content.decode()
