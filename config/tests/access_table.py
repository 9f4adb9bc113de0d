"""Who opens which address: one row for each, read by people and by `test_access_walk`.

A row says what those who may open the address meet on GET and POST, and what everybody else who is signed in meets.
The roles are written out here, not taken from the code: a role that gains or loses something must be changed here too.
"""

from dataclasses import dataclass

from styrhus.organisation.roles import ROLES

EVERYONE = frozenset(ROLES) | {"no position"}
ELECTED = frozenset({"councillor", "mayor", "committee_member", "joint_committee_member"})
OUTSIDE_CONTROL = frozenset({"auditor", "control_committee_secretariat"})
EMPLOYEES = EVERYONE - ELECTED - OUTSIDE_CONTROL - {"no position"}
READERS = EMPLOYEES | OUTSIDE_CONTROL
ADMINISTRATORS = frozenset({"system_administrator"})
LEADERS = frozenset(
    {
        "municipal_director",
        "service_director",
        "support_chief",
        "finance_chief",
        "hr_chief",
        "property_chief",
        "unit_manager",
        "middle_manager",
    }
)
# Those who work on a thing that lies in no field; roles in a field make things, but in their field only.
WORKERS = LEADERS | {"case_officer", "controller", "council_secretary", "hr_adviser", "planner", "project_office"}
MAKERS = WORKERS | {"information_security_manager", "quality_manager", "emergency_coordinator"}
KEEPERS = frozenset({"hr_chief", "system_administrator"})
RECORDS_MANAGER = frozenset({"records_manager"})
# The data protection officer reads and advises, and decides nothing.
SEES_REMOVALS = RECORDS_MANAGER | {"data_protection_officer"}
CLOCK_KEEPERS = frozenset({"council_secretary", "municipal_director", "planner"})
SECRETARIES = frozenset({"council_secretary"})
# Those who lead what lies under the giver, and who writes down what the council decides.
GIVERS = LEADERS | SECRETARIES
NOBODY = frozenset()
# Who writes plans and goals for the part of the house they lead, and planners for all of it.
SETS_UP_PLANS = frozenset({"planner"})
PLANNERS = LEADERS | {"planner"}
# Who writes down what is decided of a plan; service directors in their own area.
ADOPTERS = frozenset({"municipal_director", "service_director", "planner", "council_secretary"})
# Who is to look after that somebody stands by what has been promised.
LOOKERS_AFTER = LEADERS | {"controller", "internal_auditor", "quality_manager"}
# Who sees the lines behind the sums of the part of the house they lead or control, and who keeps the ledger.
KEEPS_LEDGER = frozenset({"finance_chief", "controller"})
LOOKS_INTO_LEDGER = LEADERS | {"controller", "auditor"}
MAKES_BUDGETS = LEADERS | {"controller"}
REORGANISERS = frozenset({"municipal_director", "system_administrator"})


@dataclass(frozen=True)
class Row:
    """`get` and `post`: the status for those in `opens`; `others`: for everybody else who is signed in.

    A page that shows itself whatever it is sent (`post` is None) is asked for it on GET only.
    `sees`: who sees the thing it is about; it is not found by anyone else. `signed_out`: "sign in", "same" or a status.
    """

    opens: frozenset
    get: int = 200
    post: int | None = 200
    others: int = 403
    sees: frozenset = EVERYONE
    signed_out: int | str = "sign in"


def page(opens, **fields) -> Row:
    return Row(opens, **fields)


def shows(opens=EVERYONE, **fields) -> Row:
    """A page that never looks at what it is sent."""
    return Row(opens, post=None, **fields)


def reading(opens, **fields) -> Row:
    """A page without anything to send."""
    return Row(opens, post=405, **fields)


def button(opens, post=302, **fields) -> Row:
    """Pressed, never opened."""
    return Row(opens, get=405, post=post, **fields)


def of_a_thing(opens, **fields) -> Row:
    """About an internal thing."""
    return Row(opens, sees=READERS, **fields)


def of_a_draft(**fields) -> Row:
    """About a reorganisation that is being prepared: not there for anybody else."""
    return Row(REORGANISERS, others=404, **fields)


def of_another(**fields) -> Row:
    """About what belongs to somebody else, and is seen by that person only."""
    return Row(frozenset(), others=404, **fields)


