"""What a reorganisation does on its day: all of it, dated, with nothing left behind."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction

from styrhus.items.models import FollowUp, Item, Notification
from styrhus.organisation.models import Position, PositionRole, Unit, UnitKind
from styrhus.organisation.operations import effective
from styrhus.organisation.queries import tree
from styrhus.reorganisation.dry_run import sections_of
from styrhus.reorganisation.models import Change, Choice, Part
from styrhus.reorganisation.operations import (
    Refused,
    _tell_that_it_is_held,
    add,
    carry_out,
    carry_out_due,
    edit,
    place_parts,
    plan,
    withdraw,
)
from styrhus.reorganisation.queries import plan_of, units_as_planned

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOON = TODAY + timedelta(days=30)
OLD = date(2020, 1, 1)
Kind = Change.Kind


def merged(reorganisation, *units, **fields) -> Change:
    return add(reorganisation, Change(kind=Kind.MERGE, **fields), units=units)


def names(reorganisation) -> str:
    return " ".join(plan_of(reorganisation).obstacles)


@pytest.fixture
def merger(org, draft):
    """The other school becomes part of the school."""
    reorganisation = draft()
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    return reorganisation


def again(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def test_a_merger_hands_over_what_the_old_unit_answered_for(org, merger, make):
    units, things, people = org.units, org.things, org.people
    promise = FollowUp.objects.create(
        item=things.internal.as_item, what="Ring", responsible=people.other_principal.position, due=TODAY
    )
    plan(merger, by=people.director, on=TODAY)
    moved = again(things.elsewhere)
    assert (moved.unit, moved.responsible) == (units.school, people.principal.position)
    assert again(promise).responsible == people.principal.position
    assert again(units.other_school).until == TODAY - timedelta(days=1)
    assert again(people.other_principal.position).until == TODAY - timedelta(days=1)
    assert [one.new for one in units.other_school.successions.all()] == [units.school]


def test_what_is_ended_goes_along_too(org, merger):
    Item.objects.filter(pk=org.things.elsewhere.pk).update(ended="2025-01-01T00:00Z")
    plan(merger, by=org.people.director, on=TODAY)
    assert again(org.things.elsewhere).unit == org.units.school


def test_people_keep_their_positions_and_move_with_them(org, merger, make):
    cook = make.holder("employee", org.units.other_school, since=OLD)
    plan(merger, by=org.people.director, on=TODAY)
    moved = again(cook.position)
    assert (moved.unit, moved.until) == (org.units.school, None)
    assert [held.end for held in moved.appointments.all()] == [None]
    assert [role.reach for role in moved.roles.all()] == [org.units.school]


def test_who_led_the_old_unit_holds_the_position_to_the_day_before(org, merger):
    plan(merger, by=org.people.director, on=TODAY)
    assert [held.end for held in org.people.other_principal.position.appointments.all()] == [TODAY - timedelta(days=1)]


def test_units_below_go_along(org, merger, make):
    below = make.unit("Andre trinn", parent=org.units.other_school)
    plan(merger, by=org.people.director, on=TODAY)
    assert again(below).parent == org.units.school


def test_who_had_a_role_in_both_units_has_it_once_in_what_they_became(org, merger, make):
    wide = make.position("Vaktmester", org.units.area, role="case_officer", reach=org.units.school, since=OLD)
    PositionRole.objects.create(position=wide, role="case_officer", reach=org.units.other_school)
    plan(merger, by=org.people.director, on=TODAY)
    assert [role.reach for role in wide.roles.all()] == [org.units.school]


def test_who_took_over_and_is_then_closed_gives_on_what_it_got(org, draft):
    """The department closes into the other school, which then becomes part of the area above."""
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.CLOSE, unit=org.units.department, successor=org.units.other_school))
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    lay_there = Item.objects.filter(unit=org.units.department).count()
    at_school = Item.objects.filter(unit__in=[org.units.school, org.units.other_school]).count()
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert Item.objects.filter(unit=org.units.school).count() == lay_there + at_school


def test_history_before_the_day_still_shows_the_old_tree(org, draft):
    day = date(2024, 1, 1)
    reorganisation = draft(on=day)
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    plan(reorganisation, by=org.people.director, on=TODAY)
    before = [node.unit.name for node in tree(day - timedelta(days=1))]
    after = [node.unit.name for node in tree(day)]
    assert "Åsen skole" in before
    assert "Åsen skole" not in after
    assert after == [node.unit.name for node in tree(TODAY)]


def test_a_merger_may_make_a_new_unit_that_takes_the_code_of_an_old_one(org, draft):
    Unit.objects.filter(pk=org.units.school.pk).update(code="S1")
    with transaction.atomic(), effective(OLD):
        Unit.objects.filter(pk=org.units.school.pk).update(code="S2")
    reorganisation = draft()
    change = merged(
        reorganisation, org.units.school, org.units.other_school, name="Byskolen", code="S2", parent=org.units.area
    )
    plan(reorganisation, by=org.people.director, on=TODAY)
    new = again(change).made
    assert (new.name, new.code, new.since, new.parent) == ("Byskolen", "S2", TODAY, org.units.area)
    assert org.units.school.periods.get(until__isnull=False).code == "S2"
    assert {again(thing).unit for thing in (org.things.internal, org.things.elsewhere)} == {new}
    assert again(org.units.department).parent == new


def test_the_new_unit_has_a_vacant_leading_position_when_nobody_is_chosen(org, draft):
    reorganisation = draft()
    merged(reorganisation, org.units.school, org.units.other_school, name="Byskolen", parent=org.units.area)
    plan(reorganisation, by=org.people.director, on=TODAY)
    leader = Position.objects.get(unit__name="Byskolen", leads=True)
    assert not leader.appointments.exists()
    assert [role.role for role in leader.roles.all()] == ["unit_manager"]
    assert again(org.things.internal).responsible == leader


def test_the_leader_that_is_chosen_leads_the_new_unit_and_the_other_ends(org, draft):
    reorganisation = draft()
    chosen = org.people.other_principal.position
    merged(
        reorganisation,
        org.units.school,
        org.units.other_school,
        name="Byskolen",
        parent=org.units.area,
        leader=chosen,
    )
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert Position.objects.living(TODAY).get(unit__name="Byskolen", leads=True) == chosen
    assert again(org.people.principal.position).until == TODAY - timedelta(days=1)
    assert again(org.things.internal).responsible == chosen


def test_nothing_changes_before_the_day(org, draft):
    reorganisation = draft(on=SOON)
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    plan(reorganisation, by=org.people.director, on=TODAY)
    carry_out_due(SOON - timedelta(days=1))
    assert again(org.units.other_school).until is None
    assert again(reorganisation).is_planned


def test_what_is_due_is_carried_out_also_when_the_day_is_past(org, draft):
    reorganisation = draft(on=SOON)
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert carry_out_due(SOON + timedelta(days=3)) == [reorganisation]
    assert again(org.units.other_school).until == SOON - timedelta(days=1)
    assert carry_out_due(SOON + timedelta(days=3)) == []


def test_a_withdrawn_plan_leaves_no_trace_in_the_tree(org, draft):
    before = units_as_planned(SOON)
    reorganisation = draft(on=SOON)
    merged(reorganisation, org.units.school, org.units.other_school, name="Byskolen", parent=org.units.area)
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert units_as_planned(SOON) != before
    withdraw(reorganisation, by=org.people.director, reason="Vedtaket ble opphevet")
    assert units_as_planned(SOON) == before
    assert carry_out_due(SOON) == []
    assert not Unit.objects.filter(name="Byskolen").exists()


def test_what_is_carried_out_cannot_be_withdrawn(org, merger):
    plan(merger, by=org.people.director, on=TODAY)
    with pytest.raises(Refused):
        withdraw(merger, by=org.people.director)


def test_what_two_carry_out_at_once_happens_once(org, merger):
    plan(merger, by=org.people.director, on=TODAY)
    with pytest.raises(Refused):
        carry_out(merger)


def test_what_another_worker_has_carried_out_is_not_told_as_held(org, merger):
    plan(merger, by=org.people.director, on=TODAY)
    _tell_that_it_is_held(merger, "Noen har tatt den videre")
    assert again(merger).held == ""
    assert not Notification.objects.filter(person=org.people.director, reason="reorganisation").exists()


def test_a_form_that_was_open_does_not_take_a_decision_back(org, merger):
    opened = again(merger)
    plan(merger, by=org.people.director, on=TODAY)
    opened.title = "Noe annet"
    with pytest.raises(Refused):
        edit(opened)
    assert (again(merger).state, again(merger).title) == ("carried_out", "Ny skolestruktur")


def test_codes_may_change_places_on_a_day(org, draft):
    Unit.objects.filter(pk=org.units.school.pk).update(code="S1")
    Unit.objects.filter(pk=org.units.other_school.pk).update(code="S2")
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.school, code="S2"))
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.other_school, code="S1"))
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert (again(org.units.school).code, again(org.units.other_school).code) == ("S2", "S1")


def test_a_new_name_of_the_past_holds_from_its_day(org, draft):
    day = date(2024, 1, 1)
    reorganisation = draft(on=day)
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert "Solskolen" in [node.unit.name for node in tree(day)]
    assert "Solsiden skole" in [node.unit.name for node in tree(day - timedelta(days=1))]


def test_history_is_written_forwards(org, draft):
    with transaction.atomic(), effective(date(2025, 1, 1)):
        Unit.objects.filter(pk=org.units.school.pk).update(name="Solsida skole")
    reorganisation = draft(on=date(2024, 1, 1))
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    assert "Solsida skole" in names(reorganisation)


def test_a_new_area_gets_units_in_the_same_plan(org, draft):
    reorganisation = draft()
    made = add(
        reorganisation,
        Change(kind=Kind.CREATE, name="Skole", unit_kind=UnitKind.SERVICE_AREA, parent=org.units.municipality),
    )
    for unit in (org.units.school, org.units.other_school):
        add(reorganisation, Change(kind=Kind.MOVE, unit=unit, parent_change=made))
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert {unit.parent.name for unit in Unit.objects.filter(name__endswith="skole")} == {"Skole"}
    assert again(org.units.department).path.startswith(again(made).made.path)


def test_parent_and_child_change_places_without_a_ring_on_the_way(org, draft):
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.MOVE, unit=org.units.department, parent=org.units.area))
    add(reorganisation, Change(kind=Kind.MOVE, unit=org.units.school, parent=org.units.department))
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert again(org.units.school).parent == org.units.department


def test_a_unit_may_be_merged_into_one_below_it(org, draft):
    reorganisation = draft()
    merged(reorganisation, org.units.school, successor=org.units.department)
    plan(reorganisation, by=org.people.director, on=TODAY)
    assert again(org.units.department).parent == org.units.area
    assert again(org.things.internal).unit == org.units.department


@pytest.fixture
def split(org, draft):
    """The school becomes two; its teacher goes to the second."""
    reorganisation = draft()
    parts = [Part(name="Barneskolen"), Part(name="Ungdomsskolen", code="U1")]
    change = add(reorganisation, Change(kind=Kind.SPLIT, unit=org.units.school), parts=parts)
    first, second = change.parts.all()
    return SimpleNamespace(reorganisation=reorganisation, change=change, first=first, second=second)


def test_a_split_unit_leaves_everything_to_the_first_part_unless_it_is_placed(org, split, make):
    teacher = org.people.teacher.position
    with_teacher = make.measure("Elevråd", org.units.school, teacher)
    chosen = org.things.open
    place_parts(
        split.change,
        [
            Choice(part=split.second, position=teacher),
            Choice(part=split.second, item=chosen.as_item),
            Choice(part=split.second, unit=org.units.department),
        ],
    )
    plan(split.reorganisation, by=org.people.director, on=TODAY)
    first, second = again(split.first).made, again(split.second).made
    assert again(org.things.internal).unit == first
    assert {again(thing).unit for thing in (with_teacher, chosen)} == {second}
    assert again(teacher).unit == second
    assert again(org.units.department).parent == second
    assert again(org.people.principal.position).unit == first


def test_each_part_has_a_leading_position(org, split):
    plan(split.reorganisation, by=org.people.director, on=TODAY)
    leaders = Position.objects.living(TODAY).filter(leads=True)
    assert leaders.get(unit=again(split.first).made) == org.people.principal.position
    assert not leaders.get(unit=again(split.second).made).appointments.exists()


def test_a_role_from_outside_reaches_every_part(org, split, make):
    wide = make.position("Vaktmester", org.units.area, role="case_officer", reach=org.units.school, since=OLD)
    plan(split.reorganisation, by=org.people.director, on=TODAY)
    assert {role.reach.name for role in wide.roles.all()} == {"Barneskolen", "Ungdomsskolen"}


def test_leaders_concerned_are_told_when_it_is_planned_and_when_it_is_done(org, draft):
    reorganisation = draft(on=SOON)
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    plan(reorganisation, by=org.people.director, on=TODAY)
    told = Notification.objects.filter(reason="reorganisation")
    expected = {org.people.principal, org.people.other_principal, org.people.area_director}
    assert {one.person for one in told} == expected
    carry_out_due(SOON)
    assert told.filter(person=org.people.other_principal).count() == 2


def test_nobody_reorganises_outside_the_own_part_of_the_tree(org, draft):
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.harbour, name="Havna"))
    with pytest.raises(PermissionDenied):
        plan(reorganisation, by=org.people.director, on=TODAY)
    assert again(org.units.harbour).name == "Fjordvik havn KF"


def test_the_dry_run_counts_what_then_moves(org, merger):
    told = {section.name: section.count for section in sections_of(plan_of(merger), org.people.director)}
    before = Item.objects.filter(unit=org.units.other_school).count()
    plan(merger, by=org.people.director, on=TODAY)
    assert told["items"] == before == 1
    assert {line["what"]: line["count"] for line in again(merger).receipt} == told


def test_the_dry_run_names_no_thing_that_the_reader_may_not_see(org, draft, make):
    make.measure("Hemmelig sak", org.units.other_school, org.people.other_principal.position, **make.exempt)
    reorganisation = draft()
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    for reader, sees in ((org.people.director, True), (org.people.teacher, False)):
        section = next(each for each in sections_of(plan_of(reorganisation), reader) if each.name == "items")
        assert section.count == 2
        assert ("Hemmelig sak" in {line.what for line in section.lines}) == sees


def test_the_number_of_queries_of_a_dry_run_does_not_grow(org, merger, make, capture_queries):
    def queries() -> int:
        with capture_queries() as captured:
            sections_of(plan_of(again(merger)), org.people.director)
        return len(captured)

    # Once before it counts: what the reader may do is asked only the first time.
    queries()
    few = queries()
    for number in range(20):
        holder = make.holder("employee", org.units.other_school, since=OLD)
        make.measure(f"Tiltak {number}", org.units.other_school, holder.position)
        make.unit(f"Trinn {number}", parent=org.units.other_school)
        add(merger, Change(kind=Kind.RENAME, unit=make.unit(f"Annet {number}"), name=f"Nytt {number}"))
    assert queries() == few <= 20


def test_each_thing_that_moves_tells_where_it_came_from(org, merger):
    plan(merger, by=org.people.director, on=TODAY)
    event = org.things.elsewhere.events.get(step="move")
    assert event.by == org.people.director
    for said in ("Åsen skole", "Solsiden skole", "Ny skolestruktur"):
        assert said in event.note
    assert not org.things.internal.events.filter(step="move").exists()


def test_the_number_of_queries_of_carrying_out_does_not_grow_with_what_moves(org, merger, draft, make, capture_queries):
    def queries(reorganisation) -> int:
        with capture_queries() as captured:
            plan(reorganisation, by=again(org.people.director), on=TODAY)
        return len(captured)

    few = queries(merger)
    many = make.unit("Bakken skole", parent=org.units.area)
    Unit.objects.filter(pk=many.pk).update(since=OLD)
    leader = make.holder("unit_manager", many, leads=True, since=OLD)
    for number in range(20):
        make.measure(f"Tiltak {number}", many, leader.position)
    other = draft()
    merged(other, many, successor=org.units.school)
    assert queries(other) <= few


def test_who_is_told_is_led_to_the_page_of_the_reorganisation(org, merger, signed_in):
    plan(merger, by=org.people.director, on=TODAY)
    told = signed_in(org.people.principal).get("/varsler/").content.decode()
    assert f'href="{merger.get_absolute_url()}"' in told


def test_authority_of_a_position_that_ends_is_listed_as_to_be_given_anew(org, merger):
    # Named, not imported: authority is a neighbour.
    power = apps.get_model("delegation.Power").objects.create(name="Ansette")
    authorisation = apps.get_model("delegation.Authorisation")
    for position in (org.people.other_principal.position, org.people.principal.position):
        authorisation.objects.create(
            kind=authorisation.kind_name(),
            state=authorisation.IN_FORCE,
            title=f"Ansette, {position.unit}",
            source="by_law",
            legal_basis="opplæringslova",
            power=power,
            holder=position,
            unit=org.units.municipality,
            responsible=org.people.director.position,
        )
    section = next(each for each in sections_of(plan_of(merger), org.people.director) if each.name == "authority")
    assert [line.what for line in section.lines] == ["Ansette, Åsen skole"]
    assert section.count == 1
