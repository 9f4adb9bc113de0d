"""How long everything is kept, and on which basis: read by people on the page of the rules.

A test demands a rule for every kind of item and every table that can be traced to a person. The municipality confirms
the rules in its documentation plan (arkivlova § 8); a rule that disposes needs a basis in regulation or a permission
(§§ 12–13).
"""

from django.utils.translation import gettext_lazy as _

from styrhus.records.rules import Rule, Then

PUBLIC_TASK = _("Personvernforordningen art. 6 no. 1 e: a task in the public interest")
LEGAL_DUTY = _("Personvernforordningen art. 6 no. 1 c: a duty in law")
ARCHIVE_PURPOSE = _("Personvernforordningen art. 6 no. 1 c and e, and art. 89: archiving in the public interest")
NO_RECORD = _("No record in the sense of arkivlova: it can go when it is no longer needed")
DOCUMENTATION = _("Arkivlova § 5: documentation of the municipality's own work")
BY_REGULATION = _("Arkivlova §§ 12–13: disposed of only by regulation or with permission from Nasjonalarkivet")


def _part(name) -> Rule:
    """Kept with the item it belongs to, and no longer."""
    return Rule(name, Then.FOLLOWS, "", None, DOCUMENTATION, PUBLIC_TASK)


def _authority(name, privacy_basis=ARCHIVE_PURPOSE) -> Rule:
    """Who answered for what, and when: needed as long as any decision is."""
    return Rule(name, Then.KEEP, "", None, DOCUMENTATION, privacy_basis)


def _sign_in(name) -> Rule:
    return Rule(name, Then.DELETE, _("When the person changes it or leaves"), None, NO_RECORD, PUBLIC_TASK)


KINDS = {
    "planning.measure": Rule(
        _("Measures"), Then.DISPOSE, _("The day it was done or dropped"), 10, BY_REGULATION, PUBLIC_TASK
    ),
    **{
        f"planning.{kind}": Rule(name, Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE)
        for kind, name in {
            "plan": _("Plans"),
            "priorityarea": _("Priority areas"),
            "goal": _("Goals"),
            "strategy": _("Strategies"),
            "assignment": _("Assignments"),
        }.items()
    },
    "scorecard.indicator": Rule(_("Indicators"), Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE),
    "compliance.requirement": Rule(_("Requirements"), Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE),
    "compliance.legaldeadline": Rule(_("Legal deadlines"), Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE),
    "delegation.authorisation": Rule(_("Authorisations"), Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE),
    "delegation.regulations": Rule(_("Delegation regulations"), Then.KEEP, "", None, DOCUMENTATION, ARCHIVE_PURPOSE),
}

TABLES = {
    "organisation_person": Rule(
        _("People"), Then.REMOVE, _("The last day in a position"), 5, DOCUMENTATION, PUBLIC_TASK
    ),
    "organisation_appointment": _authority(_("Appointments")),
    "compliance_registeredfact": _authority(_("Facts of the legal clock")),
    "compliance_fulfilment": _authority(_("How legal deadlines were met")),
    "compliance_ruleoff": _authority(_("Rules of law that are switched off")),
    "delegation_delegationcheck": _authority(_("Checks of delegated authority")),
    "organisation_preparer": _authority(_("Who prepares on behalf of a position")),
    "leadership_handover": _authority(_("Changes of leader")),
    "leadership_handovernote": _authority(_("Words at a change of leader")),
    "economy_forecast": _authority(_("Forecasts")),
    "economy_amendment": _authority(_("Budget amendments")),
    "economy_extract": Rule(_("Accounts and budgets, line by line"), Then.KEEP, "", None, DOCUMENTATION, LEGAL_DUTY),
    "scorecard_measurement": _part(_("Figures of indicators")),
    "scorecard_othersfigure": _part(_("Figures of other municipalities")),
    "scorecard_target": _part(_("Target values")),
    "planning_placement": _part(_("Where a thing stands in plans")),
    "planning_effectevaluation": _part(_("Effect evaluations")),
    "items_comment": _part(_("Comments")),
    "items_comment_mentioned": _part(_("Who is mentioned in a comment")),
    "items_attachment": _part(_("Files")),
    "items_link": _part(_("Links")),
    "items_followup": _part(_("Follow-ups")),
    "items_event": _part(_("History of a thing")),
    "items_reader": _part(_("Named readers")),
    "writing_chapterversion": _part(_("Versions of chapters")),
    "writing_chaptercomment": _part(_("Comments on chapters")),
    "trail_change": _part(_("Change log")),
    "items_notification": Rule(
        _("Notifications"), Then.DELETE, _("When the thing or the person is gone"), None, NO_RECORD, PUBLIC_TASK
    ),
    "items_savedview": Rule(
        _("Saved views"), Then.DELETE, _("When the person removes it or leaves"), None, NO_RECORD, PUBLIC_TASK
    ),
    "imports_import": _part(_("Files that were loaded")),
    "jobs_job": Rule(_("Jobs and the files they made"), Then.DELETE, _("After one day"), None, NO_RECORD, PUBLIC_TASK),
    "jobs_refusedaddress": _sign_in(_("Addresses that mail did not reach")),
    "reminders_escalation": _part(_("Escalated deadlines")),
    "reminders_figuresaskedfor": _part(_("Reminders of figures")),
    "reminders_wish": _sign_in(_("How people want to be reminded")),
    "reminders_digest": Rule(
        _("Daily mail with reminders"),
        Then.DELETE,
        _("When the thing or the person is gone"),
        None,
        NO_RECORD,
        PUBLIC_TASK,
    ),
    "reminders_calendarfeed": _sign_in(_("Calendar addresses")),
    "reorganisation_reorganisation": _authority(_("Changes of the organisation")),
    "signin_securityevent": Rule(
        _("Security log"),
        Then.DELETE,
        _("The day it happened"),
        1,
        NO_RECORD,
        _("Personvernforordningen art. 32: security"),
    ),
    "signin_supportsession": _authority(_("Support sessions")),
    "records_askedremoval": Rule(
        _("Removals that are being prepared"), Then.DELETE, _("After one day"), None, NO_RECORD, LEGAL_DUTY
    ),
    "records_removal": _authority(_("Removals of personal data"), LEGAL_DUTY),
    "records_disposal": _authority(_("Disposals"), LEGAL_DUTY),
    "records_export": _authority(_("Exports of records"), LEGAL_DUTY),
    "account_emailaddress": _sign_in(_("Address for sign-in")),
    "socialaccount_socialaccount": _sign_in(_("Sign-in with the municipality's own account")),
    "mfa_authenticator": _sign_in(_("Second step at sign-in")),
    "items_following": _sign_in(_("What people follow")),
    "usersessions_usersession": _sign_in(_("Where people are signed in")),
}
