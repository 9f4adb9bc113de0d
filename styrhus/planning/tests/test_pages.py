"""The pages of measures, in every state, with few queries however many there are."""

import pytest
from django.urls import reverse

from styrhus.items.models import Attachment, Comment, FollowUp, Link
from styrhus.items.operations import step
from styrhus.planning.models import Measure
from styrhus.planning.queries.measures import measures_by_area

pytestmark = pytest.mark.django_db
PATHS = {
    "planned": [],
    "running": [("start", "")],
    "done": [("finish", "")],
    "dropped": [("drop", "Ikke penger")],
}


@pytest.mark.parametrize("state", sorted(PATHS))
def test_the_page_of_a_measure_shows_its_state_and_the_steps_from_there(world, signed_in, state):
    thing, principal = world.things.internal, world.people.principal
    for name, note in PATHS[state]:
        step(thing, name, by=principal, note=note)
    response = signed_in(principal).get(thing.get_absolute_url())
    shown = response.content.decode()
    assert str(Measure.flow.label(state)) in shown
    open_steps = {found.name for found in Measure.flow.steps if state in found.sources}
    for found in Measure.flow.steps:
        assert (reverse("items:step", args=[thing.pk, found.name]) in shown) == (found.name in open_steps)


@pytest.mark.parametrize("name", ["start", "finish"])
def test_a_button_takes_the_step(world, signed_in, make, name):
    thing = world.things.internal
    url = reverse("items:step", args=[thing.pk, name])
    response = signed_in(world.people.principal).post(url, {"csrfmiddlewaretoken": "x"})
    assert response["Location"] == thing.get_absolute_url()
    assert make.again(thing).state == Measure.flow.step(name).target


def test_a_step_that_needs_a_reason_is_asked_for_it_and_then_taken(world, signed_in, make):
    thing, client = world.things.internal, signed_in(world.people.principal)
    url = reverse("items:step", args=[thing.pk, "drop"])
    assert client.get(url).status_code == 200
    refused = client.post(url, {"note": " "})
    assert refused.status_code == 422
    assert make.again(thing).state == "planned"
    client.post(url, {"note": "Ikke penger"})
    assert make.again(thing).state == "dropped"


def test_a_step_that_is_held_says_what_must_be_done_first(world, signed_in, make):
    thing, principal = world.things.internal, world.people.principal
    FollowUp.objects.create(item=thing.as_item, what="Ring", responsible=principal.position, due="2026-12-01")
    response = signed_in(principal).post(reverse("items:step", args=[thing.pk, "finish"]), {"note": ""})
    assert response.status_code in (200, 422)
    assert response.context["form"].non_field_errors()
    assert make.again(thing).state == "planned"


@pytest.mark.parametrize("name", ["explode", "start-", "0"])
def test_a_step_that_does_not_exist_is_not_found(world, signed_in, name):
    url = reverse("items:step", args=[world.things.internal.pk, name])
    assert signed_in(world.people.principal).get(url).status_code == 404


@pytest.mark.parametrize("number", [0, 999_999, 99_999_999_999_999_999_999])
@pytest.mark.parametrize("name", ["planning:measure", "planning:edit_measure", "items:open", "items:changes"])
def test_a_measure_that_does_not_exist_is_not_found(world, signed_in, name, number):
    assert signed_in(world.people.principal).get(reverse(name, args=[number])).status_code == 404


def test_every_side_door_of_what_may_not_be_seen_is_closed(world, signed_in, text_file):
    """The page, and whatever hangs on it: 404, as if there were nothing."""
    thing, client = world.things.exempt, signed_in(world.people.teacher)
    doors = [
        ("planning:measure", {}),
        ("planning:edit_measure", {"title": "Min"}),
        ("planning:progress", {"progress": "1"}),
        ("items:open", {}),
        ("items:comment", {"text": "Hei"}),
        ("items:attach", {"file": text_file()}),
        ("items:link", {"target": "Nytt tak", "kind": "relates"}),
        ("items:follow_up", {"what": "Ring"}),
        ("items:changes", {}),
    ]
    for name, sent in doors:
        url = reverse(name, args=[thing.pk])
        assert client.post(url, sent).status_code == 404, name
        assert client.get(url).status_code in (404, 405), name
    assert client.post(reverse("items:step", args=[thing.pk, "start"])).status_code == 404
    for model in (Comment, Attachment, Link, FollowUp):
        assert not model.objects.exists()


def furnish(world, make, number):
    school, position = world.units.school, world.people.principal.position
    for place in range(number):
        thing = make.measure(f"Tiltak {place}", school, position)
        holder = make.position(f"Ny {place}", make.unit(f"Enhet {place}", parent=school))
        about = world.things.internal.as_item
        Comment.objects.create(item=about, by=make.person(), text="Hei")
        FollowUp.objects.create(item=about, what="Ring", responsible=holder, due="2026-12-01")
        Link.objects.create(source=about, target=thing.as_item)
        Attachment.objects.create(
            item=about, name="a", content_type="text/plain", size=1, sha256="0" * 64, by=make.person()
        )


PAGES = {
    "the register": "/tiltak/",
    "the register as CSV": "/tiltak/?format=csv",
    "the register as XLSX": "/tiltak/?format=xlsx",
    "the chart": "/tiltak/diagram/",
    "a new one": "/tiltak/ny/",
    "home": "/",
    "notifications": "/varsler/",
    "my positions": "/mine-stillinger/",
    "its page": "planning:measure",
    "its form": "planning:edit_measure",
    "its changes": "items:changes",
}


def queries_of_each_page(client, thing, capture_queries) -> dict:
    found = {}
    for page, address in PAGES.items():
        url = address if address.startswith("/") else reverse(address, args=[thing.pk])
        with capture_queries() as captured:
            response = client.get(url)
            assert response.status_code == 200
            assert b"".join(response)
        found[page] = len(captured)
    return found


def test_the_number_of_queries_is_small_and_does_not_grow_with_the_rows(world, signed_in, make, capture_queries):
    client, thing = signed_in(world.people.principal), world.things.internal
    furnish(world, make, 5)
    few = queries_of_each_page(client, thing, capture_queries)
    furnish(world, make, 55)
    many = queries_of_each_page(client, thing, capture_queries)
    assert {page: number for page, number in many.items() if number > few[page] or number > 20} == {}


def test_measures_are_counted_by_area_and_state_for_who_asks(world):
    rows = measures_by_area(world.people.teacher)
    assert [(row["area"], row["count"]) for row in rows] == [("Oppvekst", 4)]
    assert [row["count"] for row in measures_by_area(world.people.principal)] == [5]
    assert [row["count"] for row in measures_by_area(world.people.councillor)] == [1]


def test_who_may_not_make_a_measure_gets_no_button_for_it(world, signed_in):
    button = reverse("planning:new_measure")
    assert button in signed_in(world.people.principal).get("/tiltak/").content.decode()
    assert button not in signed_in(world.people.teacher).get("/tiltak/").content.decode()


def test_a_councillor_sees_no_internal_measure_anywhere(world, signed_in):
    client = signed_in(world.people.councillor)
    for url in ("/", "/tiltak/", "/tiltak/?state=all", "/tiltak/diagram/", "/varsler/"):
        shown = client.get(url).content.decode()
        assert "Internkontroll" not in shown
        assert "Personalsak" not in shown
