"""The clock on the real base: what it makes, moves, meets and takes back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from styrhus.compliance import operations
from styrhus.compliance.models import Fulfilment, LegalDeadline, RegisteredFact, RuleOff
from styrhus.compliance.operations import wind
from styrhus.compliance.queries import by_month, findings, rules_as_they_hold
from styrhus.items.operations import comment, step

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)
STRATEGY = "pbl_10_1_planning_strategy"


@pytest.fixture
def planner(world, make):
    return make.holder("planner", world.units.municipality)


def register(event, on, by, document_type="", **more) -> RegisteredFact:
    return operations.keep_fact(RegisteredFact(event=event, on=on, document_type=document_type, **more), by=by)


def of_rule(rule) -> LegalDeadline:
    return LegalDeadline.objects.get(rule_id=rule)


def test_the_calendar_alone_gives_the_year_to_come_and_nothing_of_the_past(world):
    assert wind(TODAY)
    accounts = of_rule("kl_14_6_accounts")
    assert (accounts.due.month, accounts.due.day, accounts.due > TODAY) == (2, 22, True)
    assert accounts.responsible == world.people.director.position
    assert not LegalDeadline.objects.filter(due__lt=TODAY).exists()


def test_wound_again_it_changes_nothing(world, planner):
    register("constituted", TODAY - 400 * DAY, planner)
    before = list(LegalDeadline.objects.order_by("pk").values())
    assert wind(TODAY) == 0
    assert list(LegalDeadline.objects.order_by("pk").values()) == before


def test_without_a_municipal_director_nobody_could_answer_and_nothing_is_made(db):
    assert wind(TODAY) == 0


def test_a_fact_that_gets_another_day_moves_its_deadline_and_says_so(world, planner):
    fact = register("constituted", TODAY - 100 * DAY, planner)
    before = of_rule(STRATEGY)
    fact.on += 5 * DAY
    operations.keep_fact(fact, by=planner)
    after = of_rule(STRATEGY)
    assert (after.pk, after.due) == (before.pk, before.due + 5 * DAY)
    assert after.events.filter(step="move_due").count() == 1


def test_a_removed_fact_takes_back_what_nobody_has_touched_and_ends_the_rest(world, planner):
    fact = register("constituted", TODAY - 100 * DAY, planner)
    comment(of_rule("kl_5_14_delegation").item_ptr, "Reglementet er sendt på høring.", by=planner)
    operations.remove_fact(fact, by=planner)
    assert not LegalDeadline.objects.filter(rule_id=STRATEGY).exists()
    worked_with = of_rule("kl_5_14_delegation")
    assert worked_with.state == LegalDeadline.NOT_APPLICABLE
    assert worked_with.events.filter(step="lapse").exists()


def test_an_adopted_strategy_meets_its_deadline_and_its_removal_opens_it_again(world, planner):
    register("constituted", TODAY - 100 * DAY, planner)
    adopted = register("adopted", TODAY - DAY, planner, "planning_strategy")
    met = of_rule(STRATEGY)
    assert (met.state, met.fulfilled_on, met.is_late) == (LegalDeadline.DONE, TODAY - DAY, False)
    operations.remove_fact(adopted, by=planner)
    assert of_rule(STRATEGY).state == LegalDeadline.WAITING


def test_done_after_its_day_is_done_late(world, planner):
    register("constituted", TODAY - 500 * DAY, planner)
    assert of_rule(STRATEGY) in findings(planner, TODAY)
    register("adopted", TODAY, planner, "planning_strategy")
    met = of_rule(STRATEGY)
    assert met.is_late
    assert met not in findings(planner, TODAY)


def test_a_publication_that_came_too_late_stays_a_finding(world, planner):
    register("council_meeting", TODAY + 5 * DAY, planner, "planning_strategy")
    register("published", TODAY, planner, "planning_strategy")
    row = of_rule("pbl_10_1_publication")
    assert (row.state, row.breach) == (LegalDeadline.DONE, LegalDeadline.Breach.TOO_LATE)
    assert row in findings(planner, TODAY)


def test_a_consultation_planned_too_short_is_a_finding_before_it_is_over(world, planner):
    register("consultation_opened", TODAY, planner, "zoning_plan")
    row = of_rule("pbl_12_10_zoning_consultation")
    assert row.due == TODAY + 42 * DAY
    assert not row.is_overdue(TODAY + 100 * DAY)
    closed = register("consultation_closed", TODAY + 41 * DAY, planner, "zoning_plan")
    assert of_rule(row.rule_id).finding
    closed.on += DAY
    operations.keep_fact(closed, by=planner)
    corrected = of_rule(row.rule_id)
    assert (corrected.finding, corrected.state) == ("", LegalDeadline.WAITING)


def test_a_consultation_that_has_lasted_six_weeks_has_lasted_long_enough(world, planner):
    register("consultation_opened", TODAY - 42 * DAY, planner, "zoning_plan")
    assert of_rule("pbl_12_10_zoning_consultation").state == LegalDeadline.DONE


def test_a_complaint_deadline_runs_out_by_itself(world, planner):
    register("decision_notified", TODAY - 60 * DAY, planner)
    assert of_rule("fvl_29_complaint").state == LegalDeadline.DONE


def test_two_reports_a_year_take_two_reports(world, planner):
    wind(TODAY)
    row = LegalDeadline.objects.get(rule_id="kl_14_5_reporting", occurrence=str(TODAY.year))
    first_day = date(TODAY.year, 1, 1)
    assert operations.fulfil(row, on=first_day, note="1. tertial", by=planner).state == LegalDeadline.WAITING
    assert operations.fulfil(row, on=TODAY, note="2. tertial", by=planner).state == LegalDeadline.DONE
    with pytest.raises(ValidationError):
        operations.fulfil(row, on=TODAY, by=planner)


def test_what_is_done_by_hand_begins_the_next_interval(world, planner):
    register("carried_out", TODAY - 400 * DAY, planner, "hse_review")
    operations.fulfil(of_rule("ikf_5_annual_review"), on=TODAY, by=planner)
    done, next_one = LegalDeadline.objects.filter(rule_id="ikf_5_annual_review").order_by("due")
    assert (done.state, next_one.state) == (LegalDeadline.DONE, LegalDeadline.WAITING)
    assert next_one.due > TODAY + 360 * DAY


def test_a_rule_switched_off_takes_its_deadlines_along_and_is_logged(world, planner):
    wind(TODAY)
    operations.switch_off("kl_9_14_enterprise_report", reason="Vi har ingen foretak.", by=planner)
    assert not LegalDeadline.objects.filter(rule_id="kl_9_14_enterprise_report").exists()
    assert RuleOff.objects.get().by == planner
    operations.switch_on("kl_9_14_enterprise_report", by=planner)
    assert LegalDeadline.objects.filter(rule_id="kl_9_14_enterprise_report").exists()


def test_who_answers_follows_the_table_also_for_what_is_open(world, planner):
    wind(TODAY)
    operations.let_answer("auditor", planner.position, by=planner)
    rows = LegalDeadline.objects.filter(rule_id="kl_24_8_audit_report")
    assert {row.responsible for row in rows} == {planner.position}
    assert of_rule("kl_14_6_accounts").responsible == world.people.director.position


def test_set_aside_for_a_reason_it_stays_set_aside(world, planner):
    register("constituted", TODAY - 100 * DAY, planner)
    step(of_rule(STRATEGY), "set_aside", by=planner, note="Fylkeskommunen gjør det.")
    wind(TODAY)
    assert of_rule(STRATEGY).state == LegalDeadline.NOT_APPLICABLE


def test_an_employee_keeps_no_dates_and_meets_nothing_for_others(world):
    with pytest.raises(PermissionDenied):
        register("constituted", TODAY, world.people.teacher)
    wind(TODAY)
    with pytest.raises(PermissionDenied):
        operations.fulfil(of_rule("kl_14_6_accounts"), on=TODAY, by=world.people.teacher)


def test_an_elected_representative_sees_the_deadlines(world):
    wind(TODAY)
    assert LegalDeadline.objects.visible_to(world.people.councillor).count() == LegalDeadline.objects.count()


def test_the_year_holds_every_open_deadline_of_twelve_months_once(world, planner):
    register("constituted", TODAY - 500 * DAY, planner)
    months = by_month(planner, TODAY)
    shown = [row.pk for month in months for row in month["rows"]]
    assert len(shown) == len(set(shown))
    assert of_rule(STRATEGY).pk in [row.pk for row in months[0]["rows"]]


def test_the_rules_tell_how_many_deadlines_are_late(world, planner):
    register("constituted", TODAY - 500 * DAY, planner)
    told = {row["rule"].id: row for row in rules_as_they_hold(TODAY)}
    assert (told[STRATEGY]["late"], told["kl_14_6_accounts"]["late"]) == (1, 0)


def test_the_base_keeps_one_deadline_for_each_occurrence_and_one_answer_for_each_fact(world, planner):
    register("constituted", TODAY - 100 * DAY, planner)
    row = of_rule(STRATEGY)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDeadline.objects.create(
            kind=row.kind,
            title=row.title,
            unit=row.unit,
            responsible=row.responsible,
            state=row.state,
            rule_id=row.rule_id,
            occurrence=row.occurrence,
        )
    Fulfilment.objects.create(deadline=row, on=TODAY, fact="adopted:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Fulfilment.objects.create(deadline=row, on=TODAY, fact="adopted:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleOff.objects.create(rule="kl_14_6_accounts", reason="")
    with pytest.raises(ValidationError):
        register("constituted", TODAY - 100 * DAY, planner)
