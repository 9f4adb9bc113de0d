"""The pages of the legal clock as people meet them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from styrhus.compliance.models import Fulfilment, LegalDeadline, RegisteredFact
from styrhus.compliance.operations import keep_fact, wind
from styrhus.compliance.tests.told import TOLD
from styrhus.items.facts import Fact

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


@pytest.fixture
def planner(world, make):
    return make.holder("planner", world.units.municipality)


@pytest.fixture
def begun(planner):
    return keep_fact(RegisteredFact(event="constituted", on=TODAY - 500 * DAY), by=planner)


def page(name, *key):
    return reverse(f"compliance:{name}", args=key)


def strategy() -> LegalDeadline:
    return LegalDeadline.objects.get(rule_id="pbl_10_1_planning_strategy")


def test_a_date_is_registered_on_a_page_and_its_deadlines_are_there(planner, signed_in):
    answer = signed_in(planner).post(page("new_fact"), {"event": "constituted", "on": "2023-10-17"})
    assert answer["Location"] == page("facts")
    assert strategy().due == date(2024, 10, 17)


def test_what_is_wrong_with_a_date_stands_at_its_field_and_nothing_is_lost(planner, signed_in):
    client = signed_in(planner)
    sent = {"event": "consultation_opened", "on": "31.31.2026", "title": "Klimaplan", "item": "#999999"}
    answer = client.post(page("new_fact"), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"on", "document_type", "item"}
    assert "Klimaplan" in answer.content.decode()
    assert not RegisteredFact.objects.exists()


def test_the_same_date_twice_is_refused_with_words(planner, begun, signed_in):
    sent = {"event": "constituted", "on": begun.on.isoformat()}
    assert signed_in(planner).post(page("new_fact"), sent).status_code == 422
    assert RegisteredFact.objects.count() == 1


def test_the_page_of_a_deadline_says_formula_section_and_what_it_costs(planner, begun, signed_in):
    wind(TODAY)
    client = signed_in(planner)
    shown = client.get(strategy().get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Senest 1 år etter konstituerende møte" in shown
    assert "plan- og bygningsloven § 10-1 første ledd" in shown
    assert 'href="https://lovdata.no/dokument/NL/lov/2008-06-27-71"' in shown
    budget = LegalDeadline.objects.filter(rule_id="kl_14_3_budget_adoption").first()
    assert "ROBEK § 28-1 e" in client.get(budget.get_absolute_url()).content.decode()


def test_a_deadline_is_met_by_hand_with_what_meets_it(world, planner, begun, signed_in):
    sent = {"on": TODAY.isoformat(), "item": f"#{world.things.open.pk}", "note": "PS 12"}
    assert signed_in(planner).post(page("fulfil", strategy().pk), sent).status_code == 302
    done = strategy()
    assert (done.state, done.is_late) == (LegalDeadline.DONE, True)
    assert Fulfilment.objects.get(fact="").item_id == world.things.open.pk
    assert "gjort for sent" in signed_in(planner).get(done.get_absolute_url()).content.decode()


def test_what_is_to_come_cannot_have_been_done(planner, begun, signed_in):
    answer = signed_in(planner).post(page("fulfil", strategy().pk), {"on": (TODAY + DAY).isoformat()})
    assert answer.context["form"].errors.keys() == {"on"}
    assert strategy().state == LegalDeadline.WAITING


def test_who_answers_for_a_deadline_meets_it_without_keeping_the_clock(world, planner, begun, signed_in):
    LegalDeadline.objects.filter(pk=strategy().pk).update(responsible=world.people.principal.position)
    assert signed_in(world.people.principal).get(page("fulfil", strategy().pk)).status_code == 200
    assert signed_in(world.people.teacher).get(page("fulfil", strategy().pk)).status_code == 403


def test_the_thing_that_meets_a_deadline_is_not_told_of_to_who_may_not_see_it(world, planner, begun, signed_in):
    Fulfilment.objects.create(deadline=strategy(), on=TODAY, item=world.things.exempt.as_item)
    shown = signed_in(world.people.teacher).get(strategy().get_absolute_url()).content.decode()
    assert "Personalsak" not in shown


def test_the_register_filters_findings_area_and_severity(planner, begun, signed_in):
    client = signed_in(planner)
    asked = {"state": "findings", "area": "planning", "severity": "high"}
    shown = client.get(page("deadlines"), asked)
    assert "Planstrategi" in shown.content.decode()
    assert "KOSTRA" not in "".join(shown.context["lines"])


def test_a_rule_that_must_be_checked_says_so_in_the_list_of_rules(planner, signed_in):
    shown = signed_in(planner).get(page("rules")).content.decode()
    assert "Må kontrolleres" in shown and "Ikke kontrollert mot lovteksten" in shown
    assert "Grense" in shown and "Fast plikt" in shown


def test_a_rule_is_switched_off_from_the_list_for_a_reason(planner, begun, signed_in):
    client = signed_in(planner)
    assert client.post(page("switch_off", "pbl_10_1_planning_strategy"), {"reason": ""}).status_code == 422
    client.post(page("switch_off", "pbl_10_1_planning_strategy"), {"reason": "Fylket gjør det."})
    assert "Fylket gjør det." in client.get(page("rules")).content.decode()
    assert client.get(page("switch_off", "no-such-rule")).status_code == 404


@pytest.fixture
def told(settings):
    settings.FACTS = "styrhus.compliance.tests.told.FACTS"
    yield TOLD
    TOLD.clear()


def test_facts_of_another_context_wind_the_clock_too(world, told):
    told += [Fact("consultation_opened", TODAY - DAY, "zoning_plan", world.things.open.pk, "Åpen skolegård")]
    wind(TODAY)
    row = LegalDeadline.objects.get(rule_id="pbl_12_10_zoning_consultation")
    assert (row.about_id, row.due) == (world.things.open.pk, TODAY + 41 * DAY)
    told.clear()
    wind(TODAY)
    assert not LegalDeadline.objects.filter(pk=row.pk).exists()


def test_what_another_context_takes_back_is_no_longer_met(world, told):
    opened = Fact("consultation_opened", TODAY - 50 * DAY, "zoning_plan", world.things.open.pk)
    told += [opened, Fact("consultation_closed", TODAY - DAY, "zoning_plan", world.things.open.pk)]
    wind(TODAY)
    row = LegalDeadline.objects.get(rule_id="pbl_12_10_zoning_consultation")
    assert (row.state, row.fulfilled_on) == (LegalDeadline.DONE, TODAY - DAY)
    told[1] = told[1]._replace(on=TODAY - 20 * DAY)
    wind(TODAY)
    assert LegalDeadline.objects.get(pk=row.pk).finding == "For kort tid"


def test_my_page_tells_who_answers_that_a_deadline_is_late_and_nobody_else(world, begun, signed_in):
    for person, told in (("director", True), ("teacher", False)):
        shown = signed_in(getattr(world.people, person)).get("/")
        assert bool(shown.context["legal_findings"]) is told
        assert ("av lovens frister som du svarer for" in shown.content.decode()) is told
