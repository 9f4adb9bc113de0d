"""Preparing, trying and deciding a reorganisation in the browser."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from styrhus.organisation.models import Appointment, Position, Unit
from styrhus.reorganisation.models import Change, Part, Reorganisation
from styrhus.reorganisation.operations import add, begin, plan

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOON = TODAY + timedelta(days=30)
OLD = date(2020, 1, 1)
Kind = Change.Kind


@pytest.fixture
def org(world):
    Unit.objects.update(since=OLD)
    Position.objects.update(since=OLD)
    Appointment.objects.update(start=OLD)
    return world


@pytest.fixture
def draft(org):
    return begin(Reorganisation(title="Ny skolestruktur", on=SOON), by=org.people.director)


@pytest.fixture
def director(org, signed_in):
    return signed_in(org.people.director)


def address(name, *args) -> str:
    return reverse(f"reorganisation:{name}", args=args)


def shown(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def sent(client, url, **fields):
    return client.post(url, fields)


def test_a_merger_is_prepared_tried_and_planned(org, director):
    begun = sent(director, address("new"), title="Ny skolestruktur", on=SOON.isoformat())
    draft = Reorganisation.objects.get()
    assert begun.url == draft.get_absolute_url()
    fields = {"unit_1": org.units.other_school.pk, "successor": org.units.school.pk}
    assert sent(director, address("add", draft.pk, "merge"), **fields).status_code == 302
    tried = shown(director, draft.get_absolute_url())
    assert "Nytt tak" in tried
    assert "Åse Ærlig" in tried
    assert sent(director, address("plan", draft.pk)).url == draft.get_absolute_url()
    assert "Nytt tak" in shown(director, draft.get_absolute_url())
    assert Unit.objects.living(SOON).filter(pk=org.units.other_school.pk).exists()


def test_a_plan_is_withdrawn_with_a_reason(org, draft, director):
    add(draft, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    plan(draft, by=org.people.director, on=TODAY)
    sent(director, address("withdraw", draft.pk), reason="Vedtaket ble opphevet")
    assert "Vedtaket ble opphevet" in shown(director, draft.get_absolute_url())
    assert director.get(address("plan", draft.pk)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("create", {"name": ""}),
        ("rename", {"unit": "school", "code": ""}),
        ("rename", {"unit": "school", "organisation_number": "12"}),
        ("move", {"unit": "999999"}),
        ("merge", {"unit_1": "school"}),
        ("merge", {"unit_1": "school", "unit_2": "school", "name": "En"}),
        ("merge", {"unit_1": "school", "unit_2": "other_school"}),
        ("merge", {"unit_1": "school", "successor": "school"}),
        ("split", {"unit": "school", "name_1": "En"}),
        ("close", {"unit": "school", "successor": "school"}),
        ("close", {"unit": "harbour"}),
    ],
)
def test_what_is_missing_is_asked_for_again_and_nothing_typed_is_lost(org, draft, director, kind, fields):
    known = {name: str(unit.pk) for name, unit in vars(org.units).items()}
    given = {"code": "Kode-77"} | {field: known.get(value, value) for field, value in fields.items()}
    asked = sent(director, address("add", draft.pk, kind), **given)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "ds-error-summary" in page
    assert "Kode-77" in page or kind not in ("create", "merge")
    assert not draft.changes.exists()


def test_a_kind_of_change_that_is_none_is_not_found(draft, director):
    assert director.get(address("add", draft.pk, "burn")).status_code == 404


def test_what_is_in_the_way_is_shown_and_stops_the_decision(org, draft, director):
    add(draft, Change(kind=Kind.CLOSE, unit=org.units.other_school))
    page = shown(director, draft.get_absolute_url())
    assert "obstacles-head" in page
    assert address("plan", draft.pk) not in page
    assert sent(director, address("plan", draft.pk)).status_code == 422


def test_a_split_asks_where_everything_goes(org, draft, director):
    fields = {"unit": org.units.school.pk, "name_1": "Barneskolen", "name_2": "Ungdomsskolen"}
    asked = sent(director, address("add", draft.pk, "split"), **fields)
    assert "Personalsak" in shown(director, asked.url)
    second = Part.objects.get(name="Ungdomsskolen")
    teacher = org.people.teacher.position
    sent(director, asked.url, **{f"position_{teacher.pk}": second.pk, f"unit_{org.units.department.pk}": second.pk})
    assert {(choice.position, choice.unit) for choice in second.choices.all()} == {
        (teacher, None),
        (None, org.units.department),
    }


def test_a_draft_is_seen_by_nobody_else_but_a_plan_by_every_employee(org, draft, signed_in):
    teacher = signed_in(org.people.teacher)
    add(draft, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    assert teacher.get(draft.get_absolute_url()).status_code == 404
    assert "Ny skolestruktur" not in shown(teacher, address("list"))
    plan(draft, by=org.people.director, on=TODAY)
    assert "Solskolen" in shown(teacher, draft.get_absolute_url())
    assert "Ny skolestruktur" in shown(teacher, address("list"))
    assert address("withdraw", draft.pk) not in shown(teacher, draft.get_absolute_url())
    assert teacher.post(address("withdraw", draft.pk)).status_code == 403


def test_the_dry_run_on_the_page_names_no_thing_that_the_reader_may_not_see(org, draft, make, signed_in):
    make.measure("Hemmelig sak", org.units.other_school, org.people.other_principal.position, **make.exempt)
    change = Change(kind=Kind.MERGE, successor=org.units.school)
    add(draft, change, units=[org.units.other_school])
    plan(draft, by=org.people.director, on=TODAY)
    page = shown(signed_in(org.people.teacher), draft.get_absolute_url())
    assert "Nytt tak" in page
    assert "Hemmelig" not in page


def test_the_tree_to_come_shows_what_is_planned(org, draft, director):
    add(draft, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    plan(draft, by=org.people.director, on=TODAY)
    units = reverse("organisation:units")
    assert "Solskolen" not in shown(director, f"{units}?dato={SOON - timedelta(days=1)}")
    assert "Solskolen" in shown(director, f"{units}?dato={SOON}")
    assert f"?dato={SOON}" in shown(director, units)


def test_a_change_is_taken_away(org, draft, director):
    change = add(draft, Change(kind=Kind.RENAME, unit=org.units.school, name="Solskolen"))
    sent(director, address("take_away", draft.pk, change.pk))
    assert not draft.changes.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(org, draft, director, make, capture_queries):
    def queries(url) -> int:
        director.get(url)
        with capture_queries() as captured:
            shown(director, url)
        return len(captured)

    add(draft, Change(kind=Kind.MERGE, successor=org.units.school), units=[org.units.other_school])
    few = {url: queries(url) for url in (draft.get_absolute_url(), address("list"), reverse("organisation:units"))}
    for number in range(10):
        holder = make.holder("employee", org.units.other_school, since=OLD)
        make.measure(f"Tiltak {number}", org.units.other_school, holder.position)
        begin(Reorganisation(title=f"Nr {number}", on=SOON), by=org.people.director)
        add(draft, Change(kind=Kind.RENAME, unit=make.unit(f"Enhet {number}"), name=f"Nytt {number}"))
    assert {url: queries(url) for url in few} == few
    assert max(few.values()) <= 25
