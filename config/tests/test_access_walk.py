"""Walks every address as every role, and compares with the access table."""

import copy
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from config.tests.access_table import ACCESS, EVERYONE
from styrhus.compliance.models import LegalDeadline, RegisteredFact, Requirement
from styrhus.delegation.models import Authorisation, AuthorityLevel, Power, Regulations
from styrhus.economy.models import (
    Amendment,
    AmendmentLine,
    Area,
    Code,
    Detail,
    Forecast,
    PaymentRight,
    PhasingRule,
    Post,
    Version,
)
from styrhus.imports import operations
from styrhus.imports.models import Import
from styrhus.items.models import Attachment, FollowUp, Link, SavedView
from styrhus.jobs.models import Job
from styrhus.leadership.models import Handover
from styrhus.organisation.models import Position, Preparer, Unit
from styrhus.organisation.roles import ROLES
from styrhus.planning.models import (
    Assignment,
    Consultation,
    Cornerstone,
    Goal,
    Guideline,
    Objection,
    Placement,
    Plan,
    PlanType,
    PriorityArea,
    ProgrammeEntry,
    Strategy,
)
from styrhus.records.models import Disposal, Removal
from styrhus.reorganisation.models import Change, Part, Reorganisation
from styrhus.scorecard.models import ComparisonGroup, FocusArea, Indicator, ScorecardGoal, Series, Target
from styrhus.writing import operations as writing
from styrhus.writing.models import Chapter, Heading

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIGNED_OUT = "signed out"
OF_AN_INDICATOR = ("indicator", "edit_indicator", "new_measure", "set_target", "measured_in", "comparison")
OF_A_PLAN = (
    "plan",
    "edit_plan",
    "new_version",
    "adopt_plan",
    "repeal_plan",
    "submit_plan",
    "new_objection",
    "programme",
    "guidelines",
    "judgements",
    "needed_plan",
)
QUERIES = {"items:save_view": "?register=planning:measures"}


