"""Plans: how they come to be, follow each other up, are adopted, made anew and repealed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items import operations as items
from styrhus.items.flow import Held
from styrhus.items.operations import step
from styrhus.planning.models import Guideline, Plan, PlanType
from styrhus.planning.operations import plans as operations
from styrhus.planning.queries.plans import reasons_against, way_of

pytestmark = pytest.mark.django_db
TODAY = date.today()
YEAR = TODAY.year
LAST_YEAR = date(YEAR - 1, 6, 1)


def reasons(error) -> dict:
    return error.value.message_dict


def test_a_plan_begins_as_proposed_and_does_not_follow_up_itself(plans):
    plan = plans.of()
    assert plan.state == Plan.PROPOSED
    plan.follows_up = plan
    assert [field for field, _reason in reasons_against(plan)] == ["follows_up"]


def test_a_ring_of_plans_is_refused_in_words_and_by_the_database(plans):
    top = plans.adopted("municipal_plan_society")
    middle = plans.adopted("action_programme", follows_up=top)
    bottom = plans.adopted("unit_plan", follows_up=middle)
    top.follows_up = bottom
    assert [field for field, _reason in reasons_against(top)] == ["follows_up"]
    with pytest.raises(IntegrityError, match="has_no_ring"), transaction.atomic():
        Plan.objects.filter(pk=top.pk).update(follows_up=bottom)


@pytest.mark.parametrize("state", [Plan.STARTED, Plan.SUPERSEDED, Plan.REPEALED])
def test_only_a_plan_in_force_can_be_followed_up(plans, state):
    above = plans.stand(plans.of(), state)
    with pytest.raises(ValidationError) as refused:
        plans.of("unit_plan", follows_up=above)
    assert "follows_up" in reasons(refused)


def test_what_a_plan_follows_up_may_lose_its_force_without_holding_up_who_changes_the_plan(plans):
    above = plans.adopted()
    plan = plans.of("unit_plan", follows_up=above)
    plans.stand(above, Plan.REPEALED)
    plan = Plan.objects.get(pk=plan.pk)
    assert list(reasons_against(plan)) == []


def test_a_new_version_that_overlaps_is_held_until_it_is_said_that_the_older_one_gives_way(plans):
    older = plans.adopted(first_year=YEAR - 4, last_year=YEAR + 3, on=LAST_YEAR)
    with pytest.raises(ValidationError) as held:
        plans.of(first_year=YEAR + 1, replaces=older)
    assert f"{YEAR - 4}–{YEAR + 3}" in reasons(held)["shortens_older"][0]
    newer = plans.of(first_year=YEAR + 1, replaces=older, shortens_older=True)
    operations.adopt(plans.stand(newer, Plan.FOR_DECISION), by=plans.planner, on=TODAY, decision="PS 2/26")
    older.refresh_from_db()
    assert (older.state, older.last_year) == (Plan.SUPERSEDED, YEAR)
    assert older.in_force_until == TODAY - timedelta(days=1)
    assert older.ended is not None
    assert newer.series == older.pk


def test_a_new_version_begins_later_than_the_one_before(plans):
    older = plans.adopted(first_year=YEAR, last_year=YEAR)
    with pytest.raises(ValidationError) as refused:
        plans.of(first_year=YEAR, replaces=older)
    assert "first_year" in reasons(refused)


def test_a_plan_has_one_next_version_that_takes_over_its_guidelines_unanswered(plans):
    older = plans.adopted(first_year=YEAR, last_year=YEAR, on=LAST_YEAR)
    Guideline.objects.create(plan=older, source="state", title="Statlige planretningslinjer", answer="Slik")
    newer = plans.of(first_year=YEAR + 1, replaces=older)
    assert [(each.title, each.answer) for each in newer.guidelines.all()] == [("Statlige planretningslinjer", "")]
    with pytest.raises(ValidationError, match=str(newer.title)):
        plans.of(first_year=YEAR + 2, replaces=older)


def test_a_new_version_that_is_dropped_does_not_stand_in_the_way_of_another(plans):
    older = plans.adopted(first_year=YEAR, last_year=YEAR, on=LAST_YEAR)
    dropped = plans.of(first_year=YEAR + 1, replaces=older)
    items.step(dropped, "drop", by=plans.planner, note="Vi venter til etter valget")
    again = plans.of(first_year=YEAR + 2, replaces=older)
    assert (again.replaces, again.series) == (older, older.pk)


def test_adoption_asks_for_a_decision_that_has_been_made(plans):
    plan = plans.stand(plans.of(), Plan.FOR_DECISION)
    with pytest.raises(ValidationError) as refused:
        operations.adopt(plan, by=plans.planner, on=TODAY + timedelta(days=1), decision=" ")
    assert {"adopted_on", "decision"} <= reasons(refused).keys()
    assert Plan.objects.get(pk=plan.pk).adopted_on is None


def test_adoption_makes_a_plan_public_and_ends_its_deadline(plans):
    plan = plans.adopted(due=TODAY)
    assert (plan.openness, plan.due, plan.state) == ("open", None, Plan.ADOPTED)
    assert plans.adopted("unit_plan").openness == "internal"


def test_an_adopted_planning_strategy_says_what_becomes_of_the_municipal_plan(plans):
    plan = plans.stand(plans.of("planning_strategy"), Plan.FOR_DECISION)
    with pytest.raises(ValidationError) as refused:
        operations.adopt(plan, by=plans.planner, on=TODAY, decision="PS 1/26")
    assert reasons(refused).keys() == {"kommuneplan", "kommuneplan_reason"}


@pytest.mark.parametrize("name", ["adopt", "supersede", "repeal"])
def test_a_step_that_asks_for_more_is_not_taken_past_its_page(plans, name):
    source = {"adopt": Plan.FOR_DECISION}.get(name, Plan.ADOPTED)
    plan = plans.stand(plans.of(), source)
    with pytest.raises(Held):
        step(plan, name, by=plans.planner, note="Snarvei")


def test_a_unit_manager_adopts_what_is_the_units_own_and_nothing_else(plans, world):
    principal, school = world.people.principal, world.units.school
    here = {"unit": school, "responsible": principal.position, "by": principal}
    own = plans.stand(plans.of("competence_plan", **here), Plan.FOR_DECISION)
    assert operations.adopt(own, by=principal, on=TODAY, decision="Rektor").state == Plan.ADOPTED
    of_the_council = plans.stand(plans.of("thematic_plan", **here), Plan.FOR_DECISION)
    with pytest.raises(PermissionDenied):
        operations.adopt(of_the_council, by=principal, on=TODAY, decision="PS 1/26")


def test_a_repealed_plan_was_in_force_to_the_day_before(plans):
    plan = plans.adopted(on=LAST_YEAR)
    with pytest.raises(ValidationError):
        operations.repeal(plan, by=plans.planner, on=LAST_YEAR, note="Feil")
    gone = operations.repeal(plan, by=plans.planner, on=TODAY, note="Ikke bruk for den")
    assert (gone.state, gone.in_force_until) == (Plan.REPEALED, TODAY - timedelta(days=1))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-2, 8), st.integers(0, 5) | st.none()), min_size=2, max_size=5))
def test_adopted_versions_of_a_plan_never_share_a_year_whatever_is_tried(plans, tried):
    """Each is (years after now that it begins, years it lasts); what is refused is left out."""
    with transaction.atomic():
        current = plans.adopted(first_year=YEAR, on=LAST_YEAR)
        for place, (begins, lasts) in enumerate(tried, start=1):
            first = YEAR + begins
            try:
                newer = plans.of(
                    first_year=first,
                    last_year=None if lasts is None else first + lasts,
                    replaces=current,
                    shortens_older=place % 2 == 1,
                )
            except ValidationError:
                continue
            on = LAST_YEAR + timedelta(days=place)
            ready = plans.stand(newer, Plan.FOR_DECISION)
            current = operations.adopt(ready, by=plans.planner, on=on, decision="PS")
        versions = Plan.objects.filter(adopted_on__isnull=False, type=current.type).order_by("first_year")
        for older, newer in pairwise(versions):
            assert older.last_year is not None
            assert older.last_year < newer.first_year
        assert [version.pk for version in versions if version.is_in_force] == [current.pk]
        transaction.set_rollback(True)


def test_a_plan_is_too_old_by_its_period_or_by_how_often_its_type_is_made_anew(plans):
    past = plans.adopted("thematic_plan", first_year=YEAR - 9, last_year=YEAR - 1, on=date(YEAR - 9, 3, 1))
    yearly = plans.adopted("action_programme", on=date(YEAR - 2, 12, 10))
    fresh = plans.adopted("municipal_plan_society", on=date(YEAR - 4, 1, 1))
    found = set(Plan.objects.too_old(TODAY))
    assert found == {past, yearly}
    assert [plan.is_too_old(TODAY) for plan in (past, yearly, fresh)] == [True, True, False]


def test_the_way_leaves_out_what_the_type_does_not_have(plans):
    names = [step["label"] for step in way_of(plans.of("thematic_plan"))]
    assert Plan.flow.label(Plan.PROGRAMME_SET) not in names
    assert Plan.flow.label(Plan.ON_CONSULTATION) not in names
    assert len(way_of(plans.of("municipal_plan_society"))) == 6


# -- pages


def test_a_planner_makes_a_plan_with_what_its_type_proposes(plans, signed_in):
    above = plans.adopted("municipal_plan_society", title="Samfunnsdelen")
    client = signed_in(plans.planner)
    url = reverse("planning:new_plan_of_type", args=["action_programme"])
    form = client.get(url).context["form"]
    assert form["follows_up"].value() == above.pk
    assert form["last_year"].value() - form["first_year"].value() == 3
    sent = {name: form[name].value() for name in ("title", "first_year", "last_year", "unit")}
    sent |= {"responsible": str(plans.planner.position.pk), "follows_up": above.pk, "openness": "internal"}
    refused = client.post(url, sent | {"last_year": form["first_year"].value() - 1})
    assert refused.status_code == 422
    assert "last_year" in refused.context["form"].errors
    assert client.post(url, sent).status_code == 302
    made = Plan.objects.get(type__code="action_programme")
    assert (made.follows_up, made.responsible) == (above, plans.planner.position)


def test_an_adopted_plan_keeps_period_and_purpose_whatever_the_form_is_sent(plans, signed_in):
    plan = plans.adopted(purpose="Slik", last_year=YEAR + 3)
    sent = {"title": "Nytt navn", "purpose": "Annerledes", "first_year": YEAR + 1, "unit": plan.unit_id}
    sent |= {"responsible": str(plan.responsible_id), "version": plan.version, "openness": plan.openness}
    assert signed_in(plans.planner).post(reverse("planning:edit_plan", args=[plan.pk]), sent).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.purpose, plan.first_year, plan.last_year) == ("Nytt navn", "Slik", YEAR, YEAR + 3)


def test_a_plan_is_adopted_from_its_page_and_warned_of_what_the_law_asks_for(plans, signed_in):
    plan = plans.stand(plans.of("action_programme"), Plan.FOR_DECISION)
    client, url = signed_in(plans.planner), reverse("planning:adopt_plan", args=[plan.pk])
    sent = {"adopted_on": TODAY.isoformat(), "decision": "PS 9/26"}
    warned = client.post(url, sent)
    assert "knowingly" in warned.context["form"].errors
    assert client.post(url, sent | {"knowingly": "on"}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == Plan.ADOPTED
    assert "kommuneloven" in plan.events.get(step="adopt").note


def test_a_new_version_is_made_from_the_page_of_the_old_one(plans, signed_in):
    older = plans.adopted(first_year=YEAR - 1, last_year=YEAR + 2, purpose="Derfor")
    url = reverse("planning:new_version", args=[older.pk])
    client = signed_in(plans.planner)
    form = client.get(url).context["form"]
    assert (form["purpose"].value(), form["last_year"].value() - form["first_year"].value()) == ("Derfor", 3)
    sent = {"title": "Ny utgave", "first_year": YEAR + 1, "unit": older.unit_id, "openness": "internal"}
    sent |= {"responsible": str(older.responsible_id)}
    assert "shortens_older" in client.post(url, sent).context["form"].errors
    assert client.post(url, sent | {"shortens_older": "on"}).status_code == 302
    assert Plan.objects.get(title="Ny utgave").series == older.pk
    shown = client.get(older.get_absolute_url()).content.decode()
    assert "Ny utgave" in shown
    assert url not in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Gjelder", "Lages", "Gammel"}),
        ("?standing=in_force", {"Gjelder", "Gammel"}),
        ("?standing=under_work", {"Lages"}),
        ("?standing=under_revision", {"Gjelder"}),
        ("?standing=too_old", {"Gammel"}),
        ("?state=all", {"Gjelder", "Lages", "Gammel", "Borte"}),
        ("?level=2", set()),
    ],
)
def test_the_overview_is_narrowed_by_how_a_plan_stands(plans, signed_in, query, expected):
    holds = plans.adopted(title="Gjelder", last_year=YEAR)
    plans.of(title="Lages", replaces=holds, first_year=YEAR + 1)
    plans.adopted(title="Gammel", first_year=YEAR - 9, last_year=YEAR - 1)
    plans.stand(plans.adopted(title="Borte"), Plan.REPEALED)
    Plan.objects.filter(title="Borte").update(ended=timezone.now())
    page = signed_in(plans.planner).get(f"/planer/{query}").context["page"]
    assert {plan.title for plan in page} == expected


def test_a_plan_that_may_not_be_seen_is_told_of_nowhere(plans, signed_in, world, make):
    holds = plans.adopted(title="Beredskap", last_year=YEAR)
    hidden = plans.of(title="Hemmelig", replaces=holds, first_year=YEAR + 1, **make.exempt)
    client = signed_in(world.people.councillor)
    for url in ("/planer/", "/planer/?state=all", "/planer/?format=csv", holds.get_absolute_url()):
        shown = b"".join(client.get(url)).decode()
        assert "Hemmelig" not in shown
        assert "nder revisjon:" not in shown
    for name in ("plan", "edit_plan", "new_version", "adopt_plan", "repeal_plan"):
        assert client.get(reverse(f"planning:{name}", args=[hidden.pk])).status_code == 404


def test_every_change_names_no_plan_that_the_reader_may_not_see(plans, signed_in, world, make):
    above, plan = plans.adopted(title="Hemmelig plan"), plans.of("unit_plan")
    Plan.objects.filter(pk=plan.pk).update(follows_up=above)
    changes = reverse("items:changes", args=[plan.pk])
    client = signed_in(world.people.principal)
    assert "Hemmelig plan" in client.get(changes).content.decode()
    Plan.objects.filter(pk=above.pk).update(**make.exempt)
    shown = client.get(changes).content.decode()
    assert "Hemmelig" not in shown
    assert "noe du ikke kan se" in shown


def test_the_pages_of_plans_take_few_queries_however_many_plans_there_are(plans, signed_in, capture_queries):
    top = plans.adopted("municipal_plan_society")
    client = signed_in(plans.planner)

    def counted():
        found = {}
        for url in ("/planer/", "/planer/ny/unit_plan/", top.get_absolute_url(), f"{top.get_absolute_url()}endre/"):
            with capture_queries() as captured:
                assert client.get(url).status_code == 200
            found[url] = len(captured)
        return found

    plans.adopted("action_programme", follows_up=top)
    few = counted()
    for place in range(12):
        plans.adopted("thematic_plan", title=f"Temaplan {place}", follows_up=top)
    many = counted()
    assert {url: number for url, number in many.items() if number > few[url] or number > 20} == {}


def test_the_page_of_a_plan_is_drawn_as_it_stood(plans, signed_in):
    plan = plans.adopted()
    page = signed_in(plans.planner).get(f"/ting/{plan.pk}/slik-det-stod/?dato={TODAY.isoformat()}")
    assert page.status_code == 200
    assert plan.decision in page.content.decode()


def test_every_standard_type_is_named(plans):
    assert all(str(each) for each in PlanType.objects.all())
