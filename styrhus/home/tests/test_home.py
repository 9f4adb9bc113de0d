"""My page: what now?"""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhus.home import queries, wheel
from styrhus.home.queries import counts_for, due_by_month, followed_by
from styrhus.home.templatetags.home import counted
from styrhus.items.models import FollowUp
from styrhus.organisation.roles import ROLES

pytestmark = pytest.mark.django_db
TODAY = date.today()
NBSP = "\u00a0"


def home(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def cards_of(person) -> dict:
    return counts_for(person, TODAY, followed_by(person))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_has_a_page(world, make, signed_in, role):
    person = make.holder(role, world.units.school, title="Min stilling")
    assert "Min stilling" in home(signed_in(person))


def test_who_holds_no_position_has_a_page_that_says_so(world, signed_in):
    shown = home(signed_in(world.people.guest))
    assert "Gunn Gjest" in shown
    assert "Internkontroll" not in shown


def test_an_empty_house_has_a_page(db, make, signed_in):
    assert home(signed_in(make.person()))


def test_deadlines_are_mine(world, signed_in):
    shown = home(signed_in(world.people.principal))
    assert "Personalsak" in shown
    assert "Nytt tak" not in shown


def test_support_sees_no_exempt_deadline_of_the_person(world):
    person = world.people.principal
    before = cards_of(person)["planned"]
    person.support = object()
    assert cards_of(person)["planned"] == before - 1


def test_the_cards_count_the_units_one_leads_and_what_one_answers_for(world, make):
    make.measure("Sent", world.units.department, world.people.head.position, due=TODAY - timedelta(days=1))
    make.measure("Uten frist", world.units.school, world.people.principal.position, due=None, state="running")
    counts = cards_of(world.people.principal)
    assert (counts["planned"], counts["running"], counts["overdue"]) == (5, 1, 1)
    assert cards_of(world.people.teacher)["planned"] == 0


def test_what_is_many_is_counted_to_a_limit_and_says_so(world, make, monkeypatch):
    monkeypatch.setattr(queries, "COUNT_AT_MOST", 2)
    assert cards_of(world.people.principal)["planned"] == 3
    assert (counted(1_000), counted(1_001)) == (f"1{NBSP}000", f"1{NBSP}000+")


def test_leaders_of_many_units_get_the_same_numbers_as_those_of_few(world, make, monkeypatch):
    make.measure("Sent", world.units.department, world.people.head.position, due=TODAY - timedelta(days=1))
    few = (cards_of(world.people.principal), due_by_month(followed_by(world.people.principal), TODAY.year))
    monkeypatch.setattr("styrhus.organisation.models.FEW_UNITS", 0)
    assert (cards_of(world.people.principal), due_by_month(followed_by(world.people.principal), TODAY.year)) == few


def test_what_is_due_today_is_not_overdue(world, make):
    make.measure("I dag", world.units.school, world.people.principal.position, due=TODAY)
    assert cards_of(world.people.principal)["overdue"] == 0


def test_promises_are_counted_and_the_late_ones_too(world):
    position, about = world.people.teacher.position, world.things.internal.as_item
    for days in (-1, 0, 1):
        FollowUp.objects.create(item=about, what="x", responsible=position, due=TODAY + timedelta(days=days))
    counts = cards_of(world.people.teacher)
    assert (counts["promises"], counts["promises_late"]) == (3, 1)


def test_the_wheel_counts_open_deadlines_of_the_year_by_month(world, make):
    position = world.people.other_principal.position
    for day in (date(2030, 1, 1), date(2030, 1, 31), date(2030, 12, 31), date(2031, 1, 1)):
        make.measure("Frist", world.units.other_school, position, due=day)
    counted = due_by_month(followed_by(world.people.other_principal), 2030)
    assert counted == {1: 2, 12: 1}


def test_every_month_of_the_wheel_is_a_link_to_its_deadlines(world, signed_in):
    client = signed_in(world.people.principal)
    links = sorted(set(re.findall(r'href="(/tiltak/\?[^"]*due_from=[^"]+)"', home(client))))
    assert len(links) == 12
    assert client.get(links[1].replace("&amp;", "&")).status_code == 200


def wheel_of(client, query: str) -> dict:
    return client.get(f"/{query}").context["wheel"]


def test_the_wheel_turns_to_other_years(world, signed_in, make):
    principal = world.people.principal
    make.measure("Siden", world.units.school, principal.position, due=date(TODAY.year + 2, 1, 31))
    make.measure("Før", world.units.school, principal.position, due=date(TODAY.year - 2, 12, 31))
    client = signed_in(principal)
    after, before = wheel_of(client, f"?ar={TODAY.year + 2}"), wheel_of(client, f"?ar={TODAY.year - 2}")
    assert (after["months"][0]["count"], after["months"][0]["is_late"]) == (1, False)
    assert (before["months"][11]["count"], before["months"][11]["is_late"]) == (1, True)
    assert f"due_to={TODAY.year + 2}-01-31" in after["months"][0]["url"]
    assert not any(month["is_now"] for month in after["months"] + before["months"])
    assert [month["is_now"] for month in wheel_of(client, "")["months"]].index(True) == TODAY.month - 1


@pytest.mark.parametrize("asked", ["", "0", "20", "99999", "-2026", "２０２６", "abc", "2026 ", "1e3"])
def test_what_is_no_year_leaves_the_wheel_at_this_one(world, signed_in, asked):
    assert wheel_of(signed_in(world.people.principal), f"?ar={asked}")["year"] == TODAY.year


@given(st.floats(-720, 720), st.floats(0, 250))
def test_every_point_of_the_wheel_lies_within_the_drawing(angle, radius):
    x, y = wheel.point(angle, radius)
    assert abs((x - wheel.CENTRE) ** 2 + (y - wheel.CENTRE) ** 2 - radius**2) <= 0.2 * (radius + 1)


def test_noon_is_at_the_top_and_three_at_the_right():
    assert wheel.point(0, 100) == (250, 150)
    assert wheel.point(90, 100) == (350, 250)


@given(st.dates())
def test_the_hand_points_into_its_own_month(day):
    (ax, ay), _end = wheel.hand(day)
    begin, end = wheel.point((day.month - 1) * 30, 126), wheel.point(day.month * 30, 126)

    def left_of(a, b):
        return (a[0] - 250) * (b[1] - 250) - (a[1] - 250) * (b[0] - 250)

    assert left_of(begin, (ax, ay)) > 0 > left_of(end, (ax, ay))


@given(st.integers(1, 12))
def test_a_month_is_a_closed_piece_of_the_ring(number):
    path = wheel.month(number).path
    assert path.startswith("M") and path.endswith("Z")
    assert path.count("A") == 2
