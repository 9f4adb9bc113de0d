"""What stands in the way of a reorganisation is said, and nothing is changed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from styrhus.items.models import Notification
from styrhus.organisation.models import Unit, UnitKind
from styrhus.reorganisation.models import Change
from styrhus.reorganisation.operations import (
    Refused,
    add,
    carry_out_due,
    plan,
    take_away,
)
from styrhus.reorganisation.queries import plan_of

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOON = TODAY + timedelta(days=30)
OLD = date(2020, 1, 1)
Kind = Change.Kind


def merged(reorganisation, *units, **fields) -> Change:
    return add(reorganisation, Change(kind=Kind.MERGE, **fields), units=units)


def names(reorganisation) -> str:
    return " ".join(plan_of(reorganisation).obstacles)


def again(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def test_a_day_without_a_day_before_it_is_refused(draft):
    with pytest.raises(ValidationError):
        draft(on=date.min)


def test_a_plan_with_something_in_the_way_changes_nothing(org, draft):
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.department, name="Trinn 1"))
    add(reorganisation, Change(kind=Kind.CLOSE, unit=org.units.other_school))
    with pytest.raises(Refused):
        plan(reorganisation, by=org.people.director, on=TODAY)
    assert again(org.units.department).name == "Første trinn"
    assert again(reorganisation).is_draft


def test_what_came_in_the_way_later_is_told_to_who_planned_it_once(org, draft, make):
    reorganisation = draft(on=SOON)
    empty = make.unit("Tom", parent=org.units.area)
    Unit.objects.filter(pk=empty.pk).update(since=OLD)
    add(reorganisation, Change(kind=Kind.CLOSE, unit=empty))
    plan(reorganisation, by=org.people.director, on=TODAY)
    make.measure("Noe nytt", empty, org.people.principal.position)
    for _night in range(2):
        assert carry_out_due(SOON) == []
    told = Notification.objects.filter(person=org.people.director, reason="reorganisation")
    assert told.count() == 1
    assert again(empty).until is None
    assert again(reorganisation).held


def test_a_closed_unit_with_open_work_needs_a_successor(org, draft):
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.CLOSE, unit=org.units.other_school))
    assert "Åsen skole" in names(reorganisation)
    take_away(reorganisation.changes.get())
    add(reorganisation, Change(kind=Kind.CLOSE, unit=org.units.other_school, successor=org.units.school))
    assert names(reorganisation) == ""


def test_a_unit_with_units_below_needs_a_successor(org, draft, make):
    top = make.unit("Øverst", UnitKind.BODY)
    make.unit("Underst", UnitKind.BODY, top)
    Unit.objects.update(since=OLD)
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.CLOSE, unit=top))
    assert "Underst" in names(reorganisation)


def test_two_leading_positions_are_in_the_way(org, draft):
    reorganisation = draft()
    merged(
        reorganisation,
        org.units.other_school,
        successor=org.units.school,
        leader=org.people.other_principal.position,
    )
    assert "Rektor" in names(reorganisation)


def test_a_unit_is_not_moved_under_itself(org, draft):
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.MOVE, unit=org.units.area, parent=org.units.department))
    assert "Oppvekst" in names(reorganisation)


def test_a_unit_does_not_outlive_the_one_it_is_moved_under(org, draft):
    Unit.objects.filter(pk=org.units.harbour.pk).update(until=SOON)
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.MOVE, unit=org.units.school, parent=org.units.harbour))
    assert "Fjordvik havn KF" in names(reorganisation)


def test_a_unit_is_used_once_when_it_closes(org, draft):
    reorganisation = draft()
    merged(reorganisation, org.units.other_school, successor=org.units.school)
    merged(reorganisation, org.units.other_school, successor=org.units.department)
    assert "Åsen skole" in names(reorganisation)


def test_a_code_is_had_by_one_unit(org, draft):
    Unit.objects.filter(pk=org.units.school.pk).update(code="S1")
    reorganisation = draft()
    add(reorganisation, Change(kind=Kind.RENAME, unit=org.units.other_school, code="S1"))
    assert "S1" in names(reorganisation)
