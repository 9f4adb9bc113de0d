"""Every rule of the file on a made-up council period. The dates are written by hand from the sections."""

from datetime import date, time

import pytest

from styrhus.compliance.clock import deadlines, holds
from styrhus.compliance.rules import laws, rules
from styrhus.compliance.words import (
    APPLIES_TO,
    AREAS,
    CONFIDENCES,
    DOCUMENT_TYPES,
    EVENTS,
    FIGURES,
    RESPONSIBLE,
    SEVERITIES,
    formula,
)
from styrhus.items.facts import Fact

SINCE, UNTIL = date(2023, 7, 1), date(2027, 12, 31)
FACTS = (
    Fact("constituted", date(2023, 10, 17)),
    Fact("next_constituted", date(2027, 10, 12)),
    Fact("council_meeting", date(2025, 12, 16), "action_programme"),
    Fact("council_meeting", date(2024, 6, 20), "planning_strategy"),
    Fact("owner_meeting", date(2026, 4, 24)),
    Fact("loss_year_end", date(2025, 12, 31)),
    Fact("robek_abeg", date(2026, 3, 2)),
    Fact("robek_cdf", date(2026, 9, 1)),
    Fact("decision", date(2025, 6, 5), "planning_objection"),
    Fact("decision_notified", date(2025, 3, 27)),
    Fact("proposal_submitted", date(2025, 8, 31), "citizen_proposal"),
    Fact("proposal_submitted", date(2025, 5, 5), "zoning_plan"),
    Fact("consultation_opened", date(2024, 9, 2), "planning_programme"),
    Fact("consultation_opened", date(2025, 2, 3), "municipal_plan_society"),
    Fact("consultation_opened", date(2025, 3, 10), "zoning_plan"),
    Fact("request_received", date(2025, 1, 13), "private_zoning_proposal"),
    Fact("request_received", date(2025, 1, 31), "individual_decision"),
    # The Monday before Easter.
    Fact("request_received", date(2025, 4, 14), "access_request"),
    Fact("request_received", date(2025, 5, 31), "data_subject_request"),
    Fact("adopted", date(2025, 6, 5), "municipal_plan_society"),
    Fact("adopted", date(2023, 5, 11), "comprehensive_risk_analysis"),
    Fact("exercise_held", date(2024, 11, 5)),
    # Two days before the clocks are put back.
    Fact("incident_discovered", date(2025, 10, 24), "personal_data_breach", at=time(16, 30)),
    Fact("incident_discovered", date(2025, 11, 3), "high_risk_breach"),
    Fact("incident_discovered", date(2025, 9, 12), "work_accident"),
    Fact("incident_discovered", date(2025, 9, 15), "health_incident"),
    Fact("incident_discovered", date(2025, 1, 10), "digital_incident"),
    Fact("incident_discovered", date(2026, 1, 9), "digital_incident", at=time(8)),
    Fact("carried_out", date(2025, 3, 3), "documentation_plan"),
    Fact("carried_out", date(2024, 2, 29), "hse_review"),
    Fact("carried_out", date(2024, 6, 15), "pay_mapping"),
    Fact("carried_out", date(2025, 12, 1), "accessibility_statement"),
)


def every(day: int, month: int, since: int, until: int = 2027) -> list[date]:
    return [date(year, month, day) for year in range(since, until + 1)]


