"""Plans as pictures: the time line and the hierarchy, and the types that order them."""

from datetime import date

import pytest
from django.urls import reverse

from styrhus.planning.drawing import WIDTH, YEAR_WIDTH, time_line, trees
from styrhus.planning.models import Plan, PlanType
from styrhus.planning.queries.plans import living_plans

pytestmark = pytest.mark.django_db
TODAY = date.today()
YEAR = TODAY.year


def named(nodes) -> list[tuple]:
    return [(node.plan.title, node.depth) for node in nodes]


def test_a_bar_covers_the_years_of_its_plan_and_says_what_lies_beyond(plans):
    inside = plans.adopted(first_year=YEAR, last_year=YEAR + 1, on=date(YEAR, 1, 1))
    beyond = plans.of(first_year=YEAR - 20)
    line = time_line([inside, beyond], YEAR - 1, TODAY)
    assert (line.bars[0].left, line.bars[0].width) == (YEAR_WIDTH, 2 * YEAR_WIDTH)
    assert (line.bars[0].began_before, line.bars[0].goes_on, line.bars[0].adopted_at) == (False, False, YEAR_WIDTH)
    assert (line.bars[1].left, line.bars[1].width) == (0, WIDTH)
    assert (line.bars[1].began_before, line.bars[1].goes_on, line.bars[1].mark) == (True, True, "")
    assert YEAR_WIDTH <= line.today_at < 2 * YEAR_WIDTH


def test_the_hierarchy_hangs_what_follows_up_an_older_version_under_the_one_that_holds(plans):
    older = plans.adopted("municipal_plan_society", title="Gammel", last_year=YEAR, on=date(YEAR - 5, 1, 1))
    plans.adopted("action_programme", title="Program", follows_up=older)
    newer = plans.of("municipal_plan_society", title="Ny", replaces=older, first_year=YEAR + 1)
    lines, loose = trees(living_plans(plans.planner))
    assert named(lines) == [("Gammel", 0), ("Program", 1)]
    assert lines[0].newer == newer
    plans.stand(older, Plan.SUPERSEDED)
    plans.stand(newer, Plan.ADOPTED)
    plans.of("sub_plan", title="Uten plan over")
    lines, loose = trees(living_plans(plans.planner))
    assert named(lines) == [("Ny", 0), ("Program", 1)]
    assert named(loose) == [("Uten plan over", 0)]
    assert [len(node.ends) for node in lines] == [0, 1]


def test_the_drawings_are_pages_with_few_queries_however_many_plans_there_are(plans, signed_in, capture_queries):
    top = plans.adopted("ownership_report", title="Øverst")
    client = signed_in(plans.planner)

    def counted() -> list[int]:
        found = []
        for url in ("/planer/tidslinje/", "/planer/hierarki/", "/planer/typer/"):
            with capture_queries() as captured:
                assert client.get(url).status_code == 200
            found.append(len(captured))
        return found

    plans.adopted(follows_up=top)
    few = counted()
    for place in range(6):
        plans.adopted(title=f"Under {place}", follows_up=top)
    assert counted() == few
    assert max(few) <= 20


def test_the_time_line_can_be_moved_and_narrowed_and_never_breaks(plans, signed_in):
    plans.adopted(title="Temaet")
    plans.adopted("unit_plan", title="Virksomheten")
    client = signed_in(plans.planner)
    shown = client.get("/planer/tidslinje/?type=unit_plan&fra=2010").content.decode()
    assert "Virksomheten" in shown
    assert "Temaet" not in shown
    assert "2010–2021" in shown
    for query in ("fra=x", "fra=99999", "fra=-1", "type=finnes-ikke", "type=%00"):
        assert client.get(f"/planer/tidslinje/?{query}").status_code == 200
    assert client.get("/planer/tidslinje/?page=9").status_code == 404


def test_the_municipality_names_and_adds_its_own_types(plans, signed_in):
    client, known = signed_in(plans.planner), PlanType.objects.get(code="thematic_plan")
    edit = reverse("planning:edit_plan_type", args=[known.pk])
    sent = {"own_name": "Fagplan", "level": 1, "revision": "yearly", "decided_by": "municipal_council", "order": 45}
    assert client.post(edit, sent).status_code == 302
    known.refresh_from_db()
    assert (str(known), known.revision) == ("Fagplan", "yearly")
    assert client.post(reverse("planning:new_plan_type"), sent | {"own_name": ""}).status_code == 422
    for _time in range(2):
        assert client.post(reverse("planning:new_plan_type"), sent | {"own_name": "Områdeløft"}).status_code == 302
    assert set(PlanType.objects.filter(own_name="Områdeløft").values_list("code", flat=True)) == {
        "omradeloft",
        "omradeloft-2",
    }


def test_types_do_not_lie_above_themselves_by_way_of_others(plans, signed_in):
    top, below = (PlanType.objects.get(code=code) for code in ("action_programme", "unit_plan"))
    sent = {"level": 1, "revision": "yearly", "decided_by": "municipal_council", "order": 1, "above": below.pk}
    refused = signed_in(plans.planner).post(reverse("planning:edit_plan_type", args=[top.pk]), sent)
    assert "above" in refused.context["form"].errors
