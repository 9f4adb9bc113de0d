"""One list of everything I or my units answer for."""

from datetime import date, timedelta

import pytest
from django.core.paginator import Paginator

from styrhus.compliance.models import Requirement
from styrhus.home.duties import Asked, Duties
from styrhus.items.models import FollowUp

pytestmark = pytest.mark.django_db
TODAY = date.today()


def promised(world, what, days, position=None, about=None):
    return FollowUp.objects.create(
        item=(about or world.things.internal).as_item,
        what=what,
        responsible=position or world.people.principal.position,
        due=TODAY + timedelta(days=days),
    )


def listed(person, **asked):
    found = Duties(person, Asked(**asked), TODAY)
    return [duty.what for duty in found[0 : len(found)]]


def test_items_and_follow_ups_stand_together_by_date_and_what_has_none_is_last(world, make):
    answers = world.people.other_principal.position
    make.measure("Uten frist", world.units.other_school, answers, due=None)
    make.measure("Sent", world.units.other_school, answers, due=TODAY - timedelta(days=3))
    promised(world, "Ring", -1, answers)
    promised(world, "Skriv", 90, answers)
    assert listed(world.people.other_principal) == ["Sent", "Ring", "Nytt tak", "Skriv", "Uten frist"]
    assert listed(world.people.other_principal, when="overdue") == ["Sent", "Ring"]
    assert listed(world.people.other_principal, when="soon") == ["Sent", "Ring", "Nytt tak"]
    assert listed(world.people.other_principal, kind="follow_up") == ["Ring", "Skriv"]
    assert listed(world.people.other_principal, kind="planning.measure", words="tak") == ["Nytt tak"]
    assert listed(world.people.other_principal, words="ringe") == ["Ring"]


def test_what_neither_has_a_deadline_nor_asks_for_an_update_is_no_duty(world):
    director = world.people.director
    fixed = {"kind": Requirement.kind_name(), "source": "law", "state": "in_force", "unit": world.units.municipality}
    fixed["responsible"] = director.position
    for code, asks in (("A", {}), ("B", {"due": TODAY}), ("C", {"update_every": 12})):
        Requirement.objects.create(title=f"Lov {code}", code=code, **fixed, **asks)
    for whose in ("mine", "line"):
        assert [title for title in listed(director, whose=whose) if title.startswith("Lov")] == ["Lov B", "Lov C"]


def test_a_leader_sees_the_units_below_and_nobody_elses(world, make):
    make.measure("Lekser", world.units.department, world.people.head.position)
    promised(world, "Ring", 1, world.people.head.position)
    assert "Lekser" not in listed(world.people.principal)
    assert {"Lekser", "Ring", "Internkontroll"} <= set(listed(world.people.principal, whose="line"))
    assert "Nytt tak" not in listed(world.people.principal, whose="line")
    assert listed(world.people.harbour_master, whose="line") == ["Ny kai"]


def test_exempt_is_listed_for_who_may_see_it_only(world):
    promised(world, "Hemmelig", 1, world.people.teacher.position, world.things.exempt)
    assert "Hemmelig" not in listed(world.people.teacher)
    assert "Personalsak" in listed(world.people.principal)
    person = world.people.principal
    person.support = object()
    assert "Personalsak" not in listed(person, whose="line")


def test_who_leads_nothing_cannot_ask_for_the_line(world, signed_in):
    page = signed_in(world.people.teacher).get("/mine-oppgaver/", {"whose": "line"})
    assert page.context["asked_duties"].whose == "mine"


def test_pages_hold_everything_once_in_order(world, make):
    answers = world.people.other_principal.position
    for number in range(30):
        make.measure(f"Tiltak {number:02}", world.units.other_school, answers, due=TODAY + timedelta(days=number % 4))
        promised(world, f"Løfte {number:02}", number % 4, answers)
    pages = Paginator(Duties(world.people.other_principal, Asked(), TODAY), 25)
    found = [duty for number in pages.page_range for duty in pages.page(number).object_list]
    assert len(found) == len({duty.what for duty in found}) == 61
    assert [duty.due for duty in found] == sorted(duty.due for duty in found)


def test_ticked_off_from_the_list_one_is_back_in_the_list(world, signed_in):
    row = promised(world, "Ring", 1)
    client = signed_in(world.people.principal)
    page = client.get("/mine-oppgaver/?when=soon").content.decode()
    assert f"/oppfolging/{row.pk}/ferdig/" in page
    done = client.post(f"/ting/{row.item_id}/oppfolging/{row.pk}/ferdig/", {"next": "/mine-oppgaver/?when=soon"})
    assert done.url == "/mine-oppgaver/?when=soon"
    assert "Ring" not in listed(world.people.principal)


@pytest.mark.parametrize("typed", ["'", "x" * 10_000, "\x00", "🙂", "-1", "0", "99999999999999999999"])
def test_junk_asks_for_the_usual(world, signed_in, typed):
    asked = {"whose": typed, "when": typed, "kind": typed, "q": typed, "page": typed}
    assert signed_in(world.people.principal).get("/mine-oppgaver/", asked).status_code == 200


def test_queries_do_not_grow_with_the_rows(world, make, signed_in, capture_queries):
    client, counts = signed_in(world.people.director), []
    for _ in range(2):
        for number in range(8):
            holder = make.holder("employee", make.unit(f"Enhet {number}", parent=world.units.area))
            about = make.measure("Tiltak", holder.position.unit, holder.position)
            promised(world, "Løfte", 1, holder.position, about)
        with capture_queries() as captured:
            assert client.get("/mine-oppgaver/?whose=line").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20