NEW_YEARS_EVES = every(31, 12, 2023)
BEFORE_THE_NEXT_COUNCIL = [date(2027, 10, 11)]
AT_ONCE: list[date | None] = [None]
BY_HAND: dict[str, list] = {
    "kl_14_3_budget_adoption": NEW_YEARS_EVES,
    "kl_14_3_budget_publication": [date(2025, 12, 2)],
    "pbl_11_4_action_part_publication": [date(2025, 12, 2)],
    "pbl_11_1_action_part_annual": NEW_YEARS_EVES,
    "kl_14_5_reporting": NEW_YEARS_EVES,
    "kl_14_5_deficit_amendment": [date(2026, 6, 30)],
    "kl_14_13_finance_reporting": NEW_YEARS_EVES,
    "kl_14_2_financial_targets": BEFORE_THE_NEXT_COUNCIL,
    "kl_14_6_accounts": every(22, 2, 2024),
    "kl_14_7_annual_report": every(31, 3, 2024),
    "kl_24_8_audit_report": every(15, 4, 2024),
    "kl_14_3_accounts_adoption": every(30, 6, 2024),
    "kl_24_9_compliance_check": every(30, 6, 2024),
    "kl_14_11_deficit_recovery": [date(2027, 12, 31)],
    "kl_28_4_recovery_plan_a": [date(2026, 6, 30)],
    "kl_28_4_recovery_plan_b": [date(2026, 12, 31)],
    "kostra_services": every(15, 2, 2024),
    "kostra_accounts": every(22, 2, 2024),
    "kostra_q1": every(20, 4, 2024),
    "kostra_q2": every(5, 8, 2023),
    "kostra_q3": every(20, 10, 2023),
    "kostra_q4": every(20, 1, 2024),
    "kl_25_2_report": NEW_YEARS_EVES,
    "kl_23_3_performance_audit_plan": [date(2024, 12, 31)],
    "kl_23_4_ownership_control_plan": [date(2024, 12, 31)],
    "kl_9_14_enterprise_report": NEW_YEARS_EVES,
    "kl_9_15_enterprise_budget": NEW_YEARS_EVES,
    "iks_8_notice": [date(2026, 3, 27)],
    "kl_26_1_ownership_report": BEFORE_THE_NEXT_COUNCIL,
    "kl_5_14_delegation": [date(2024, 12, 31)],
    "kl_27_1_legality_review": [date(2025, 6, 26)],
    # Six months after 31 August is the last day of February.
    "kl_12_1_citizen_proposal": [date(2026, 2, 28)],
    "kl_7_1_constituting": [date(2023, 10, 31), date(2027, 10, 31)],
    "kl_7_1_constituting_notice": [date(2023, 10, 3), date(2027, 9, 28)],
    "kl_5_5_council_size": [date(2026, 12, 31)],
    "pbl_10_1_planning_strategy": [date(2024, 10, 17)],
    "pbl_10_1_publication": [date(2024, 5, 21)],
    "pbl_11_13_programme_consultation": [date(2024, 10, 14)],
    "pbl_11_14_plan_consultation": [date(2025, 3, 17)],
    "pbl_11_15_no_appeal": AT_ONCE,
    "pbl_5_6_objection_forwarding": [date(2025, 6, 19)],
    "pbl_12_10_zoning_consultation": [date(2025, 4, 21)],
    "pbl_12_11_private_proposal": [date(2025, 4, 7)],
    "pbl_12_12_adopt": [date(2025, 7, 28)],
    "fhl_5_overview": BEFORE_THE_NEXT_COUNCIL,
    "bsl_5_housing_overview": BEFORE_THE_NEXT_COUNCIL,
    "sbl_14_ros": [date(2027, 5, 11)],
    "sbl_15_plan_review": NEW_YEARS_EVES,
    "beredskap_7_exercise": [date(2026, 11, 5)],
    "beredskap_8_evaluation": AT_ONCE,
    # Three weeks end on Maundy Thursday: the next working day is the Tuesday after Easter.
    "fvl_29_complaint": [date(2025, 4, 22)],
    "fvl_11a_preliminary_reply": [date(2025, 2, 28)],
    # Tuesday, Wednesday, then Easter, then Tuesday, Wednesday, Thursday.
    "offl_29_access": [date(2025, 4, 24)],
    # 72 hours are 15.30 on the third day, winter time having begun; without an hour, midnight is the safe beginning.
    "gdpr_33_breach": [date(2025, 10, 27), date(2025, 11, 5)],
    "gdpr_34_inform": AT_ONCE,
    "gdpr_12_rights": [date(2025, 6, 30)],
    "arkl_8_documentation_plan": [date(2026, 3, 3)],
    "aml_7_2_amu_report": NEW_YEARS_EVES,
    "aml_5_2_accident": AT_ONCE,
    "htl_6_serious_event": AT_ONCE,
    # The act is in force from 1 October 2025: the incident before that is not asked for.
    "dsl_8_digital_incident": [date(2026, 1, 10)],
    "ikf_5_annual_review": [date(2025, 2, 28)],
    "ldl_26_activity_report": every(31, 3, 2024),
    "ldl_26_pay_mapping": [date(2026, 6, 15)],
    "uu_statement": [date(2026, 12, 1)],
    "bvl_15_3_child_welfare": NEW_YEARS_EVES,
    "bvl_15_1_prevention_plan": BEFORE_THE_NEXT_COUNCIL,
    "oppl_annual_quality": NEW_YEARS_EVES,
    "loa_5a_strategy": BEFORE_THE_NEXT_COUNCIL,
}
# Always in force, with no day of their own.
STANDING = {
    "kl_11_9_vote_as_whole",
    "kl_25_1_internal_control",
    "kl_5_3_reserved_authority",
    "kl_13_1_implement",
    "kl_4_1_information",
    "pbl_2_2_plan_register",
    "gdpr_35_dpia",
    "aml_5_1_injury_register",
    "aml_9_1_control_measures",
}
# The rule, figures for which it holds, and figures for which it does not.
LIMITS = {
    "kl_14_4_balance": (
        [{"use_of_funds": 100, "supply_of_funds": 100}, {"use_of_funds": 99, "supply_of_funds": 100}],
        [{"use_of_funds": 100, "supply_of_funds": 100}, {"use_of_funds": 101, "supply_of_funds": 100}],
    ),
    "kl_28_1_robek_accumulated": (
        [{"accumulated_deficit": 301, "operating_revenue": 10_000}],
        [{"accumulated_deficit": 300, "operating_revenue": 10_000}],
    ),
    "aml_7_1_amu": ([{"employees": 30}], [{"employees": 29}]),
    "aml_8_1_consult": ([{"employees": 50}], [{"employees": 49}]),
    "foa_500k": ([{"estimated_value_nok": 500_000}], [{"estimated_value_nok": 499_999}]),
    "foa_national": (
        [{"estimated_value_nok": 1_300_000, "eea_threshold": 2_500_000}],
        [{"estimated_value_nok": 2_500_000, "eea_threshold": 2_500_000}],
    ),
    "foa_eea_goods": ([{"estimated_value_nok": 2_500_000}], [{"estimated_value_nok": 2_499_999}]),
    "foa_eea_works": ([{"estimated_value_nok": 62_900_000}], [{"estimated_value_nok": 62_899_999}]),
    "foa_eea_special": ([{"estimated_value_nok": 8_700_000}], [{"estimated_value_nok": 8_699_999}]),
}


