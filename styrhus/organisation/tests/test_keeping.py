"""Keeping positions, people and who holds what: who may, what is refused, and what is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from styrhus.organisation import operations
from styrhus.organisation.access import may_appoint
from styrhus.organisation.models import Appointment, Person, Position, PositionRole

TODAY = date.today()
DAY = timedelta(days=1)
Kind = Appointment.Kind


def appoint(person, position, by, **fields):
    made = Appointment(person=person, position=position, **{"kind": Kind.PERMANENT, "start": TODAY} | fields)
    return operations.appoint(made, by=by)


def said(error) -> dict:
    return error.value.message_dict


@pytest.fixture
def hr(world, make):
    """A chief who keeps the organisation because it is HR's field."""
    return make.holder("hr_chief", world.units.municipality, field="hr")


@pytest.fixture
def vacant(world, make):
    return make.position("Tom stol", world.units.school, role="unit_manager")


# -- who may


def test_hr_and_who_runs_the_system_keep_positions_everywhere_in_their_reach(world, hr):
    school, harbour = world.people.principal.position, world.people.harbour_master.position
    for keeper in (hr, world.people.administrator):
        assert keeper.has_perm("organisation.edit", school)
        assert not keeper.has_perm("organisation.edit", harbour)
    assert not world.people.director.has_perm("organisation.edit", school)


def test_a_leader_names_deputies_in_the_own_line_and_nothing_more(world, vacant):
    principal, other = world.people.principal, world.people.other_principal
    assert may_appoint(principal, vacant, deputy=True)
    assert may_appoint(principal, principal.position, deputy=True)
    assert may_appoint(world.people.director, vacant, deputy=True)
    assert not may_appoint(principal, vacant, deputy=False)
    assert not may_appoint(other, vacant, deputy=True)
    assert not may_appoint(world.people.teacher, vacant, deputy=True)


def test_a_leader_gives_no_deputy_more_than_the_leader_has(world, make):
    """A position in the own unit may carry roles that reach further, or that do what no leader may."""
    further = make.position("Arkivleder", world.units.school, role="records_manager", reach=world.units.municipality)
    stronger = make.position("Systemansvarlig", world.units.school, role="system_administrator")
    office = make.position("Verneombud", world.units.school, kind=Position.Kind.OFFICE)
    for position in (further, stronger, office):
        assert not may_appoint(world.people.principal, position, deputy=True)


def test_nobody_appoints_themselves(hr, vacant):
    with pytest.raises(ValidationError) as error:
        appoint(hr, vacant, hr)
    assert said(error).keys() == {"person"}


def test_nobody_changes_the_position_they_hold(hr):
    with pytest.raises(PermissionDenied):
        operations.keep_position(hr.position, [], by=hr)
    assert hr.position.roles.count() == 1


def test_who_may_not_appoint_changes_nothing(world, make, vacant):
    with pytest.raises(PermissionDenied):
        appoint(make.person(), vacant, world.people.principal)
    assert not vacant.appointments.exists()


# -- appointing


def test_a_second_holder_is_refused_with_the_name_and_the_dates_of_the_first(world, make, hr):
    principal = world.people.principal
    principal.position.appointments.update(start=TODAY, end=TODAY + 9 * DAY)
    with pytest.raises(ValidationError) as error:
        appoint(make.person(), principal.position, hr, start=TODAY + 9 * DAY)
    text = said(error)["start"][0]
    assert "Rita Rektor" in text
    assert appoint(make.person(), principal.position, hr, start=TODAY + 10 * DAY).pk


def test_a_deputy_stands_beside_the_holder_but_not_beside_oneself(world, make, hr):
    principal = world.people.principal
    assert appoint(make.person(), principal.position, hr, kind=Kind.DEPUTY).pk
    with pytest.raises(ValidationError) as error:
        appoint(principal, principal.position, hr, kind=Kind.DEPUTY)
    assert said(error).keys() == {"person"}


def test_a_last_day_before_the_first_is_refused(make, hr, vacant):
    with pytest.raises(ValidationError) as error:
        appoint(make.person(), vacant, hr, end=TODAY - DAY)
    assert said(error).keys() == {"end"}


@pytest.mark.parametrize(("end", "fits"), [(None, False), (TODAY + 2 * DAY, False), (TODAY + DAY, True)])
def test_nobody_is_appointed_beyond_the_last_day_of_the_position(make, hr, vacant, end, fits):
    vacant.until = TODAY + DAY
    vacant.save()
    if fits:
        assert appoint(make.person(), vacant, hr, end=end).pk
        return
    with pytest.raises(ValidationError):
        appoint(make.person(), vacant, hr, end=end)


