"""What the words of the legal clock are called, and its computations said in sentences."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.compliance.rules import Comparison, Rule, law_name

EVENTS = {
    "constituted": gettext_lazy("Constituting meeting"),
    "next_constituted": gettext_lazy("Next constituting meeting, as planned"),
    "council_meeting": gettext_lazy("Council meeting"),
    "owner_meeting": gettext_lazy("Meeting of an intermunicipal company's council"),
    "summoned": gettext_lazy("Summons sent"),
    "published": gettext_lazy("Made public"),
    "consultation_opened": gettext_lazy("Consultation opened"),
    "consultation_closed": gettext_lazy("Consultation closed"),
    "adopted": gettext_lazy("Adopted, approved or treated"),
    "issued": gettext_lazy("Presented"),
    "carried_out": gettext_lazy("Review or survey carried out"),
    "decision": gettext_lazy("Decision"),
    "decision_notified": gettext_lazy("Notice of decision received"),
    "request_received": gettext_lazy("Request received"),
    "proposal_submitted": gettext_lazy("Proposal handed in"),
    "incident_discovered": gettext_lazy("Incident discovered"),
    "exercise_held": gettext_lazy("Exercise held"),
    "loss_year_end": gettext_lazy("End of a year with an operating deficit"),
    "robek_abeg": gettext_lazy("Listed in ROBEK, letter a, b, e or g"),
    "robek_cdf": gettext_lazy("Listed in ROBEK, letter c, d or f"),
}
DOCUMENT_TYPES = {
    "planning_strategy": gettext_lazy("Planning strategy"),
    "planning_programme": gettext_lazy("Planning programme"),
    "municipal_plan_society": gettext_lazy("Municipal plan, societal part"),
    "municipal_plan_land_use": gettext_lazy("Municipal plan, land-use part"),
    "sub_plan": gettext_lazy("Municipal sub-plan"),
    "zoning_plan": gettext_lazy("Zoning plan"),
    "private_zoning_proposal": gettext_lazy("Private zoning proposal"),
    "planning_objection": gettext_lazy("Objection to a plan that is not solved"),
    "action_programme": gettext_lazy("Action programme with economic plan and budget"),
    "four_month_report": gettext_lazy("Budget report (four-month report)"),
    "finance_report": gettext_lazy("Finance report"),
    "annual_accounts": gettext_lazy("Annual accounts"),
    "annual_report": gettext_lazy("Annual report"),
    "audit_report": gettext_lazy("Auditor's report"),
    "internal_control_report": gettext_lazy("Report on internal control and state supervision"),
    "performance_audit_plan": gettext_lazy("Performance audit plan"),
    "ownership_control_plan": gettext_lazy("Ownership control plan"),
    "ownership_report": gettext_lazy("Ownership report"),
    "delegation_regulations": gettext_lazy("Regulations for delegation and recommendation"),
    "constituting_meeting": gettext_lazy("The constituting meeting"),
    "owner_meeting": gettext_lazy("The council of an intermunicipal company"),
    "citizen_proposal": gettext_lazy("Citizen proposal"),
    "public_health_overview": gettext_lazy("Public health overview"),
    "housing_overview": gettext_lazy("Overview of housing needs"),
    "comprehensive_risk_analysis": gettext_lazy("Comprehensive risk and vulnerability analysis"),
    "emergency_plan": gettext_lazy("Emergency plan"),
    "documentation_plan": gettext_lazy("Documentation plan"),
    "hse_review": gettext_lazy("Review of HSE internal control"),
    "pay_mapping": gettext_lazy("Pay mapping"),
    "accessibility_statement": gettext_lazy("Accessibility statement"),
    "working_environment_report": gettext_lazy("Report of the working environment committee"),
    "child_welfare_report": gettext_lazy("Account of child welfare services"),
    "neglect_prevention_plan": gettext_lazy("Plan for preventing neglect"),
    "education_report": gettext_lazy("Account of schools: environment, results, completion"),
    "procurement_strategy": gettext_lazy("Procurement strategy"),
    "individual_decision": gettext_lazy("Case that ends in an individual decision"),
    "access_request": gettext_lazy("Request for access to documents"),
    "data_subject_request": gettext_lazy("Request from a person whose data is processed"),
    "personal_data_breach": gettext_lazy("Personal data breach"),
    "high_risk_breach": gettext_lazy("Personal data breach with high risk"),
    "work_accident": gettext_lazy("Serious accident at work"),
    "health_incident": gettext_lazy("Serious event in health and care services"),
    "digital_incident": gettext_lazy("Digital incident in an essential service"),
}
AREAS = {
    "budget": gettext_lazy("Budget and economic plan"),
    "accounts": gettext_lazy("Accounts and annual report"),
    "kostra": gettext_lazy("KOSTRA"),
    "control": gettext_lazy("Internal control, audit and ownership"),
    "council": gettext_lazy("The council and its period"),
    "planning": gettext_lazy("Planning"),
    "preparedness": gettext_lazy("Preparedness"),
    "cases": gettext_lazy("Cases, access and privacy"),
    "employer": gettext_lazy("Employer and working environment"),
    "sector": gettext_lazy("Reports to the council"),
    "procurement": gettext_lazy("Procurement"),
}
SEVERITIES = {
    "high": gettext_lazy("High"),
    "medium": gettext_lazy("Medium"),
    "low": gettext_lazy("Low"),
    "info": gettext_lazy("For information"),
}
CONFIDENCES = {
    "confirmed": gettext_lazy("Compared with the text of the law"),
    "recalled": gettext_lazy("Not compared with the text of the law"),
    "verify": gettext_lazy("Must be checked"),
}
RESPONSIBLE = {
    "municipal_council": gettext_lazy("The council"),
    "executive_committee": gettext_lazy("The executive committee"),
    "municipal_director": gettext_lazy("The municipal director"),
    "mayor": gettext_lazy("The mayor"),
    "control_committee": gettext_lazy("The control committee"),
    "auditor": gettext_lazy("The auditor"),
    "ministry": gettext_lazy("The ministry"),
    "councillor": gettext_lazy("Councillors"),
    "planning_manager": gettext_lazy("Who leads planning"),
    "enterprise_manager": gettext_lazy("Managers of municipal enterprises"),
    "company_chair": gettext_lazy("The chair of the intermunicipal company"),
    "working_environment_committee": gettext_lazy("The working environment committee"),
    "records_manager": gettext_lazy("The records manager"),
    "data_controller": gettext_lazy("Who answers for the processing of personal data"),
    "unit_manager": gettext_lazy("Unit managers"),
    "case_officer": gettext_lazy("Case officers"),
    "complainant": gettext_lazy("Who may complain"),
    "contract_owner": gettext_lazy("Who answers for the contract"),
}
APPLIES_TO = {
    "municipal_enterprise": gettext_lazy("Municipal enterprises"),
    "intermunicipal_company": gettext_lazy("Intermunicipal companies"),
    "health_and_care": gettext_lazy("Health and care services"),
}
FIGURES = {
    "use_of_funds": gettext_lazy("use of funds"),
    "supply_of_funds": gettext_lazy("supply of funds"),
    "accumulated_deficit": gettext_lazy("accumulated operating deficit"),
    "operating_revenue": gettext_lazy("operating revenue"),
    "employees": gettext_lazy("employees"),
    "estimated_value_nok": gettext_lazy("estimated value in NOK, without VAT"),
    "eea_threshold": gettext_lazy("the EEA threshold"),
}


def length(amount: int, unit: str) -> str:
    """So long: "14 days", "1 year"."""
    words = {
        "days": ngettext("%(n)s day", "%(n)s days", amount),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", amount),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", amount),
        "months": ngettext("%(n)s month", "%(n)s months", amount),
        "years": ngettext("%(n)s year", "%(n)s years", amount),
        "hours": ngettext("%(n)s hour", "%(n)s hours", amount),
    }
    return words[unit] % {"n": amount}


def _event(name: str) -> str:
    words = str(EVENTS[name])
    return words[0].lower() + words[1:]


def _day_of_year(rule: Rule) -> str:
    day = date(2024, rule.timing.month, rule.timing.day)
    return date_format(day, "MONTH_DAY_FORMAT")


def _fixed(rule: Rule) -> str:
    words = {"day": _day_of_year(rule)}
    if not rule.reference:
        return _("By %(day)s") % words
    if rule.timing.year_offset == 1:
        return _("By %(day)s in the year after the one it is about") % words
    if rule.timing.year_offset == -1:
        return _("By %(day)s in the year before the one it is about") % words
    return _("By %(day)s in the year it is about") % words


def when(rule: Rule) -> str:
    """The rule's own computation in words, whatever the day."""
    timing = rule.timing
    event = _event(timing.event) if timing.event else ""
    words = {"event": event, "time": length(timing.amount, timing.unit) if timing.unit else ""}
    sentences = {
        "before_event": _("At the latest %(time)s before %(event)s"),
        "after_event": _("At the latest %(time)s after %(event)s"),
        "interval": _("At the latest %(time)s after it was done last"),
        "min_duration": _("Never shorter than %(time)s after %(event)s"),
        "once_per_council_period": _("Once in each council period"),
        "immediate": _("Without undue delay after %(event)s") if event else _("Always, and without undue delay"),
    }
    if timing.type in sentences:
        return sentences[timing.type] % words
    return _by_calendar(rule, event)


