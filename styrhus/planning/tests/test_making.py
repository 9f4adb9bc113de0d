"""The making of plans: consultation, objections, programme, guidelines and what a strategy says of all of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from styrhus.items.flow import Held
from styrhus.items.models import FollowUp
from styrhus.items.operations import step
from styrhus.planning.models import Consultation, Guideline, Judgement, Objection, Plan, ProgrammeEntry
from styrhus.planning.operations import making
from styrhus.planning.operations import plans as operations
from styrhus.planning.queries.facts import facts

pytestmark = pytest.mark.django_db
TODAY = date.today()
PROGRAMME, PROPOSAL = Consultation.About
KOMMUNEPLAN = {"kommuneplan": "continued", "kommuneplan_reason": "Den er god nok"}


def consult(plan, by, about=PROPOSAL, *, ago=60, closed=True) -> Consultation:
    """A consultation of six weeks that opened so many days ago."""
    opened = TODAY - timedelta(days=ago)
    wanted = Consultation(plan=plan, about=about, opened=opened, closes=opened + timedelta(weeks=6))
    made = making.open_consultation(wanted, by=by)
    return making.close_consultation(made, by=by, assessment="Innspillene er vurdert") if closed else made


def objected(plans, code="zoning_plan", **fields) -> Objection:
    plan = plans.stand(plans.of(code, **fields), Plan.ON_CONSULTATION)
    wanted = Objection(plan=plan, authority="Statsforvalteren", received_on=TODAY, parts="Felt B4")
    return making.object_to(wanted, by=plans.planner)


def test_a_municipal_plan_goes_by_programme_and_two_consultations_to_its_decision(plans):
    by, plan = plans.planner, plans.of("municipal_plan_society")
    step(plan, "start", by=by)
    for name in ("set_programme", "submit"):
        with pytest.raises(Held):
            step(plan, name, by=by)
    with pytest.raises(ValidationError):
        consult(plan, by)
    consult(plan, by, PROGRAMME)
    step(plan, "set_programme", by=by)
    with pytest.raises(Held):
        step(plan, "submit", by=by)
    sent = consult(plan, by, ago=10, closed=False)
    assert Plan.objects.get(pk=plan.pk).openness == "open"
    with pytest.raises(Held):
        step(plan, "submit", by=by)
    with pytest.raises(ValidationError):
        making.close_consultation(sent, by=by, assessment="For tidlig")
    Consultation.objects.filter(pk=sent.pk).update(closes=TODAY - timedelta(days=1))
    making.close_consultation(sent, by=by, assessment="Skolen ble flyttet")
    assert making.submit(plan, by=by, published_on=None, decided_at=None)
    assert Plan.objects.get(pk=plan.pk).state == Plan.FOR_DECISION


def test_a_plan_without_programme_or_consultation_goes_straight_to_its_decision(plans):
    plan = plans.of("thematic_plan")
    step(plan, "start", by=plans.planner)
    with pytest.raises(Held):
        step(plan, "set_programme", by=plans.planner)
    making.submit(plan, by=plans.planner, published_on=TODAY, decided_at=None)
    plan.refresh_from_db()
    assert (plan.state, plan.openness) == (Plan.FOR_DECISION, "open")


def test_what_must_come_before_a_consultation_is_said_before_the_form_is_filled_in(plans, signed_in):
    plan = plans.stand(plans.of("municipal_plan_society"), Plan.STARTED)
    client = signed_in(plans.planner)
    proposal, programme = (
        reverse("planning:open_consultation", args=[plan.pk, about]) for about in ("forslag", "program")
    )
    held = client.get(proposal)
    assert held.context["held"] == ["Fastsett planprogrammet først."]
    assert 'name="opened"' not in held.content.decode()
    assert client.get(programme).context["held"] == []
    consult(plan, plans.planner, PROGRAMME, ago=10, closed=False)
    assert "åpen" in client.get(programme).context["held"][0]
    refused = client.post(proposal, {"opened": TODAY.isoformat(), "closes": TODAY.isoformat(), "asked": "Naboene"})
    assert refused.status_code == 422
    assert "Naboene" in refused.content.decode()


def test_a_shorter_consultation_than_the_law_says_is_never_sent_silently(plans, signed_in):
    plan = plans.stand(plans.of("zoning_plan"), Plan.STARTED)
    client, url = signed_in(plans.planner), reverse("planning:open_consultation", args=[plan.pk, "forslag"])
    sent = {"opened": TODAY.isoformat(), "closes": (TODAY + timedelta(days=41)).isoformat(), "asked": "Alle"}
    warned = client.post(url, sent)
    assert "pbl kap. 12" in str(warned.context["form"].errors["knowingly"])
    assert b"Alle" in warned.content
    assert not Consultation.objects.exists()
    assert client.post(url, sent | {"knowingly": "on"}).status_code == 302
    assert "pbl kap. 12" in plan.events.get(step="open_consultation").note
    assert client.post(url, sent | {"knowingly": "on"}).status_code == 422


def test_six_whole_weeks_need_no_warning(plans, signed_in):
    plan = plans.stand(plans.of("zoning_plan"), Plan.STARTED)
    client, url = signed_in(plans.planner), reverse("planning:open_consultation", args=[plan.pk, "forslag"])
    sent = {"opened": TODAY.isoformat(), "closes": (TODAY + timedelta(days=42)).isoformat()}
    assert client.post(url, sent).status_code == 302


def test_a_plan_adopted_with_an_objection_binds_in_part_until_the_last_one_is_settled(plans, signed_in):
    objection = objected(plans)
    plan = plans.stand(objection.plan, Plan.FOR_DECISION)
    adopted = operations.adopt(plan, by=plans.planner, on=TODAY, decision="PS 3/26")
    assert adopted.scope == "parts_under_objection"
    duty = FollowUp.objects.get(item=plan.pk)
    assert (duty.due, duty.responsible) == (TODAY + timedelta(days=14), plan.responsible)
    objection.refresh_from_db()
    objection.sent_on = TODAY
    making.follow_objection(objection, by=plans.planner)
    duty.refresh_from_db()
    assert duty.done is not None
    url = reverse("planning:objection", args=[plan.pk, objection.pk])
    client = signed_in(plans.planner)
    refused = client.post(url, {"outcome": "withdrawn"})
    assert "settled_on" in refused.context["form"].errors
    assert client.post(url, {"outcome": "withdrawn", "settled_on": TODAY.isoformat()}).status_code == 302
    plan.refresh_from_db()
    assert plan.scope == "whole"
    assert plan.events.filter(step="settle_objections").exists()


def test_nobody_objects_to_what_is_adopted_or_to_a_type_without_objections(plans):
    for plan in (plans.adopted("zoning_plan"), plans.of("unit_plan")):
        wanted = Objection(plan=plan, authority="Fylket", received_on=TODAY, parts="Alt")
        with pytest.raises(ValidationError):
            making.object_to(wanted, by=plans.planner)


def test_a_study_in_the_programme_is_a_duty_of_somebody(plans, signed_in):
    plan = plans.of("municipal_plan_society")
    client, url = signed_in(plans.planner), reverse("planning:programme", args=[plan.pk])
    sent = {"kind": "study", "title": "Befolkningsprognose", "responsible": str(plans.planner.position.pk)}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"due": "2030-01-01"}).status_code == 302
    entry = ProgrammeEntry.objects.get()
    assert entry.follow_up.responsible == plans.planner.position
    edit = reverse("planning:edit_entry", args=[plan.pk, entry.pk])
    assert client.post(edit, sent | {"title": "Prognose", "due": "2030-02-01"}).status_code == 302
    assert FollowUp.objects.get().what == "Prognose"
    client.post(reverse("planning:remove_entry", args=[plan.pk, entry.pk]))
    assert not ProgrammeEntry.objects.exists()
    assert not FollowUp.objects.exists()


def test_guidelines_are_written_while_the_plan_is_made_and_not_after(plans, signed_in):
    plan = plans.of("thematic_plan")
    client, url = signed_in(plans.planner), reverse("planning:guidelines", args=[plan.pk])
    assert client.post(url, {"source": "state", "title": "Retningslinjer"}).status_code == 302
    plans.stand(plan, Plan.ADOPTED)
    found = Guideline.objects.get()
    assert client.get(url).context["form"] is None
    client.post(reverse("planning:remove_guideline", args=[plan.pk, found.pk]))
    edit = reverse("planning:edit_guideline", args=[plan.pk, found.pk])
    assert client.post(edit, {"source": "state", "title": "Annet"}).status_code == 422
    assert Guideline.objects.get().title == "Retningslinjer"


# -- the planning strategy


def sent_back(page) -> dict:
    """What a browser sends of a page with lines, untouched."""
    sent = {}
    for form in page.context["forms"]:
        for field in form:
            value = field.value()
            sent[field.html_name] = sent[field.html_initial_name] = "" if value is None else value
    return sent


def test_a_strategy_judges_many_plans_at_once_and_loses_nothing_when_one_line_is_wrong(plans, signed_in):
    strategy = plans.of("planning_strategy")
    first, second = plans.adopted(title="En"), plans.adopted(title="To")
    client, url = signed_in(plans.planner), reverse("planning:judgements", args=[strategy.pk])
    sent = sent_back(client.get(url)) | {f"{first.pk}-choice": "kept", f"{first.pk}-reason": "Den er god"}
    sent |= {f"{second.pk}-choice": "revised"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Den er god" in refused.content.decode()
    assert not Judgement.objects.exists()
    assert client.post(url, sent | {f"{second.pk}-reason": "Gammel", f"{second.pk}-year": "2028"}).status_code == 302
    said = Judgement.objects.order_by("plan__title").values_list("choice", "reason", "year")
    assert list(said) == [("kept", "Den er god", None), ("revised", "Gammel", 2028)]
    again = sent_back(client.get(url)) | {f"{first.pk}-choice": "", f"{first.pk}-reason": ""}
    client.post(url, again)
    assert Judgement.objects.get().plan == second


def test_two_who_judge_the_same_plan_do_not_overwrite_each_other(plans, signed_in):
    strategy, plan, other = plans.of("planning_strategy"), plans.adopted(), plans.adopted(title="Annen")
    client, url = signed_in(plans.planner), reverse("planning:judgements", args=[strategy.pk])
    opened = sent_back(client.get(url))
    Judgement.objects.create(strategy=strategy, plan=plan, choice="kept", reason="Først")
    mine = {f"{plan.pk}-choice": "repealed", f"{plan.pk}-reason": "Sist"}
    assert client.post(url, opened | mine).status_code == 422
    assert Judgement.objects.get().reason == "Først"
    elsewhere = {f"{other.pk}-choice": "kept", f"{other.pk}-reason": "God"}
    assert client.post(url, opened | elsewhere).status_code == 302
    assert Judgement.objects.count() == 2


def test_a_plan_that_is_needed_is_proposed_in_the_strategy(plans, signed_in):
    strategy = plans.of("planning_strategy")
    client, url = signed_in(plans.planner), reverse("planning:needed_plan", args=[strategy.pk])
    sent = {"type": plans.of("unit_plan").type_id, "title": "Ny plan", "first_year": 2028, "last_year": 2027}
    sent |= {"unit": strategy.unit_id, "responsible": str(strategy.responsible_id), "reason": "Flommen"}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"last_year": 2031}).status_code == 302
    judgement = Judgement.objects.get()
    assert (judgement.choice, judgement.plan.state, judgement.reason) == ("needed", Plan.PROPOSED, "Flommen")


def test_who_answers_for_a_plan_that_is_to_be_repealed_is_asked_to_see_to_it(plans):
    strategy, plan = plans.of("planning_strategy"), plans.adopted()
    Judgement.objects.create(strategy=strategy, plan=plan, choice="repealed", reason="Utdatert", year=2029)
    ready = plans.stand(strategy, Plan.FOR_DECISION)
    operations.adopt(ready, by=plans.planner, on=TODAY, decision="PS 5/26", **KOMMUNEPLAN)
    duty = FollowUp.objects.get(item=plan.pk)
    assert (duty.responsible, duty.due) == (plan.responsible, date(2029, 12, 31))


def test_many_plans_are_judged_with_few_queries(plans, signed_in, capture_queries):
    strategy = plans.of("planning_strategy")
    client, url = signed_in(plans.planner), reverse("planning:judgements", args=[strategy.pk])

    def counted() -> tuple[int, int]:
        with capture_queries() as shown:
            page = client.get(url)
        sent = sent_back(page)
        for form in page.context["forms"]:
            sent |= {form["choice"].html_name: "kept", form["reason"].html_name: f"God {form.plan.pk}"}
        Judgement.objects.all().delete()
        with capture_queries() as saved:
            assert client.post(url, sent).status_code == 302
        Judgement.objects.all().delete()
        return len(shown), len(saved)

    plans.adopted(title="En")
    few = counted()
    for place in range(12):
        plans.adopted(title=f"Plan {place}")
    assert counted() <= few
    assert max(few) <= 20


def test_the_page_of_a_plan_shows_all_that_belongs_to_its_making_with_few_queries(plans, signed_in, capture_queries):
    objection = objected(plans, "municipal_plan_land_use")
    plan, strategy = objection.plan, plans.adopted("thematic_plan", title="Strategien")
    ProgrammeEntry.objects.create(plan=plan, kind="theme", title="Flom")
    Guideline.objects.create(plan=plan, source="state", title="Retningslinjer")
    Consultation.objects.create(plan=plan, opened=TODAY, closes=TODAY, asked="Naboene")
    Judgement.objects.create(strategy=strategy, plan=plan, choice="revised", reason="Flommen i fjor")
    client = signed_in(plans.planner)
    with capture_queries() as captured:
        shown = client.get(plan.get_absolute_url()).content.decode()
    for words in ("Statsforvalteren", "Felt B4", "Flom", "Retningslinjer", "Naboene", "Flommen i fjor"):
        assert words in shown
    assert len(captured) <= 20


def test_the_legal_clock_is_told_of_what_is_public_consulted_on_decided_and_adopted(plans):
    plan = plans.stand(plans.of("action_programme"), Plan.FOR_DECISION)
    Plan.objects.filter(pk=plan.pk).update(published_on=TODAY - timedelta(days=20), decided_at=TODAY)
    operations.adopt(plan, by=plans.planner, on=TODAY, decision="PS 8/26")
    Consultation.objects.create(plan=plan, about=PROGRAMME, opened=TODAY, closes=TODAY + timedelta(days=50))
    told = {(fact.event, fact.on, fact.document_type) for fact in facts(TODAY - timedelta(days=30), TODAY)}
    assert told == {
        ("published", TODAY - timedelta(days=20), "action_programme"),
        ("council_meeting", TODAY, "action_programme"),
        ("adopted", TODAY, "action_programme"),
        ("consultation_opened", TODAY, "planning_programme"),
    }


def test_the_text_of_a_plan_is_written_until_it_is_adopted(plans):
    plan = plans.of()
    assert plan.text_is_open()
    assert not plans.adopted(first_year=TODAY.year + 8).text_is_open()
