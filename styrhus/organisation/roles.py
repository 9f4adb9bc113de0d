"""The roles a position can carry and what each may do, as data.

A permission is "noun.verb". `within` holds for everything inside the role's reach; `own` holds for
what the person's own positions answer for, wherever it is.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FIELDS = [
    ("economy", _("Economy")),
    ("hr", _("HR")),
    ("hse", _("Health, safety and environment")),
    ("property", _("Property")),
    ("quality", _("Quality")),
    ("information_security", _("Information security")),
    ("privacy", _("Privacy")),
    ("records", _("Records")),
    ("preparedness", _("Preparedness")),
]

# Every employee sees what is internal: more openness than the law demands (offentleglova § 11).
STAFF = frozenset({"item.view_internal", "item.discuss", "organisation.view", "economy.view"})
# Who gave an authority on may change, check and withdraw it, whatever the role.
GIVING = frozenset({"authorisation.delegate", "authorisation.check", "authorisation.withdraw"})
# Who answers for a plan or a goal writes it and takes it through its states; only some adopt.
KEEPS_PLANS = frozenset({"plan.edit", "plan.step", "goal.edit", "goal.step", "assignment.edit", "assignment.step"})
MAKES_PLANS = KEEPS_PLANS | {"plan.create", "goal.create", "assignment.create"}
# Who answers for an indicator keeps it; who leads a unit enters its figures and aims with it.
KEEPS_INDICATORS = frozenset({"indicator.edit", "indicator.step"})
MAKES_INDICATORS = KEEPS_INDICATORS | {"indicator.create", "target.set"}
# Sums are open to all; the lines behind them may tell of people, and are for who leads and who controls.
LOOKS_INTO_LEDGER = frozenset({"ledger.view"})
KEEPS_LEDGER = LOOKS_INTO_LEDGER | {"ledger.load", "ledger.set_up", "budget.make", "budget.move"}
# Figures about few people are seen by the unit's own leader, and by HR.
SEES_SMALL = frozenset({"measurement.view_small"})
OWN_WORK = (
    frozenset({"measure.edit", "measure.step", "item.discuss", "item.follow_up", "item.classify"})
    | GIVING
    | KEEPS_PLANS
    | KEEPS_INDICATORS
    | {"legaldeadline.step", "requirement.edit"}
)
# The dates that the legal clock counts from, and what the municipality must point to: kept by those near the council.
KEEPS_CLOCK = frozenset({"clock.keep", "legaldeadline.step", "requirement.keep", "requirement.edit"})
WORK = frozenset({"measure.create", "measure.edit", "measure.step", "item.follow_up"})
# A leader has the running responsibility for personnel in the own line (kommuneloven § 13-1, passed on), and so
# names deputies there; who gets a post for good is decided in another system and kept by HR.
LEAD = (
    WORK
    | GIVING
    | MAKES_PLANS
    | MAKES_INDICATORS
    | {"measurement.enter"}
    | LOOKS_INTO_LEDGER
    | {"forecast.give", "budget.make", "frame.give", "budget.move"}
    | {"item.view_exempt", "item.classify", "position.appoint_deputy", "handover.begin", "assurance.view"}
)
# Who sits where, and what each position carries: HR's field, and those who run the system.
KEEPS_ORGANISATION = frozenset({"organisation.edit", "person.edit"})
# Personvernforordningen art. 38–39: the data protection officer sees what is done and advises, and decides nothing.
SEES_REMOVALS = frozenset({"records.view", "privacy.view"})
READ_ALL = frozenset({"item.view_internal", "organisation.view", "economy.view"})


@dataclass(frozen=True)
class Role:
    """What those who carry it may do.

    `fields` are the fields it is made for, the first being the one that is proposed. `needs_field`: it acts in a field
    and nowhere else. A chief leads the own support unit too, and so carries the role twice: there without a field,
    and with the field across the municipality.
    """

    code: str
    label: str | Promise
    within: frozenset[str] = field(default_factory=frozenset)
    own: frozenset[str] = OWN_WORK
    fields: tuple[str, ...] = ()
    needs_field: bool = False


class _LeaderTitle:
    """What the municipality calls the head of its administration: rådmann or kommunedirektør."""

    def __str__(self):
        return settings.LEADER_TITLE or gettext("Municipal director")


_ALL = [
    Role(
        "municipal_director",
        lazystr(_LeaderTitle()),
        STAFF | LEAD | KEEPS_CLOCK | {"organisation.reorganise", "plan.adopt"},
    ),
    Role("service_director", _("Service director"), STAFF | LEAD | {"plan.adopt"}),
    Role("support_chief", _("Chief of a support function"), STAFF | LEAD),
    Role("finance_chief", _("Finance chief"), STAFF | LEAD | KEEPS_LEDGER, fields=("economy",)),
    Role("hr_chief", _("HR chief"), STAFF | LEAD | KEEPS_ORGANISATION | SEES_SMALL, fields=("hr", "hse")),
    Role("property_chief", _("Property chief"), STAFF | LEAD, fields=("property",)),
    Role("unit_manager", _("Unit manager"), STAFF | LEAD),
    Role("middle_manager", _("Middle manager"), STAFF | LEAD),
    Role("case_officer", _("Case officer"), STAFF | WORK),
    Role("employee", _("Employee"), STAFF),
    Role(
        "controller",
        _("Controller"),
        STAFF
        | WORK
        | MAKES_INDICATORS
        | KEEPS_LEDGER
        | {"assurance.view", "measurement.enter", "measurement.load", "scorecard.set_up"},
        fields=("economy",),
    ),
    Role(
        "hr_adviser",
        _("HR adviser"),
        STAFF | WORK | SEES_SMALL | {"item.view_exempt", "measurement.enter", "measurement.load"},
        fields=("hr", "hse"),
    ),
    Role(
        "planner",
        _("Planner"),
        STAFF | WORK | MAKES_PLANS | MAKES_INDICATORS | KEEPS_CLOCK | {"plan.adopt", "plan.set_up", "scorecard.set_up"},
    ),
    Role(
        "quality_manager",
        _("Quality manager"),
        STAFF | WORK | {"assurance.view"},
        fields=("quality",),
        needs_field=True,
    ),
    Role("internal_auditor", _("Internal auditor"), STAFF | {"assurance.view"}, fields=("quality",), needs_field=True),
    Role("project_office", _("Project office"), STAFF | WORK),
    Role(
        "information_security_manager",
        _("Information security manager"),
        STAFF | WORK,
        fields=("information_security",),
        needs_field=True,
    ),
    Role(
        "data_protection_officer",
        _("Data protection officer"),
        STAFF | SEES_REMOVALS | {"item.view_exempt"},
        fields=("privacy",),
        needs_field=True,
    ),
    Role(
        "records_manager",
        _("Records manager"),
        STAFF
        | SEES_REMOVALS
        | {"item.view_exempt", "item.classify", "privacy.remove", "records.export", "records.dispose"},
        fields=("records",),
        needs_field=True,
    ),
    Role("emergency_coordinator", _("Emergency coordinator"), STAFF | WORK, fields=("preparedness",), needs_field=True),
    Role("safety_representative", _("Safety representative"), STAFF, fields=("hse",), needs_field=True),
    Role("chief_safety_representative", _("Chief safety representative"), STAFF, fields=("hse",), needs_field=True),
    Role("union_representative", _("Union representative"), STAFF),
    Role("main_union_representative", _("Main union representative"), STAFF),
    Role("joint_committee_member", _("Member of the joint committee"), own=frozenset()),
    Role("working_environment_committee_member", _("Member of the working environment committee"), STAFF),
    # Elected representatives see what is published or sent to their body, never internal drafts.
    Role("councillor", _("Councillor"), own=frozenset()),
    Role("mayor", _("Mayor"), own=frozenset()),
    Role("committee_member", _("Committee member"), own=frozenset()),
    # Writes down what the council decides: so also what it delegates, reserves and adopts regulations for.
    Role(
        "council_secretary",
        _("Council secretary"),
        STAFF
        | WORK
        | GIVING
        | KEEPS_CLOCK
        | {"authorisation.keep", "regulations.edit", "regulations.adopt", "plan.adopt"},
    ),
    Role("control_committee_secretariat", _("Control committee's secretariat"), READ_ALL, own=frozenset()),
    Role("auditor", _("Auditor"), READ_ALL | LOOKS_INTO_LEDGER, own=frozenset()),
    # Runs the system and helps people; reads no more than any employee and decides nothing in the line.
    Role(
        "system_administrator",
        _("System administrator"),
        STAFF
        | KEEPS_ORGANISATION
        | {
            "organisation.reorganise",
            "person.change_address",
            "reminder.set_up",
            "support.start",
            "security.view",
            "import.load",
            "measurement.load",
            "scorecard.set_up",
            "ledger.load",
        },
    ),
]
ROLES = {role.code: role for role in _ALL}


def roles_offered() -> list[tuple[str, str | Promise]]:
    """A function, so that a new role is no change of the database."""
    return [(role.code, role.label) for role in ROLES.values()]