def addresses(patterns=None, space="") -> dict[str, URLPattern]:
    """Every named pattern of the site, includes of includes too."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            found[f"{space}{pattern.name or pattern.pattern}"] = pattern
        else:
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= addresses(pattern.url_patterns, below)
    return found


def test_every_address_has_a_row_and_every_row_an_address():
    assert addresses().keys() - ACCESS.keys() == set(), "addresses without a row"
    assert ACCESS.keys() - addresses().keys() == set(), "rows without an address"


def test_every_address_has_a_name():
    assert [name for name, pattern in addresses().items() if not pattern.name] == []


def _of_budgets(world, name: str) -> dict[str, dict]:
    """A budget with a post, a line, an amendment and a right. For each address anew: some take their thing away."""
    school, head = world.units.school, world.people.principal
    version = Version.objects.create(year=2026, name=name[:100])
    own = {"version": version, "unit": school, "cost_centre": "1"}
    amendment = Amendment.objects.create(version=version, title="Flytter", by=head)
    line = AmendmentLine.objects.create(amendment=amendment, cost_centre="1", kind="1", amount=1)
    position = head.appointments.first().position
    months_before = PaymentRight.objects.count()
    start = date(2026, 1, 1) + timedelta(days=months_before)
    right = PaymentRight.objects.create(position=position, unit=school, right="certify", start=start)
    Forecast.objects.create(unit=school, year=2026, month=1, amount=2, computed=1, budget=1, by=head)
    of_version, of_unit = {"pk": version.pk}, {"pk": school.pk, "version": version.pk}
    return {
        "economy:budget": {"pk": school.pk},
        "economy:roll_up": {"pk": school.pk},
        "economy:new_measure": {"pk": school.pk},
        "economy:sheet": {"name": "balanse"},
        "economy:area": {"pk": Area.objects.create(number=Area.objects.count(), name="Skole", first_year=2026).pk},
        **{f"economy:{each}": of_unit for each in ("frame", "new_post", "new_detail", "take_in_budget")},
        "economy:post": {"pk": Post.objects.create(title="Lærer", pay=1, **own).pk},
        "economy:detail": {"pk": Detail.objects.create(kind="1", amount=1, **own).pk},
        **{f"economy:{each}": of_version for each in ("version", "edit_version", "phase", "version_file")},
        "economy:wage_rates": {"year": 2026},
        "economy:phasing_rule": {"pk": PhasingRule.objects.first().pk},
        **{
            f"economy:{each}": {"pk": amendment.pk}
            for each in ("amendment", "new_amendment_line", "edit_amendment", "take_in_amendment", "drop_amendment")
        },
        "economy:remove_amendment_line": {"pk": line.pk},
        "economy:payment_right": {"pk": right.pk},
    }


@pytest.fixture
def arguments(world):
    """Real objects for every address that is about one."""
    thing, principal = world.things.internal.as_item, world.people.principal
    promise = FollowUp.objects.create(
        item=thing, what="Ring", responsible=principal.position, due=date.today() + timedelta(days=1)
    )
    file = Attachment.objects.create(
        item=thing, name="a.txt", content_type="text/plain", size=1, sha256="0" * 64, by=principal
    )
    default_storage.save(file.stored_as, ContentFile(b"x"))
    job = Job.objects.create(by=principal, title="Regneark")
    loaded = Import.objects.create(kind="organisation", by=principal)
    came = operations.keep_file(loaded, ContentFile(b"code;name\n1;A"), "a.csv")
    draft = Reorganisation.objects.create(title="To skoler", on=date.today() + timedelta(days=30))
    split = Change.objects.create(reorganisation=draft, place=1, kind="split", unit=world.units.school)
    Part.objects.bulk_create(Part(change=split, place=place, name=f"Skole {place}") for place in range(2))
    removal = Removal.objects.create(kind="text", basis=Removal.Basis.RETENTION, reason="Tiden er ute", by=principal)
    asked = Disposal.objects.create(
        number=thing.pk, kind=thing.kind, reason="Gammelt", rule="10 år", asked_by=principal
    )
    view = SavedView.objects.create(person=principal, register="planning:measures", name="Min", query="")
    given = authority_in(world)
    rules = Regulations.objects.create(
        kind="delegation.regulations",
        title="Reglement",
        number=1,
        text="Tekst",
        state="draft",
        unit=world.units.municipality,
        responsible=given.responsible,
    )
    fact = RegisteredFact.objects.create(event="constituted", on=date(2023, 10, 17))
    legal = LegalDeadline.objects.create(
        kind="compliance.legaldeadline",
        title="Planstrategi",
        rule_id="pbl_10_1_planning_strategy",
        occurrence="1",
        state="waiting",
        openness="open",
        unit=world.units.municipality,
        responsible=world.people.director.position,
    )
    plan = Plan.objects.create(
        kind="planning.plan",
        title="Planstrategi",
        type=PlanType.objects.get(code="planning_strategy"),
        first_year=2027,
        state="adopted",
        unit=thing.unit,
        responsible=thing.responsible,
    )
    goal = Requirement.objects.create(
        kind="compliance.requirement",
        title="God utdanning",
        source="sdg_goal",
        code="4",
        state="in_force",
        openness="open",
        unit=world.units.municipality,
        responsible=world.people.director.position,
    )
    points = Link.objects.create(source=thing, target=goal.as_item, kind="fulfils")
    preparer = Preparer.objects.create(position=principal.position, person=world.people.guest, by=principal)
    handover = Handover.objects.create(
        position=principal.position, leaver=principal, receiver=world.people.guest, on=date.today()
    )
    chapter, about = chapter_in(thing, principal)
    placed = contents_of_a_plan(world)
    indicator, target = something_measured(world)
    followed = ScorecardGoal.objects.create(goal=placed["goal"], focus_area=indicator.focus_area)
    stone = Cornerstone.objects.create(kind="value", name="Åpenhet", since=date.today())
    return lambda name: (
        {
            "compliance:requirement": {"pk": goal.pk},
            "compliance:edit_requirement": {"pk": goal.pk},
            "compliance:points_to": {"pk": thing.pk},
            "compliance:point_to": {"pk": thing.pk},
            "compliance:point_no_longer": {"pk": thing.pk, "link": points.pk},
            "compliance:edit_fact": {"pk": fact.pk},
            "compliance:remove_fact": {"pk": fact.pk},
            "compliance:switch_off": {"rule": "kl_14_6_accounts"},
            "compliance:switch_on": {"rule": "kl_14_6_accounts"},
            "compliance:let_answer": {"name": "auditor"},
            **{name: {"pk": thing.pk} for name in OF_A_WHOLE_TEXT},
            "writing:mark": {"pk": chapter.pk, "state": "klart"},
            "writing:move": {"pk": chapter.pk, "way": "opp"},
            "writing:settle": {"pk": chapter.pk, "comment": about},
            "writing:version": {"pk": chapter.pk, "number": 2},
            "writing:restore": {"pk": chapter.pk, "number": 2},
            "planning:contents": {"pk": placed["plan"].pk},
            "planning:fetch": {"pk": placed["plan"].pk},
            "planning:take_out": {"pk": placed["plan"].pk, "item": placed["goal"].pk},
            "planning:move": {"pk": placed["plan"].pk, "item": placed["goal"].pk},
            "planning:revise": {"pk": placed["newer"].pk, "item": placed["goal"].pk},
            "planning:give": {"pk": placed["goal"].pk},
            **{
                f"planning:{way}{kind}": {"pk": placed[kind].pk}
                for kind in ("priority_area", "goal", "strategy", "assignment")
                for way in ("", "edit_")
            },
            **{f"scorecard:{name}": {"pk": indicator.pk} for name in OF_AN_INDICATOR},
            **{
                f"scorecard:{way}_comparison_group": {"pk": ComparisonGroup.objects.create(name=f"{way} {name}").pk}
                for way in ("edit", "remove")
            },
            "scorecard:remove_target": {"pk": indicator.pk, "target": target.pk},
            "economy:money": {"pk": world.units.school.pk},
            "economy:statement": {"name": "overview_by_kind"},
            "economy:forecast": {"pk": world.units.school.pk},
            "economy:lines": {"pk": world.units.school.pk},
            **_of_budgets(world, name),
            "economy:edit_code": {"pk": Code.objects.create(dimension="project", code=name, first_year=2026).pk},
            "scorecard:unit_scorecard": {"pk": world.units.school.pk},
            "scorecard:evenness": {"pk": world.units.school.pk},
            "scorecard:enter": {"pk": world.units.school.pk},
            **{f"scorecard:{way}focus_area": {"pk": indicator.focus_area_id} for way in ("", "edit_", "end_")},
            **{f"scorecard:{way}_goal": {"pk": followed.pk} for way in ("edit", "end")},
            "planning:edit_cornerstone": {"pk": stone.pk},
            "planning:end_cornerstone": {"pk": stone.pk},
            "delegation:new_from": {"way": "lov"},
            "planning:new_plan_of_type": {"code": "thematic_plan"},
            **plan_and_its_parts(plan),
            "delegation:position": {"pk": principal.position.pk},
            "delegation:edit_power": {"pk": given.power_id},
            "delegation:edit_level": {"pk": AuthorityLevel.objects.get(level=1).pk},
            "items:step": {"pk": thing.pk, "name": "start"},
            "items:download": {"pk": thing.pk, "attachment": file.pk},
            "items:tick_off": {"pk": thing.pk, "follow_up": promise.pk},
            "imports:download": {"pk": loaded.pk, "file": came.pk},
            "items:forget_view": {"pk": view.pk},
            "records:disposal": {"pk": asked.pk},
            "records:confirm_disposal": {"pk": asked.pk},
            "records:decline_disposal": {"pk": asked.pk},
            "records:removal": {"pk": removal.pk},
            "records:remove_file": {"pk": thing.pk, "attachment": file.pk},
            "organisation:unit": {"pk": world.units.school.pk},
            "organisation:position": {"pk": principal.position.pk},
            "items:answered_for": {"pk": principal.position.pk},
            "reminders:calendar": {"token": "guessed"},
            "reorganisation:page": {"pk": draft.pk},
            "reorganisation:edit": {"pk": draft.pk},
            "reorganisation:add": {"pk": draft.pk, "kind": "rename"},
            "reorganisation:take_away": {"pk": draft.pk, "change": split.pk},
            "reorganisation:distribute": {"pk": draft.pk, "change": split.pk},
            "reorganisation:plan": {"pk": draft.pk},
            "reorganisation:withdraw": {"pk": draft.pk},
            "organisation:edit_position": {"pk": principal.position.pk},
            "organisation:let_prepare": {"pk": principal.position.pk},
            "organisation:stop_preparing": {"pk": principal.position.pk, "preparer": preparer.pk},
            "organisation:person": {"pk": world.people.teacher.pk},
            "organisation:edit_person": {"pk": world.people.teacher.pk},
            "leadership:appoint": {"pk": principal.position.pk},
            "leadership:close": {"pk": principal.position.pk},
            "leadership:end": {"pk": principal.position.appointments.get().pk},
            "leadership:of_position": {"pk": principal.position.pk},
            "leadership:begin": {"pk": principal.position.pk},
            "leadership:handover": {"pk": handover.pk},
            "leadership:hand_over": {"pk": handover.pk},
            "leadership:receive": {"pk": handover.pk},
            "start_support_session": {"pk": world.people.teacher.pk},
            "openid_connect_login": {"provider_id": "entra"},
            "openid_connect_callback": {"provider_id": "entra"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "wrong-key"},
        }.get(name)
        or {
            "pk": _about(
                name,
                {
                    "writing": chapter,
                    "compliance": legal,
                    "jobs": job,
                    "imports": loaded,
                    "delegation": given,
                    "regulations": rules,
                },
                thing,
            ).pk
        }
    )


def plan_and_its_parts(plan) -> dict:
    """The arguments of every address about a plan."""
    today = date.today()
    consultation = Consultation.objects.create(plan=plan, opened=today, closes=today)
    objection = Objection.objects.create(plan=plan, authority="Statsforvalteren", received_on=today, parts="B1")
    entry = ProgrammeEntry.objects.create(plan=plan, kind="theme", title="Skole")
    guideline = Guideline.objects.create(plan=plan, source="state", title="Retningslinjer")
    own = {"pk": plan.pk}
    found = {f"planning:{name}": own for name in OF_A_PLAN}
    found |= {f"planning:{name}_entry": own | {"entry": entry.pk} for name in ("edit", "remove")}
    found |= {f"planning:{name}_guideline": own | {"guideline": guideline.pk} for name in ("edit", "remove")}
    return found | {
        "planning:edit_plan_type": {"pk": plan.type_id},
        "planning:open_consultation": own | {"about": "forslag"},
        "planning:close_consultation": own | {"consultation": consultation.pk},
        "planning:objection": own | {"objection": objection.pk},
    }


def _about(name, things, otherwise):
    """The thing of the address's context; the regulations are a kind of their own in theirs."""
    return things["regulations"] if "regulations" in name else things.get(name.partition(":")[0], otherwise)