# -- ending and closing


def test_an_appointment_ends_on_a_day_and_what_has_not_begun_disappears(make, hr, vacant):
    running = appoint(make.person(), vacant, hr, end=TODAY + DAY)
    later = appoint(make.person(), vacant, hr, start=TODAY + 5 * DAY)
    operations.end_appointment(running, on=TODAY, by=hr)
    operations.end_appointment(later, on=TODAY, by=hr)
    assert list(vacant.appointments.values_list("end", flat=True)) == [TODAY]


def test_an_appointment_does_not_end_before_it_began(make, hr, vacant):
    running = appoint(make.person(), vacant, hr)
    with pytest.raises(ValidationError):
        operations.end_appointment(running, on=TODAY - DAY, by=hr)


def test_an_appointment_is_not_lengthened_into_anothers_time(make, hr, vacant):
    first = appoint(make.person(), vacant, hr, end=TODAY + DAY)
    appoint(make.person(), vacant, hr, start=TODAY + 5 * DAY)
    with pytest.raises(ValidationError):
        operations.end_appointment(first, on=TODAY + 6 * DAY, by=hr)


def test_closing_a_position_takes_those_in_it_out_that_day(world, hr, make):
    principal = world.people.principal
    operations.close(principal.position, on=TODAY, by=hr)
    assert principal.position.appointments.get().end == TODAY
    assert make.again(principal.position).until == TODAY


def test_a_position_is_not_closed_under_someone_who_is_to_enter_it(make, hr, vacant):
    appoint(make.person(), vacant, hr, start=TODAY + 5 * DAY)
    with pytest.raises(ValidationError) as error:
        operations.close(vacant, on=TODAY, by=hr)
    assert said(error).keys() == {"until"}
    assert make.again(vacant).until is None


def test_a_position_is_not_closed_before_it_began(hr, vacant):
    with pytest.raises(ValidationError):
        operations.close(vacant, on=vacant.since - DAY, by=hr)


# -- the pages


def told(unit, **more) -> dict:
    return {
        "title": "Inspektør",
        "unit": unit.pk,
        "kind": "post",
        "since": TODAY.isoformat(),
        "role-TOTAL_FORMS": 2,
        "role-INITIAL_FORMS": 0,
    } | more


def test_a_position_is_made_with_its_roles_and_their_own_field_where_none_is_chosen(world, hr, signed_in):
    roles = {"role-0-role": "middle_manager", "role-1-role": "records_manager", "role-1-reach": world.units.area.pk}
    response = signed_in(hr).post(reverse("organisation:new_position"), told(world.units.school, **roles))
    made = Position.objects.get(title="Inspektør")
    assert response.url == made.get_absolute_url()
    assert set(made.roles.values_list("role", "reach", "field")) == {
        ("middle_manager", world.units.school.pk, ""),
        ("records_manager", world.units.area.pk, "records"),
    }


def test_saving_a_position_unchanged_leaves_its_roles_as_they_are(world, hr, signed_in, vacant):
    before = set(vacant.roles.values_list("pk", flat=True))
    same = {"title": vacant.title, "role-0-role": "unit_manager", "role-0-reach": world.units.school.pk}
    signed_in(hr).post(
        reverse("organisation:edit_position", args=[vacant.pk]),
        told(world.units.school, **same, **{"role-INITIAL_FORMS": 1}),
    )
    assert set(vacant.roles.values_list("pk", flat=True)) == before
    taken = told(world.units.school, **same | {"role-0-role": ""}, **{"role-INITIAL_FORMS": 1})
    signed_in(hr).post(reverse("organisation:edit_position", args=[vacant.pk]), taken)
    assert not PositionRole.objects.filter(position=vacant).exists()


def test_a_second_leader_of_a_unit_is_refused_beside_the_field(world, hr, signed_in):
    response = signed_in(hr).post(reverse("organisation:new_position"), told(world.units.school, leads="on"))
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"leads"}
    assert "Inspektør" in response.content.decode()


def test_a_position_cannot_be_put_where_one_does_not_reach(world, hr, signed_in):
    response = signed_in(hr).post(reverse("organisation:new_position"), told(world.units.harbour))
    assert response.status_code == 422
    assert not Position.objects.filter(title="Inspektør").exists()


def test_a_new_person_cannot_sign_in_until_a_way_in_is_given(hr, signed_in):
    signed_in(hr).post(reverse("organisation:new_person"), {"name": "Nina Ny", "email": "Nina@Fjord.example"})
    made = Person.objects.get(name="Nina Ny")
    assert made.email == "nina@fjord.example"
    assert not made.has_usable_password()


