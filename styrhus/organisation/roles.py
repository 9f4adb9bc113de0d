"""The roles a position can carry and what each may do, as data.

A permission is "noun.verb". `within` holds for everything inside the role's reach; `own` holds for
what the person's own positions answer for, wherever it is.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
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
STAFF = frozenset({"item.view_internal", "item.discuss", "organisation.view"})
OWN_WORK = frozenset({"measure.edit", "measure.step", "item.discuss", "item.follow_up"})
WORK = frozenset({"measure.create", "measure.edit", "measure.step", "item.follow_up"})
LEAD = WORK | {"item.view_exempt", "item.classify"}
READ_ALL = frozenset({"item.view_internal", "organisation.view"})


@dataclass(frozen=True)
class Role:
    code: str
    label: str | Promise
    within: frozenset[str] = field(default_factory=frozenset)
    own: frozenset[str] = OWN_WORK


_ALL = [
    Role("municipal_director", _("Municipal director"), STAFF | LEAD),
    Role("service_director", _("Service director"), STAFF | LEAD),
    Role("support_chief", _("Chief of a support function"), STAFF | LEAD),
    Role("unit_manager", _("Unit manager"), STAFF | LEAD),
    Role("middle_manager", _("Middle manager"), STAFF | LEAD),
    Role("case_officer", _("Case officer"), STAFF | WORK),
    Role("employee", _("Employee"), STAFF),
    Role("controller", _("Controller"), STAFF | WORK),
    Role("hr_adviser", _("HR adviser"), STAFF | WORK | {"item.view_exempt"}),
    Role("planner", _("Planner"), STAFF | WORK),
    Role("quality_manager", _("Quality manager"), STAFF | WORK),
    Role("internal_auditor", _("Internal auditor"), STAFF),
    Role("project_office", _("Project office"), STAFF | WORK),
    Role("information_security_manager", _("Information security manager"), STAFF | WORK),
    Role("data_protection_officer", _("Data protection officer"), STAFF | {"item.view_exempt"}),
    Role("records_manager", _("Records manager"), STAFF | {"item.view_exempt", "item.classify"}),
    Role("emergency_coordinator", _("Emergency coordinator"), STAFF | WORK),
    Role("safety_representative", _("Safety representative"), STAFF),
    Role("chief_safety_representative", _("Chief safety representative"), STAFF),
    Role("union_representative", _("Union representative"), STAFF),
    Role("main_union_representative", _("Main union representative"), STAFF),
    Role("joint_committee_member", _("Member of the joint committee"), own=frozenset()),
    Role("working_environment_committee_member", _("Member of the working environment committee"), STAFF),
    # Elected representatives see what is published or sent to their body, never internal drafts.
    Role("councillor", _("Councillor"), own=frozenset()),
    Role("mayor", _("Mayor"), own=frozenset()),
    Role("council_secretary", _("Council secretary"), STAFF | WORK),
    Role("control_committee_secretariat", _("Control committee's secretariat"), READ_ALL, own=frozenset()),
    Role("auditor", _("Auditor"), READ_ALL, own=frozenset()),
    # Runs the system and helps people; reads no more than any employee and decides nothing in the line.
    Role(
        "system_administrator",
        _("System administrator"),
        STAFF | {"organisation.edit", "person.edit", "support.start", "security.view"},
    ),
]
ROLES = {role.code: role for role in _ALL}