OF_A_WHOLE_TEXT = {"writing:begin", "writing:text", "writing:panel", "writing:outline", "writing:new"}


def chapter_in(thing, by) -> tuple[Chapter, int]:
    """A chapter that has been written and commented on, and the comment's number."""
    chapter = writing.begin(thing, [Heading("Innledning")], by=by)[0]
    writing.write(chapter, writing.Draft("Innledning", "<p>Vi vil</p>"), version=1, by=by)
    return chapter, writing.remark(chapter, "Uklart", by=by).pk


def something_measured(world) -> tuple[Indicator, Target]:
    """An indicator that the school delivers every year, and what it aims at."""
    indicator = Indicator.objects.create(
        kind=Indicator.kind_name(),
        title="Trivsel",
        state=Indicator.IN_USE,
        unit=world.units.school,
        responsible=world.people.principal.position,
        focus_area=FocusArea.objects.first(),
        measured_in="prosent",
        aggregation="sum",
    )
    year = date.today().year
    Series.objects.create(indicator=indicator, unit=world.units.school, since=date(year - 3, 1, 1))
    years = {"first_year": year + 1, "last_year": year + 4}
    return indicator, Target.objects.create(indicator=indicator, unit=world.units.school, value=90, **years)


def contents_of_a_plan(world) -> dict:
    """One thing of each kind that a plan consists of, and the plan that the goal stands in."""
    fixed = {"unit": world.units.school, "responsible": world.people.principal.position}
    kinds = {"priority_area": PriorityArea, "goal": Goal, "strategy": Strategy, "assignment": Assignment}
    made = {
        name: kind.objects.create(kind=kind.kind_name(), title=name, state=kind.flow.start, **fixed)
        for name, kind in kinds.items()
    }
    made["plan"] = Plan.objects.create(
        kind=Plan.kind_name(),
        title="Virksomhetsplan",
        state=Plan.flow.start,
        type=PlanType.objects.get(code="unit_plan"),
        first_year=2027,
        **fixed,
    )
    Placement.objects.create(plan=made["plan"], item=made["goal"])
    fixed |= {"type": made["plan"].type, "replaces": made["plan"], "first": made["plan"], "state": Plan.flow.start}
    made["newer"] = Plan.objects.create(kind=Plan.kind_name(), title="Neste virksomhetsplan", first_year=2028, **fixed)
    return made