def _by_calendar(rule: Rule, event: str) -> str:
    timing = rule.timing
    if timing.type == "annual_date":
        return _fixed(rule)
    if timing.type == "min_per_year":
        text = ngettext("At least %(n)s time a year", "At least %(n)s times a year", timing.count)
        return text % {"n": timing.count}
    if timing.type == "year_end_after_event":
        text = ngettext(
            "By the end of the first year after %(event)s",
            "By the end of year %(n)s after %(event)s",
            timing.year_offset,
        )
        return text % {"n": timing.year_offset, "event": event}
    if timing.type == "month_end_of_event_year":
        return _("Before 1 November in the year of the election")
    return " – ".join(comparison(each) for each in timing.comparisons)


def comparison(each: Comparison) -> str:
    figure = str(FIGURES[each.figure])
    if each.per:
        figure = _("%(figure)s as a share of %(whole)s") % {"figure": figure, "whole": FIGURES[each.per]}
    sentences = {
        "over": _("More than %(limit)s: %(figure)s"),
        "at_least": _("At least %(limit)s: %(figure)s"),
        "below": _("Less than %(limit)s: %(figure)s"),
        "at_most": _("At most %(limit)s: %(figure)s"),
    }
    return sentences[each.comparison] % {"limit": _limit(each), "figure": figure}


def _limit(each: Comparison) -> str:
    if each.than:
        return str(FIGURES[each.than])
    limit = each.limit or Decimal()
    if each.per:
        return f"{(limit * 100).normalize():f}\u00a0%"
    return f"{limit:,f}".replace(",", "\u00a0")


# Whose sentence in `when` ends with the event: the day follows it.
ENDS_WITH_EVENT = ("before_event", "after_event", "min_duration", "year_end_after_event", "immediate")


def formula(rule: Rule, anchor: date | None) -> str:
    """How one deadline was computed, with the day it is counted from and the section."""
    words = {"when": when(rule), "source": rule.source, "day": date_format(anchor) if anchor else ""}
    if anchor is None:
        return _("%(when)s, %(source)s.") % words
    if rule.timing.type in ENDS_WITH_EVENT:
        return _("%(when)s %(day)s, %(source)s.") % words
    return _("%(when)s, counted from %(day)s, %(source)s.") % words


def short_source(rule: Rule) -> str:
    """For a column: the law and the first section, "kommuneloven § 14-3"."""
    sign, number = rule.section.split(" ", 2)[:2]
    return f"{law_name(rule.law)} {sign}\u00a0{number.rstrip(',;')}"
