"""What is exempt names its provision and is assessed again: in the form and in the database."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from styrhus.items.models import Item, Openness

pytestmark = pytest.mark.django_db
TOMORROW = date.today() + timedelta(days=1)


@pytest.fixture
def typed(world):
    return {
        "title": "Personalsak",
        "unit": world.units.school.pk,
        "responsible": world.people.principal.position.pk,
        "progress": "0",
        "openness": "exempt",
        "access_code": "13",
        "exemption_basis": "offentleglova § 13",
        "reassess_on": TOMORROW.isoformat(),
    }


@pytest.fixture
def send(world, signed_in):
    client = signed_in(world.people.principal)
    return lambda fields: client.post(reverse("planning:new_measure"), fields)


@pytest.mark.parametrize("missing", ["access_code", "exemption_basis", "reassess_on"])
def test_the_form_asks_for_code_basis_and_date(typed, send, missing):
    response = send(typed | {missing: ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {missing}
    assert (
        not Item.objects.filter(title="Personalsak", openness="exempt")
        .exclude(created=None)
        .filter(access_code=typed["access_code"], reassess_on=TOMORROW)
    )


@pytest.mark.parametrize("day", [date.today(), date.today() - timedelta(days=1)])
def test_it_is_assessed_again_on_a_day_to_come(typed, send, day):
    response = send(typed | {"reassess_on": day.isoformat()})
    assert set(response.context["form"].errors) == {"reassess_on"}


def test_all_three_given_it_is_saved(typed, send):
    assert send(typed).status_code == 302
    saved = Item.objects.get(reassess_on=TOMORROW)
    assert (saved.openness, saved.access_code) == ("exempt", "13")


def test_what_is_not_exempt_keeps_no_code_basis_or_date(typed, send):
    assert send(typed | {"openness": "internal", "title": "Ny sak"}).status_code == 302
    saved = Item.objects.get(title="Ny sak")
    assert (saved.access_code, saved.exemption_basis, saved.reassess_on) == ("", "", None)


@pytest.mark.parametrize("missing", [{"access_code": ""}, {"exemption_basis": ""}, {"reassess_on": None}])
def test_the_database_refuses_it_as_well(world, missing):
    with pytest.raises(IntegrityError, match="exemption_has_code_basis_and_date"):
        Item.objects.filter(pk=world.things.exempt.pk).update(**missing)


def opened_to_all(thing, person, signed_in):
    """What the form for changing a thing answers when it is made open, and what the thing is then."""
    url = reverse("planning:edit_measure", args=[thing.pk])
    client = signed_in(person)
    form = client.get(url).context["form"]
    typed = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    answer = client.post(url, typed | {"openness": "open"})
    thing.refresh_from_db()
    return answer, thing.openness


def test_who_may_change_a_thing_may_not_thereby_say_how_open_it_is(world, make, signed_in):
    officer = make.holder("case_officer", world.units.school)
    answer, openness = opened_to_all(world.things.internal, officer, signed_in)
    assert (answer.status_code, openness) == (422, "internal")
    assert set(answer.context["form"].errors) == {"openness"}


@pytest.mark.parametrize("who", ["principal", "area_director"])
def test_who_answers_for_a_thing_or_leads_there_says_how_open_it_is(world, signed_in, who):
    answer, openness = opened_to_all(world.things.internal, getattr(world.people, who), signed_in)
    assert (answer.status_code, openness) == (302, "open")


def test_who_answers_for_a_thing_without_leading_says_how_open_it_is(world, signed_in, make):
    own = make.measure("Eget", world.units.school, world.people.teacher.position)
    answer, openness = opened_to_all(own, world.people.teacher, signed_in)
    assert (answer.status_code, openness) == (302, "open")


def test_who_may_not_say_how_open_it_is_may_change_the_rest(world, make, signed_in):
    officer = make.holder("case_officer", world.units.school)
    url = reverse("planning:edit_measure", args=[world.things.internal.pk])
    client = signed_in(officer)
    form = client.get(url).context["form"]
    typed = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(url, typed | {"title": "Ny tittel"}).status_code == 302


def test_the_database_knows_three_kinds_of_openness(world):
    with pytest.raises(IntegrityError, match="openness_is_known"):
        Item.objects.filter(pk=world.things.open.pk).update(openness="secret")
    assert {kind.value for kind in Openness} == {"open", "internal", "exempt"}


def test_a_thing_without_a_title_is_refused(world):
    with pytest.raises(IntegrityError, match="item_has_a_title"):
        Item.objects.filter(pk=world.things.open.pk).update(title="")


def test_progress_is_a_percentage(world):
    with pytest.raises(IntegrityError, match="measure_progress_is_a_percentage"):
        type(world.things.open).objects.filter(pk=world.things.open.pk).update(progress=101)