def authority_in(world) -> Authorisation:
    """What the director has from the council and has passed on to the area: (given by a leader of the municipality)."""
    office = Position.objects.create(
        title="Ordfører", leads=True, unit=Unit.objects.create(name="Kommunestyret", kind="body")
    )
    power = Power.objects.create(name="Ansette")
    fixed = {"power": power, "source": "delegated", "state": "in_force", "check_how": "Prøver", "check_every": 12}
    fixed |= {"kind": "delegation.authorisation", "may_be_passed_on": True, "openness": "open"}
    director, chief = world.people.director.position, world.people.area_director.position
    first = Authorisation.objects.create(
        title="Ansette – Kommunedirektør", giver=office, responsible=office, unit=office.unit, holder=director, **fixed
    )
    return Authorisation.objects.create(
        title="Ansette – Kommunalsjef",
        giver=director,
        responsible=director,
        unit=director.unit,
        holder=chief,
        passed_on_from=first,
        **fixed,
    )


def address(name, pattern, arguments) -> str:
    wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
    return reverse(name, kwargs=arguments(name) if wanted else {}) + QUERIES.get(name, "")


def outcome(response):
    """The status, or "sign in" when one is sent to sign in before one may go on to where one was."""
    door = f"{reverse('account_login')}?next="
    return "sign in" if response.headers.get("Location", "").startswith(door) else response.status_code


