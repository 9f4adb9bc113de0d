"""The page of every change, and the history that people read."""

import pytest
from django.urls import reverse

from styrhus.items import operations
from styrhus.trail.operations import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(world):
    return world.things.internal


def change(thing, by, **fields):
    for name, value in fields.items():
        setattr(thing, name, value)
    with acting(by):
        operations.edit(thing, version=thing.version, by=by)


def page(client, thing):
    response = client.get(reverse("items:changes", args=[thing.pk]))
    assert response.status_code == 200
    return response


def lines(response) -> list:
    return [tuple(map(str, line)) for row in response.context["rows"] for line in row["lines"]]


def test_changes_are_told_with_names_not_numbers(thing, world, signed_in):
    change(thing, world.people.principal, unit=world.units.department, responsible=world.people.head.position)
    told = lines(page(signed_in(world.people.teacher), thing))
    pairs = {(before, after) for _label, before, after in told}
    assert pairs == {("Solsiden skole", "Første trinn"), ("Rektor", "Avdelingsleder")}


def test_choices_and_states_are_told_in_words(thing, world, signed_in):
    with acting(world.people.principal):
        operations.step(thing, "start", by=world.people.principal)
    thing.refresh_from_db()
    change(thing, world.people.principal, openness="open", field="economy")
    told = {line[1:] for line in lines(page(signed_in(world.people.teacher), thing))}
    flow = type(thing).flow
    assert (str(flow.label("planned")), str(flow.label("running"))) in told
    assert not any("economy" in pair or "open" in pair for pair in told)


def test_who_changed_it_is_named_the_newest_first(thing, world, signed_in):
    change(thing, world.people.principal, title="En")
    change(thing, world.people.director, title="To")
    rows = page(signed_in(world.people.teacher), thing).context["rows"]
    assert [row["change"].by.name for row in rows] == ["Dina Direktør", "Rita Rektor"]


def test_what_the_program_changes_for_itself_is_not_told(thing, world, signed_in):
    change(thing, world.people.principal, progress=50)
    assert [line[1:] for line in lines(page(signed_in(world.people.teacher), thing))] == [("0", "50")]


def test_a_thing_nobody_changed_says_so(thing, world, signed_in):
    assert page(signed_in(world.people.teacher), thing).context["rows"] == []


def test_a_name_that_is_gone_from_the_database_is_no_error(thing, world, signed_in, make):
    passing = make.unit("Midlertidig", parent=world.units.school)
    change(thing, world.people.principal, unit=passing)
    change(thing, world.people.principal, unit=world.units.school)
    passing.delete()
    assert len(page(signed_in(world.people.teacher), thing).context["rows"]) == 2


def test_the_number_of_queries_does_not_grow_with_the_changes(thing, world, signed_in, capture_queries):
    def edits(number):
        for place in range(number):
            unit = (world.units.department, world.units.school)[place % 2]
            change(thing, world.people.principal, title=f"Tittel {thing.version}", unit=unit)

    client = signed_in(world.people.teacher)
    edits(2)
    with capture_queries() as few:
        page(client, thing)
    edits(30)
    with capture_queries() as many:
        page(client, thing)
    assert len(many) <= len(few) <= 20


def test_many_changes_are_divided_into_pages(thing, world, signed_in):
    for number in range(60):
        change(thing, world.people.principal, title=f"Tittel {number}")
    client, url = signed_in(world.people.teacher), reverse("items:changes", args=[thing.pk])
    assert len(client.get(url).context["rows"]) == 50
    assert len(client.get(url, {"page": 2}).context["rows"]) == 10
    for odd in ("0", "abc", "999"):
        assert client.get(url, {"page": odd}).status_code == 200


def test_the_changes_of_what_may_not_be_seen_are_not_found(world, signed_in):
    url = reverse("items:changes", args=[world.things.exempt.pk])
    assert signed_in(world.people.teacher).get(url).status_code == 404


def test_the_history_says_who_decided_what_and_why(thing, world, signed_in):
    operations.step(thing, "drop", by=world.people.principal, note="Ikke penger i år")
    shown = signed_in(world.people.teacher).get(thing.get_absolute_url()).content.decode()
    assert "Rita Rektor" in shown
    assert "Ikke penger i år" in shown
