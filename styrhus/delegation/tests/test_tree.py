"""The tree of authority: its first levels at once, each branch when it is opened."""

from datetime import date

import pytest
from django.urls import reverse

from styrhus.delegation.branches import A_PAGE, Drawing, from_the_top
from styrhus.delegation.models import Authorisation, Power
from styrhus.organisation.models import Position

pytestmark = pytest.mark.django_db
TREE = reverse("delegation:tree")
HTMX = {"HX-Request": "true"}


def drawn(answer) -> list:
    return [(line.name, line.depth, line.goes_on) for line in answer.context["tree"]]


@pytest.mark.parametrize("narrowed", [False, True])
def test_the_tree_is_drawn_from_the_council_and_opened_from_there(hall, world, signed_in, narrowed):
    given = hall.down()
    client, power = signed_in(world.people.councillor), {"power": hall.hire.pk} if narrowed else {}
    answer = client.get(TREE, power)
    assert drawn(answer) == [
        ("Kommunestyret", 0, False),
        ("Kommunedirektør, Fjordvik kommune", 1, False),
        ("Kommunalsjef, Oppvekst", 2, True),
    ]
    main = answer.content.decode().split('id="main"')[1]
    for name in ("details", "ul", "li"):
        assert main.count(f"<{name}") == main.count(f"</{name}>")
    below = client.get(TREE, {"fra": given.chief.holder_id} | power, headers=HTMX)
    assert drawn(below) == [("Rektor, Solsiden skole", 0, True)]
    assert "<html" not in below.content.decode()
    last = client.get(TREE, {"fra": given.manager.holder_id} | power)
    assert drawn(last) == [("Avdelingsleder, Første trinn", 0, False)]
    assert last.context["above"] == [given.chief.holder]


def test_a_branch_of_many_is_drawn_a_page_at_a_time_and_nobody_is_left_out(hall, world, make, signed_in):
    basis = hall.from_council(hall.hire, world.people.director.position)
    names = {f"Leder {number:02}" for number in range(A_PAGE + 3)}
    for name in names:
        hall.pass_on(basis, make.position(name, world.units.area))
    client = signed_in(world.people.teacher)
    lines = client.get(TREE).context["tree"]
    assert [line.left for line in lines if line.left] == [3]
    pages = [client.get(TREE, {"fra": basis.holder_id, "page": number}).context["tree"] for number in (1, 2)]
    assert [len(each) for each in pages] == [A_PAGE, 3]
    assert {line.position.title for each in pages for line in each} == names


def test_the_links_of_the_tree_name_positions_and_powers_as_addresses_do(hall, world, signed_in):
    hire = Power.objects.create(pk=54321, name="Permittere")
    chief = Position.objects.create(pk=12345, title="Sjef", unit=world.units.area)
    hall.pass_on(hall.from_council(hire, world.people.director.position), chief)
    shown = signed_in(world.people.teacher).get(TREE, {"power": hire.pk, "q": "sjef oppvekst"}).content.decode()
    assert "?fra=12345&amp;power=54321" in shown


def test_what_stands_on_what_the_reader_may_not_see_is_drawn_from_its_giver(hall, world, make):
    given = hall.down()
    Authorisation.objects.filter(pk=given.chief.pk).update(**make.exempt)
    shown = [(line.name, line.depth) for line in from_the_top(Drawing(None, world.people.teacher, date.today()))]
    assert shown == [
        ("Kommunalsjef, Oppvekst", 0),
        ("Rektor, Solsiden skole", 1),
        ("Avdelingsleder, Første trinn", 2),
        ("Kommunestyret", 0),
        ("Kommunedirektør, Fjordvik kommune", 1),
    ]


def test_a_position_is_found_in_the_tree_by_words(hall, world, signed_in):
    given = hall.down()
    client = signed_in(world.people.teacher)
    assert client.get(TREE, {"q": "rektor solsiden"}).context["found"] == [given.manager.holder]
    assert client.get(TREE, {"q": "rektor solsiden", "power": hall.dismiss.pk}).context["found"] == []


@pytest.mark.parametrize("branch", ["0", "x", "99999999999999999999", "-1"])
def test_a_position_that_does_not_exist_has_no_branch(hall, world, signed_in, branch):
    assert signed_in(world.people.teacher).get(TREE, {"fra": branch}).status_code == 404