def visit(client, method, url):
    """One request that leaves nothing behind."""
    with transaction.atomic():
        cookies = copy.deepcopy(client.cookies)
        found = outcome(getattr(client, method)(url))
        client.cookies = cookies
        transaction.set_rollback(True)
    return found


def expected(row, role, method):
    wanted = getattr(row, method)
    if role == SIGNED_OUT:
        return wanted if row.signed_out == "same" else row.signed_out
    if wanted == 405:
        return 405
    if role not in row.sees:
        return 404
    return wanted if role in row.opens else row.others


def methods(row):
    return ("get",) if row.post is None else ("get", "post")


def walk(client, role, arguments, left_to: str = "") -> dict:
    """Where the outcome is not what the table says: address and method → (met, expected).

    `left_to`: another role, to which the pages are left that both are shown.
    """
    wrong = {}
    for name, pattern in addresses().items():
        url = address(name, pattern, arguments)
        for method in methods(ACCESS[name]):
            wanted = expected(ACCESS[name], role, method)
            if left_to and wanted in SHOWN and wanted == expected(ACCESS[name], left_to, method):
                continue
            met = visit(client, method, url)
            if met != wanted:
                wrong[f"{method} {name}"] = (met, wanted)
    return wrong


def likeness(role: str) -> tuple:
    """What a role may do. The code asks for permissions, never for roles: those that may do the same are met alike."""
    its = ROLES[role]
    return its.within, its.own, its.needs_field and its.fields[:1]


def test_roles_that_may_do_the_same_stand_together_in_the_table():
    apart = {
        (name, one, other)
        for one, other in combinations(sorted(ROLES), 2)
        if likeness(one) == likeness(other)
        for name, row in ACCESS.items()
        if (one in row.sees, one in row.opens) != (other in row.sees, other in row.opens)
    }
    assert apart == set()


# Field roles, each with little more than an employee: they walk in `make walks`.
IN_WALKS_ONLY = {
    "data_protection_officer",
    "emergency_coordinator",
    "hr_chief",
    "information_security_manager",
    "internal_auditor",
    "safety_representative",
    "service_director",
}


# What costs time is to draw a page, not to refuse it.
SHOWN = (200, 422)
# They are drawn every page they may see; the rest leave to the employee what the employee sees as well.
DRAWN_ALL = {"employee", "municipal_director", "no position", "system_administrator"}


def walkers() -> list:
    """One of those who may do the same walks in every run of the tests, all of them everywhere in `make walks`."""
    met, found = set(), []
    for role in sorted(EVERYONE):
        alike = likeness(role) if role in ROLES else role
        left = [] if alike in met or role in IN_WALKS_ONLY else [role]
        found += [pytest.param(each, "" if each in DRAWN_ALL else "employee", id=each) for each in left]
        if role not in DRAWN_ALL or not left:
            found.append(pytest.param(role, "", id=f"{role} everywhere", marks=pytest.mark.long))
        met.add(alike)
    return found


@pytest.mark.parametrize(("role", "left_to"), walkers())
def test_each_role_opens_what_the_table_says_and_nothing_else(world, make, signed_in, arguments, role, left_to):
    municipality = world.units.municipality
    person = make.person() if role == "no position" else make.holder(role, municipality)
    assert walk(signed_in(person), role, arguments, left_to) == {}


def test_who_is_signed_out_opens_only_the_doors(world, arguments):
    assert walk(Client(), SIGNED_OUT, arguments) == {}