def test_every_rule_of_the_file_is_in_one_of_the_tables():
    assert BY_HAND.keys() | STANDING | LIMITS.keys() == rules().keys()


def test_every_rule_falls_due_on_the_days_written_by_hand():
    found = {name: [] for name in rules()}
    for each in deadlines(rules().values(), FACTS, SINCE, UNTIL):
        found[each.rule.id].append(each.due)
    assert {name: days for name, days in found.items() if days} == BY_HAND


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_from_its_figure_and_not_below(name):
    comparisons, (inside, outside) = rules()[name].timing.comparisons, LIMITS[name]
    assert holds(comparisons, *inside)
    assert not holds(comparisons, *outside)


def test_how_often_a_year_is_as_the_law_says():
    often = {name: rule.timing.count for name, rule in rules().items() if rule.timing.count > 1}
    assert often == {"kl_14_5_reporting": 2, "kl_14_13_finance_reporting": 3, "kl_9_15_enterprise_budget": 2}


def test_every_word_of_the_file_can_be_said():
    for rule in rules().values():
        assert set(rule.titles) == {"nb", "nn", "en"}
        assert rule.notes is None or set(rule.notes) == {"nb", "nn", "en"}
        assert rule.law in laws()
        assert {rule.timing.event, rule.timing.until_event, rule.answered_by, rule.needs} - {""} <= EVENTS.keys()
        assert {*rule.about, *rule.answer_about} <= DOCUMENT_TYPES.keys()
        assert rule.area in AREAS and rule.severity in SEVERITIES and rule.confidence in CONFIDENCES
        assert rule.responsible in RESPONSIBLE and rule.applies_to in {"", *APPLIES_TO}
        assert {each.figure for each in rule.timing.comparisons} <= FIGURES.keys()
        assert formula(rule, date(2023, 10, 17))


def test_the_formula_says_the_time_the_event_its_day_and_the_section():
    said = formula(rules()["pbl_10_1_planning_strategy"], date(2023, 10, 17))
    assert "17. okt. 2023" in said.replace("\u00a0", " ")
    assert "plan- og bygningsloven § 10-1 første ledd" in said.replace("\u00a0", " ")


def test_without_a_next_meeting_the_period_lasts_as_long_as_the_law_lets_it():
    (found,) = deadlines([rules()["kl_26_1_ownership_report"]], FACTS[:1], SINCE, UNTIL)
    assert found.due == date(2027, 10, 30)