@pytest.mark.parametrize("email", ["rita@fjord.example", "RITA@fjord.example", "ikke en adresse", ""])
def test_a_person_needs_an_address_of_their_own(world, hr, signed_in, email):
    response = signed_in(hr).post(reverse("organisation:new_person"), {"name": "Nina Ny", "email": email})
    assert response.status_code == 422
    assert "email" in response.context["form"].errors
    assert "Nina Ny" in response.content.decode()


def test_only_who_runs_the_system_changes_the_address_one_signs_in_with(world, hr, signed_in, make):
    teacher = world.people.teacher
    url, sent = reverse("organisation:edit_person", args=[teacher.pk]), {"name": "Lars L", "is_active": "on"}
    signed_in(hr).post(url, sent | {"email": "annen@fjord.example"})
    assert (make.again(teacher).name, make.again(teacher).email) == ("Lars L", teacher.email)
    signed_in(world.people.administrator).post(url, sent | {"email": "annen@fjord.example"})
    assert make.again(teacher).email == "annen@fjord.example"


def test_a_persons_page_shows_what_is_held_now_and_before(world, signed_in, make):
    teacher = world.people.teacher
    make.appointment(teacher, make.position("Vikar", world.units.school), start=TODAY - 90 * DAY, end=TODAY - DAY)
    shown = signed_in(world.people.principal).get(teacher.get_absolute_url())
    assert [held.position.title for held in shown.context["now"]] == ["lærer"]
    assert [held.position.title for held in shown.context["other"]] == ["Vikar"]


def test_a_councillor_opens_the_own_page_and_nobody_elses(world, signed_in):
    client = signed_in(world.people.councillor)
    assert client.get(world.people.councillor.get_absolute_url()).status_code == 200
    assert client.get(world.people.teacher.get_absolute_url()).status_code == 403


# -- the registers


def listed(client, name, **query) -> set:
    return {str(row) for row in client.get(reverse(f"organisation:{name}"), query).context["page"]}


def test_the_register_of_positions_finds_the_vacant_and_the_closed(world, signed_in, vacant, make):
    closed = make.position("Nedlagt", world.units.school, until=TODAY - DAY)
    client = signed_in(world.people.teacher)
    assert listed(client, "positions", state="vacant") == {"Tom stol"}
    assert listed(client, "positions", state="closed") == {closed.title}
    assert "Nedlagt" not in listed(client, "positions")
    assert listed(client, "positions", q="Rita") == {"Rektor"}
    assert listed(client, "positions", role="middle_manager") == {"Avdelingsleder"}
    assert listed(client, "positions", unit=world.units.department.pk) == {"Avdelingsleder"}


def test_the_register_of_people_is_in_norwegian_order_and_leaves_out_who_has_left(world, signed_in, make):
    make.person("Aage Aas")
    make.person("Øyvind Borte", is_active=False)
    page = signed_in(world.people.teacher).get(reverse("organisation:people")).context["page"]
    names = [person.name for person in page]
    assert names[-2:] == ["Åse Ærlig", "Aage Aas"] or names[-2:] == ["Aage Aas", "Åse Ærlig"]
    assert "Øyvind Borte" not in names
    assert listed(signed_in(world.people.teacher), "people", left="on") == {"Øyvind Borte"}
    assert listed(signed_in(world.people.teacher), "people", unit=world.units.department.pk) == {"Mona Mellom"}
    assert listed(signed_in(world.people.teacher), "people", q="rita@") == {"Rita Rektor"}


@pytest.mark.parametrize("name", ["positions", "people"])
def test_a_register_asks_no_more_for_many_rows(world, signed_in, make, name, capture_queries):
    client, counts = signed_in(world.people.teacher), []
    for number in (1, 15):
        for _row in range(number):
            make.holder("employee", world.units.school)
        with capture_queries() as captured:
            assert client.get(reverse(f"organisation:{name}")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize("name", ["positions", "people"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_register_is_exported(world, signed_in, name, form):
    response = signed_in(world.people.teacher).get(reverse(f"organisation:{name}"), {"format": form})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert content


def test_people_are_found_while_one_types(world, signed_in):
    found = signed_in(world.people.teacher).get(reverse("organisation:find_people"), {"person": "rita"})
    assert "Rita Rektor &lt;rita@fjord.example&gt;" in found.content.decode()
    assert signed_in(world.people.councillor).get(reverse("organisation:find_people")).status_code == 403