def door(get=200, post=200) -> Row:
    """Open to everybody, signed in or not."""
    return Row(EVERYONE, get, post, signed_out="same")


def leads_on(**fields) -> Row:
    return Row(EVERYONE, 302, 302, **fields)


# Who makes indicators and sets target values; who enters figures, of the own units.
AIMERS = LEADERS | {"controller", "planner"}
ENTERERS = LEADERS | {"controller", "hr_adviser"}
SETS_UP_SCORECARD = ADMINISTRATORS | {"controller", "planner"}
# Each loads the kinds of file that are theirs: figures, or the organisation.
LOADERS = ADMINISTRATORS | {"controller", "finance_chief", "hr_adviser"}

ACCESS = {
    # the economy
    "economy:economy": Row(READERS, 302, 302),
    "economy:money": shows(READERS),
    "economy:lines": reading(LOOKS_INTO_LEDGER),
    "economy:forecast": page(LEADERS, post=422),
    "economy:statements": shows(READERS),
    "economy:statement": shows(READERS),
    "economy:codes": reading(KEEPS_LEDGER),
    "economy:edit_code": page(KEEPS_LEDGER, post=422),
    "economy:sheet": shows(READERS),
    "economy:areas": shows(KEEPS_LEDGER),
    "economy:new_area": page(KEEPS_LEDGER, post=422),
    "economy:area": page(KEEPS_LEDGER, post=422),
    "economy:new_measure": page(LEADERS, post=422),
    "economy:roll_up": shows(READERS),
    "economy:budget": shows(LOOKS_INTO_LEDGER),
    "economy:frame": page(MAKES_BUDGETS, post=422),
    "economy:new_post": page(MAKES_BUDGETS, post=422),
    "economy:new_detail": page(MAKES_BUDGETS, post=422),
    "economy:take_in_budget": button(MAKES_BUDGETS),
    "economy:post": page(MAKES_BUDGETS, post=422),
    "economy:detail": page(MAKES_BUDGETS, post=422),
    "economy:versions": reading(KEEPS_LEDGER),
    "economy:new_version": page(KEEPS_LEDGER, post=422),
    "economy:version": shows(KEEPS_LEDGER),
    "economy:edit_version": page(KEEPS_LEDGER, post=422),
    "economy:phase": button(KEEPS_LEDGER),
    "economy:version_file": shows(KEEPS_LEDGER),
    "economy:wage_rates": page(KEEPS_LEDGER, post=422),
    "economy:phasing_rules": shows(KEEPS_LEDGER),
    "economy:new_phasing_rule": page(KEEPS_LEDGER, post=422),
    "economy:phasing_rule": page(KEEPS_LEDGER, post=422),
    "economy:periods": page(KEEPS_LEDGER, post=422),
    "economy:amendments": reading(LOOKS_INTO_LEDGER),
    "economy:new_amendment": page(MAKES_BUDGETS, post=422),
    "economy:amendment": shows(LOOKS_INTO_LEDGER),
    "economy:new_amendment_line": page(KEEPS_LEDGER, post=422),
    "economy:edit_amendment": page(KEEPS_LEDGER, post=422),
    "economy:take_in_amendment": button(KEEPS_LEDGER),
    "economy:drop_amendment": button(KEEPS_LEDGER),
    "economy:remove_amendment_line": button(KEEPS_LEDGER),
    "economy:payment_rights": reading(LOOKS_INTO_LEDGER),
    "economy:new_payment_right": page(KEEPS_LEDGER, post=422),
    "economy:payment_right": page(KEEPS_LEDGER, post=422),
    "economy:extracts": reading(KEEPS_LEDGER | ADMINISTRATORS),
    # the scorecard
    "scorecard:scorecard": shows(READERS),
    "scorecard:unit_scorecard": shows(READERS),
    "scorecard:evenness": shows(READERS),
    "scorecard:focus_area": shows(READERS),
    "scorecard:focus_areas": shows(READERS),
    "scorecard:new_focus_area": page(SETS_UP_SCORECARD, post=422),
    "scorecard:edit_focus_area": page(SETS_UP_SCORECARD, post=422),
    "scorecard:end_focus_area": page(SETS_UP_SCORECARD, post=422),
    "scorecard:goals": reading(EVERYONE),
    "scorecard:new_goal": page(AIMERS, post=422),
    "scorecard:edit_goal": of_a_thing(AIMERS, post=422),
    "scorecard:end_goal": of_a_thing(AIMERS, post=422),
    "scorecard:to_enter": Row(ENTERERS, 302, 302),
    "scorecard:enter": page(ENTERERS, post=302),
    "scorecard:indicators": reading(EVERYONE),
    "scorecard:new_indicator": page(AIMERS, post=422),
    "scorecard:indicator": of_a_thing(READERS, post=None),
    "scorecard:edit_indicator": of_a_thing(AIMERS, post=422),
    "scorecard:comparison": of_a_thing(READERS, post=200),
    "scorecard:comparison_groups": shows(READERS),
    "scorecard:new_comparison_group": page(AIMERS, post=422),
    "scorecard:edit_comparison_group": page(AIMERS, post=422),
    "scorecard:remove_comparison_group": button(AIMERS),
    "scorecard:set_target": of_a_thing(AIMERS, post=422),
    "scorecard:remove_target": of_a_thing(AIMERS, get=405, post=302),
    "scorecard:new_measure": of_a_thing(MAKERS & READERS, post=422),
    "scorecard:measured_in": of_a_thing(AIMERS, post=422),
    # the frame
    "home": shows(),
    "duties": shows(),
    # the thread, and where it is broken: of what one may see
    "home:thread": of_a_thing(READERS, post=None),
    "home:gaps": reading(EVERYONE),
    "search": shows(),
    "suggest": shows(),
    "set_language": door(405, 302),
    "alive": door(),
    "ready": door(),
    "browser_report": door(405, 400),
    "notifications": shows(),
    "read_notifications": button(EVERYONE),
    "my_positions": shows(),
    # organisation
    "organisation:units": shows(READERS),
    "organisation:unit": shows(READERS),
    "organisation:find_positions": shows(READERS),
    "organisation:position": shows(READERS),
    # reorganisations: a draft is seen by those who prepare it
    "reorganisation:list": reading(READERS),
    "reorganisation:new": page(REORGANISERS, post=422),
    "reorganisation:page": of_a_draft(post=None),
    "reorganisation:edit": of_a_draft(post=422),
    "reorganisation:add": of_a_draft(post=422),
    "reorganisation:take_away": of_a_draft(get=405, post=302),
    "reorganisation:distribute": of_a_draft(post=302),
    "reorganisation:plan": of_a_draft(post=302),
    "reorganisation:withdraw": of_a_draft(post=302),
    "organisation:positions": reading(READERS),
    "organisation:new_position": page(KEEPERS, post=422),
    "organisation:edit_position": page(KEEPERS, post=422),
    # One's own position only: nobody of the walk holds it.
    "organisation:let_prepare": page(NOBODY),
    "organisation:stop_preparing": button(NOBODY),
    "organisation:people": reading(READERS),
    "organisation:person": shows(READERS),
    "organisation:new_person": page(KEEPERS, post=422),
    "organisation:edit_person": page(KEEPERS, post=422),
    "organisation:find_people": shows(READERS),
    # who enters and leaves a position
    "leadership:appoint": page(KEEPERS | LEADERS),
    "leadership:end": page(KEEPERS),
    "leadership:close": page(KEEPERS),
    "leadership:of_position": shows(READERS),
    "leadership:begin": page(LEADERS),
    "leadership:handover": page(LEADERS, post=403, sees=LEADERS),
    "leadership:hand_over": page(NOBODY, sees=LEADERS),
    "leadership:receive": page(NOBODY, sees=LEADERS),
    # plans: open to everyone to look for, made by planners and leaders, adopted by few
    "planning:plans": reading(EVERYONE),
    "planning:time_line": shows(),
    "planning:hierarchy": shows(),
    "planning:plan_types": shows(),
    "planning:new_plan_type": page(SETS_UP_PLANS),
    "planning:edit_plan_type": page(SETS_UP_PLANS),
    "planning:new_plan": shows(PLANNERS),
    "planning:new_plan_of_type": page(PLANNERS),
    "planning:plan": of_a_thing(READERS, post=None),
    "planning:edit_plan": of_a_thing(PLANNERS, post=422),
    "planning:new_version": of_a_thing(PLANNERS),
    "planning:adopt_plan": of_a_thing(ADOPTERS),
    "planning:repeal_plan": of_a_thing(ADOPTERS),
    "planning:open_consultation": of_a_thing(PLANNERS),
    "planning:close_consultation": of_a_thing(PLANNERS),
    "planning:submit_plan": of_a_thing(PLANNERS),
    "planning:new_objection": of_a_thing(PLANNERS),
    "planning:objection": of_a_thing(PLANNERS),
    # Read by all; there is something to send for those who write it.
    "planning:programme": of_a_thing(READERS),
    "planning:edit_entry": of_a_thing(PLANNERS),
    "planning:remove_entry": of_a_thing(PLANNERS, get=405, post=302),
    "planning:guidelines": of_a_thing(READERS),
    "planning:edit_guideline": of_a_thing(PLANNERS),
    "planning:remove_guideline": of_a_thing(PLANNERS, get=405, post=302),
    "planning:judgements": of_a_thing(READERS),
    "planning:needed_plan": of_a_thing(PLANNERS),
    # measures
    "planning:measures": reading(EVERYONE),
    "planning:chart": shows(),
    "planning:new_measure": page(MAKERS, post=422),
    "planning:measure": of_a_thing(READERS, post=None),
    "planning:edit_measure": of_a_thing(WORKERS, post=422),
    "planning:progress": of_a_thing(WORKERS),
    # the legal clock: deadlines are open to everyone
    "compliance:deadlines": reading(EVERYONE),
    "compliance:year": shows(),
    "compliance:deadline": shows(),
    "compliance:fulfil": page(CLOCK_KEEPERS),
    "compliance:facts": reading(READERS),
    "compliance:new_fact": page(CLOCK_KEEPERS),
    "compliance:edit_fact": page(CLOCK_KEEPERS),
    "compliance:remove_fact": page(CLOCK_KEEPERS, post=302),
    "compliance:rules": shows(READERS),
    "compliance:switch_off": page(CLOCK_KEEPERS),
    "compliance:switch_on": button(CLOCK_KEEPERS),
    "compliance:answering": shows(READERS),
    "compliance:let_answer": page(CLOCK_KEEPERS),
    "planning:evaluate": of_a_thing(WORKERS),
    # what plans consist of
    "planning:contents": of_a_thing(READERS, post=None),
    "planning:fetch": of_a_thing(PLANNERS, post=422),
    "planning:take_out": of_a_thing(PLANNERS, post=302),
    "planning:move": of_a_thing(PLANNERS, get=405, post=302),
    "planning:revise": of_a_thing(PLANNERS, post=422),
    "planning:find_things": shows(),
    "planning:give": of_a_thing(PLANNERS),
    "planning:priority_areas": reading(EVERYONE),
    "planning:new_priority_area": page(PLANNERS, post=422),
    "planning:priority_area": of_a_thing(READERS, post=None),
    "planning:edit_priority_area": of_a_thing(PLANNERS, post=422),
    "planning:goals": reading(EVERYONE),
    "planning:new_goal": page(PLANNERS, post=422),
    "planning:goal": of_a_thing(READERS, post=None),
    "planning:edit_goal": of_a_thing(PLANNERS, post=422),
    "planning:strategies": reading(EVERYONE),
    "planning:new_strategy": page(PLANNERS, post=422),
    "planning:strategy": of_a_thing(READERS, post=None),
    "planning:edit_strategy": of_a_thing(PLANNERS, post=422),
    "planning:assignments": reading(EVERYONE),
    "planning:new_assignment": page(PLANNERS, post=422),
    "planning:assignment": of_a_thing(READERS, post=None),
    "planning:edit_assignment": of_a_thing(PLANNERS, post=422),
    "planning:cornerstones": shows(),
    "planning:challenges": shows(),
    "planning:new_cornerstone": page(frozenset({"planner"})),
    "planning:edit_cornerstone": page(frozenset({"planner"})),
    "planning:end_cornerstone": page(frozenset({"planner"})),
    # requirements, and what points to them
    "compliance:requirements": reading(EVERYONE),
    "compliance:requirement": shows(),
    "compliance:new_requirement": page(CLOCK_KEEPERS, post=422),
    "compliance:edit_requirement": page(CLOCK_KEEPERS, post=422),
    "compliance:take_in": page(CLOCK_KEEPERS),
    "compliance:points_to": of_a_thing(READERS, post=None),
    "compliance:point_to": of_a_thing(WORKERS, get=405, post=404),
    "compliance:point_no_longer": of_a_thing(WORKERS, get=405, post=302),
    # owner health
    "assurance:overview": shows(LOOKERS_AFTER),
    "assurance:findings": reading(LOOKERS_AFTER),
    # In the walk these two act in the field of quality, and the thing lies in none.
    "assurance:finding": Row(LOOKERS_AFTER, post=None, sees=EVERYONE - {"internal_auditor", "quality_manager"}),
    "assurance:confirm": page(EVERYONE, post=302),
    # authority: open to everyone, passed on by who has it
    "delegation:authorisations": reading(EVERYONE),
    "delegation:checks_not_done": reading(EVERYONE),
    "delegation:tree": shows(),
    "delegation:powers": reading(EVERYONE),
    "delegation:levels": shows(),
    "delegation:position": shows(READERS),
    "delegation:authorisation": shows(),
    "delegation:new": shows(SECRETARIES),
    "delegation:new_from": page(SECRETARIES),
    "delegation:edit_authorisation": page(GIVERS, post=422),
    "delegation:pass_on": page(GIVERS),
    "delegation:withdraw": page(GIVERS),
    "delegation:check": page(GIVERS),
    "delegation:new_power": page(SECRETARIES),
    "delegation:edit_power": page(SECRETARIES),
    "delegation:edit_level": page(SECRETARIES),
    "delegation:regulations": reading(EVERYONE),
    "delegation:new_regulations": page(SECRETARIES),
    "delegation:regulations_version": shows(READERS, sees=READERS),
    "delegation:edit_regulations": page(SECRETARIES, post=422, sees=READERS),
    "delegation:adopt_regulations": page(SECRETARIES, sees=READERS),
    "delegation:compare_regulations": shows(READERS, sees=READERS),
    # what every thing has
    "items:open": of_a_thing(READERS, get=302, post=302),
    "items:step": of_a_thing(WORKERS),
    "items:confirm": of_a_thing(NOBODY, get=405),
    "items:follow": of_a_thing(READERS, get=405, post=302),
    "items:unfollow": of_a_thing(READERS, get=405, post=302),
    "items:mentionable": of_a_thing(EMPLOYEES, post=None),
    "items:comment": of_a_thing(EMPLOYEES, get=405, post=422),
    "items:attach": of_a_thing(EMPLOYEES),
    "items:download": of_a_thing(READERS, post=None),
    "items:link": of_a_thing(WORKERS),
    "items:follow_up": of_a_thing(WORKERS),
    "items:tick_off": of_a_thing(WORKERS, get=405, post=302),
    "items:changes": of_a_thing(READERS, post=None),
    "items:answered_for": shows(READERS),
    "items:as_it_stood": of_a_thing(READERS, post=None),
    "items:save_view": page(EVERYONE),
    "items:forget_view": of_another(get=405),
    # the text of a thing
    "writing:text": of_a_thing(READERS, post=None),
    "writing:panel": of_a_thing(READERS, post=None),
    "writing:outline": of_a_thing(WORKERS, post=None),
    "writing:begin": of_a_thing(WORKERS, get=405, post=403),
    "writing:new": of_a_thing(WORKERS),
    "writing:write": of_a_thing(WORKERS, post=422),
    "writing:describe": of_a_thing(WORKERS),
    "writing:mark": of_a_thing(WORKERS, get=405, post=302),
    "writing:move": of_a_thing(WORKERS, get=405, post=302),
    "writing:take_out": of_a_thing(WORKERS, post=302),
    "writing:bring_back": of_a_thing(WORKERS, get=405, post=302),
    "writing:insert": of_a_thing(WORKERS),
    "writing:remark": of_a_thing(EMPLOYEES, get=405, post=422),
    "writing:settle": of_a_thing(WORKERS, get=405, post=302),
    "writing:versions": of_a_thing(READERS, post=None),
    "writing:version": of_a_thing(READERS, post=None),
    "writing:restore": of_a_thing(WORKERS, get=405, post=302),
    # records
    "records:due": reading(SEES_REMOVALS),
    "records:of_thing": shows(SEES_REMOVALS, sees=READERS),
    "records:disposals": reading(SEES_REMOVALS),
    "records:disposal": shows(SEES_REMOVALS),
    "records:confirm_disposal": page(RECORDS_MANAGER, post=422),
    "records:decline_disposal": button(RECORDS_MANAGER),
    "records:ask_disposal": page(RECORDS_MANAGER, post=422, sees=READERS),
    "records:rules": shows(),
    "records:export": page(RECORDS_MANAGER, post=422),
    "records:removals": reading(SEES_REMOVALS),
    "records:removal": shows(SEES_REMOVALS),
    # What somebody has asked to remove is seen by that person only.
    "records:asked_removal": Row(RECORDS_MANAGER, 404, 404),
    "records:removal_progress": Row(RECORDS_MANAGER, 404, 404),
    "records:confirm_removal": Row(RECORDS_MANAGER, 405, 404),
    "records:throw_away_removal": Row(RECORDS_MANAGER, 405, 404),
    "records:remove_text": page(RECORDS_MANAGER),
    "records:remove_person": page(RECORDS_MANAGER),
    "records:remove_file": page(RECORDS_MANAGER, sees=READERS),
    # jobs
    "imports:imports": reading(LOADERS),
    "imports:new": page(LOADERS, post=422),
    "imports:import": shows(ADMINISTRATORS, sees=ADMINISTRATORS),
    "imports:columns": page(ADMINISTRATORS, sees=ADMINISTRATORS, post=422),
    "imports:progress": shows(ADMINISTRATORS, get=302, sees=ADMINISTRATORS),
    "imports:load": page(ADMINISTRATORS, get=405, post=302, sees=ADMINISTRATORS),
    "imports:undo": page(ADMINISTRATORS, get=302, post=302, sees=ADMINISTRATORS),
    "imports:throw_away": page(ADMINISTRATORS, post=302, sees=ADMINISTRATORS),
    "imports:refused": shows(ADMINISTRATORS, sees=ADMINISTRATORS),
    "imports:download": shows(ADMINISTRATORS, sees=ADMINISTRATORS),
    "jobs:job": of_another(),
    "jobs:progress": of_another(),
    "jobs:result": of_another(),
    # the way in, and one's own security
    "account_login": leads_on(signed_out=200),
    "account_logout": page(EVERYONE, post=302, signed_out=302),
    "account_inactive": door(post=405),
    "signed_out": door(),
    # No provider is set up in the tests of access; with one they are doors (signin/tests/test_provider.py).
    "openid_connect_login": of_another(signed_out=404),
    "openid_connect_callback": of_another(signed_out=404),
    "try_as": door(405, 404),
    "account_change_password": leads_on(),
    "account_set_password": page(EVERYONE),
    "account_reset_password": door(),
    "account_reset_password_done": door(post=405),
    "account_reset_password_from_key": door(),
    "account_reset_password_from_key_done": door(post=405),
    "account_reauthenticate": page(NOBODY),
    "account_security": reading(EVERYONE),
    "usersessions_list": leads_on(),
    "end_session": button(EVERYONE),
    "end_other_sessions": button(EVERYONE),
    "mfa_index": leads_on(),
    "mfa_authenticate": leads_on(signed_out="same"),
    "mfa_activate_totp": page(EVERYONE),
    "mfa_deactivate_totp": of_another(),
    "mfa_view_recovery_codes": of_another(post=405),
    "mfa_generate_recovery_codes": page(EVERYONE),
    "mfa_download_recovery_codes": of_another(),
    "mfa_list_webauthn": leads_on(),
    "mfa_login_webauthn": leads_on(signed_out="same"),
    "mfa_add_webauthn": page(EVERYONE),
    "mfa_edit_webauthn": of_another(),
    "mfa_remove_webauthn": of_another(),
    "mfa_reauthenticate": page(NOBODY),
    "mfa_reauthenticate_webauthn": page(NOBODY),
    # reminders
    "reminders:wishes": page(EVERYONE),
    "reminders:make_feed": button(EVERYONE, post=200),
    "reminders:revoke_feed": button(EVERYONE),
    "reminders:calendar": door(404, 405),
    "reminders:ladder": page(ADMINISTRATORS),
    "reminders:refused": shows(ADMINISTRATORS),
    # running the system
    "support": reading(ADMINISTRATORS),
    "start_support_session": page(ADMINISTRATORS),
    "end_support_session": button(EVERYONE),
    "security_log": reading(ADMINISTRATORS),
}
