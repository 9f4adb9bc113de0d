"""Making and changing a thing; two who change the same one are told and lose nothing."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from styrhus.items import operations
from styrhus.items.models import Event, Item, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(world):
    return world.things.internal


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people.principal)


@pytest.fixture
def typed(world, thing):
    return {
        "title": "Min tittel",
        "description": "Min beskrivelse, lang å skrive",
        "unit": world.units.school.pk,
        "responsible": world.people.principal.position.pk,
        "progress": "10",
        "openness": "internal",
        "version": thing.version,
    }


def edit_url(thing):
    return reverse("planning:edit_measure", args=[thing.pk])


def test_a_new_thing_begins_in_its_first_state_with_an_event(client, world, typed):
    response = client.post(reverse("planning:new_measure"), typed)
    made = Item.objects.get(title="Min tittel")
    assert response.headers["Location"] == made.concrete().get_absolute_url()
    assert (made.state, made.kind, made.version) == ("planned", "planning.measure", 1)
    assert Event.objects.get(item=made).by == world.people.principal


def test_what_is_wrong_is_not_made(make, world):
    wrong = make.Measure(title="", unit=world.units.school, responsible=world.people.principal.position)
    with pytest.raises(ValidationError):
        operations.create(wrong, by=world.people.principal)
    assert not Item.objects.filter(title="").exists()
    assert not Event.objects.exists()


def test_who_answers_for_a_new_thing_is_told(make, world):
    new = make.Measure(title="Ny", unit=world.units.school, responsible=world.people.principal.position)
    operations.create(new, by=world.people.area_director)
    assert Notification.objects.get().person == world.people.principal


def test_who_makes_it_for_oneself_is_not_told(make, world):
    new = make.Measure(title="Ny", unit=world.units.school, responsible=world.people.principal.position)
    operations.create(new, by=world.people.principal)
    assert not Notification.objects.exists()


def test_an_edit_raises_the_version_and_tells_a_new_responsible(thing, world, make):
    thing.responsible = world.people.head.position
    operations.edit(thing, version=1, by=world.people.principal)
    assert make.again(thing).version == 2
    assert Notification.objects.get().person == world.people.head


def test_the_second_of_two_is_refused_and_the_first_stands(thing, world, make):
    first, second = make.again(thing), make.again(thing)
    first.title = "Den første"
    operations.edit(first, version=1, by=world.people.principal)
    second.title = "Den andre"
    with pytest.raises(operations.Conflict) as refused:
        operations.edit(second, version=1, by=world.people.head)
    assert refused.value.current.title == "Den første"
    assert make.again(thing).title == "Den første"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_refused(thing, world, make):
    outcomes, ready = [], threading.Barrier(2)

    def attempt(title):
        try:
            mine = make.again(thing)
            mine.title = title
            ready.wait(10)
            operations.edit(mine, version=1, by=world.people.principal)
            outcomes.append(title)
        except operations.Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[title]) for title in ("En", "To")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    saved = make.again(thing)
    assert sorted(outcomes) == sorted(["refused", saved.title])
    assert saved.version == 2


def change_meanwhile(thing, world, **fields):
    for name, value in fields.items():
        setattr(thing, name, value)
    return operations.edit(thing, version=thing.version, by=world.people.area_director)


def test_the_page_shows_both_and_loses_nothing(client, thing, world, typed, make):
    change_meanwhile(make.again(thing), world, title="Deres tittel")
    response = client.post(edit_url(thing), typed)
    page = response.content.decode()
    assert response.status_code == 409
    lines = {line["label"]: (line["theirs"], line["yours"]) for line in response.context["differences"]}
    assert ("Deres tittel", "Min tittel") in lines.values()
    assert 'value="Min tittel"' in page
    assert "Min beskrivelse, lang å skrive" in page
    assert make.again(thing).title == "Deres tittel"


def test_every_field_of_the_page_still_holds_what_was_typed(client, thing, world, typed, make):
    change_meanwhile(make.again(thing), world, title="Deres tittel")
    # A position is written as words; whatever was written stands.
    typed["responsible"] = f"Rektor #{typed['responsible']}"
    form = client.post(edit_url(thing), typed).context["form"]
    held = {name: str(form[name].value()) for name in typed if name != "version"}
    assert held == {name: str(value) for name, value in typed.items() if name != "version"}


def test_the_page_says_who_saved_meanwhile(client, thing, world, typed, make, signed_in):
    theirs = typed | {"title": "Deres tittel"}
    signed_in(world.people.area_director).post(edit_url(thing), theirs)
    assert "Stine Sjef" in client.post(edit_url(thing), typed).content.decode()


def test_saving_once_more_overwrites_knowingly(client, thing, world, typed, make):
    change_meanwhile(make.again(thing), world, title="Deres tittel")
    shown = client.post(edit_url(thing), typed).context["form"]
    again = typed | {"version": shown["version"].value()}
    assert client.post(edit_url(thing), again).status_code == 302
    assert make.again(thing).title == "Min tittel"
    assert make.again(thing).version == 3


@pytest.mark.parametrize("version", ["", "0", "99", "-1"])
def test_a_form_without_the_right_version_is_asked_again(client, thing, typed, version):
    assert client.post(edit_url(thing), typed | {"version": version}).status_code == 409


def test_a_wrong_form_keeps_what_was_typed_and_says_what_is_wrong(client, thing, typed, make):
    response = client.post(edit_url(thing), typed | {"title": "", "progress": "101"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"title", "progress"}
    assert "Min beskrivelse, lang å skrive" in response.content.decode()
    assert make.again(thing).title == "Internkontroll"


@pytest.mark.parametrize("who", ["teacher", "other_principal", "councillor", "controller", "administrator"])
def test_who_may_not_change_it_gets_no_form(world, signed_in, thing, who, typed):
    client = signed_in(getattr(world.people, who))
    expected = 404 if who == "councillor" else 403
    assert client.get(edit_url(thing)).status_code == expected
    assert client.post(edit_url(thing), typed).status_code == expected


def test_a_thing_cannot_be_placed_in_a_unit_out_of_reach(client, typed, world):
    response = client.post(reverse("planning:new_measure"), typed | {"unit": world.units.other_school.pk})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"unit"}


def test_who_only_answers_for_it_may_change_it_where_it_is_but_not_move_it(world, signed_in, make, typed):
    own = make.measure("Mitt", world.units.school, world.people.teacher.position)
    client = signed_in(world.people.teacher)
    typed |= {"responsible": world.people.teacher.position.pk}
    assert client.post(edit_url(own), typed).status_code == 302
    response = client.post(edit_url(own), typed | {"unit": world.units.other_school.pk, "version": 2})
    assert set(response.context["form"].errors) == {"unit"}


@pytest.mark.parametrize(("field", "status"), [("", 422), ("hr", 422), ("economy", 302)])
def test_a_role_in_a_field_makes_things_in_that_field_only(world, signed_in, typed, field, status):
    response = signed_in(world.people.controller).post(reverse("planning:new_measure"), typed | {"field": field})
    assert response.status_code == status


def test_a_role_in_a_field_cannot_move_a_thing_out_of_it(world, signed_in, typed):
    client = signed_in(world.people.controller)
    url = edit_url(world.things.economy)
    assert client.post(url, typed | {"field": "hr"}).status_code == 422
    assert client.post(url, typed | {"field": "economy"}).status_code == 302


def test_progress_alone_is_one_number(client, thing, make):
    url = reverse("planning:progress", args=[thing.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"progress": "60"}).status_code == 302
    assert make.again(thing).progress == 60


@pytest.mark.parametrize("progress", ["", "-1", "101", "mye", "1" * 30, "9,5"])
def test_progress_that_is_no_percentage_is_refused_beside_the_field(client, thing, make, progress):
    response = client.post(reverse("planning:progress", args=[thing.pk]), {"progress": progress})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"progress"}
    assert make.again(thing).progress == 0
