"""The pages about units, positions and people."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def page(client, name, *args) -> str:
    response = client.get(reverse(f"organisation:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_tree_shows_every_unit(world, signed_in):
    shown = page(signed_in(world.people.teacher), "units")
    for unit in vars(world.units).values():
        assert unit.name in shown


def test_a_units_page_shows_its_place_positions_and_units_below(world, signed_in):
    shown = page(signed_in(world.people.teacher), "unit", world.units.school.pk)
    for words in ("Oppvekst", "Rita Rektor", "Lars Lærer", "Første trinn"):
        assert words in shown


def test_a_vacant_position_says_so(world, signed_in, make):
    vacant = make.position("Tom stol", world.units.school)
    shown = page(signed_in(world.people.teacher), "position", vacant.pk)
    assert "Tom stol" in shown
    assert "Rita Rektor" not in shown


def test_a_councillor_opens_no_strangers_position_but_the_own(world, signed_in):
    councillor = world.people.councillor
    client = signed_in(councillor)
    other = client.get(reverse("organisation:position", args=[world.people.principal.position.pk]))
    assert other.status_code == 403
    assert "Frida Folkevalgt" in page(client, "position", councillor.position.pk)


def test_my_positions_lists_mine_and_nobody_elses(world, signed_in):
    shown = signed_in(world.people.teacher).get(reverse("my_positions")).content.decode()
    assert "Solsiden skole" in shown
    assert world.people.principal.position.get_absolute_url() not in shown


def test_who_holds_no_position_is_told_so(world, signed_in):
    response = signed_in(world.people.guest).get(reverse("my_positions"))
    assert response.status_code == 200
    assert "rows-list" not in response.content.decode()


@pytest.mark.parametrize("name", ["unit", "position"])
@pytest.mark.parametrize("number", [0, 999_999, 99_999_999_999_999_999_999])
def test_what_does_not_exist_is_not_found(world, signed_in, name, number):
    assert signed_in(world.people.teacher).get(reverse(f"organisation:{name}", args=[number])).status_code == 404


def queries_of(client, url, capture) -> int:
    with capture() as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["units", "unit", "position"])
def test_the_number_of_queries_does_not_grow_with_the_rows(world, signed_in, make, name, capture_queries):
    school = world.units.school
    about = {"units": [], "unit": [school.pk], "position": [world.people.principal.position.pk]}[name]
    url, client = reverse(f"organisation:{name}", args=about), signed_in(world.people.teacher)
    few = queries_of(client, url, capture_queries)
    for number in range(30):
        make.holder("employee", school)
        make.unit(f"Trinn {number}", parent=school)
        make.appointment(make.person(), world.people.principal.position, kind="a_deputy")
    assert queries_of(client, url, capture_queries) == few <= 20
