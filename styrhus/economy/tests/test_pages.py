"""What people see of the money."""

from datetime import date

import pytest
from django.urls import reverse

from styrhus.economy.models import Code, Forecast
from styrhus.economy.queries.money import Money, by_kind, by_unit, total, year_asked
from styrhus.organisation.models import Unit

pytestmark = pytest.mark.django_db
HEAD = "ansvar;art;funksjon;måned;beløp;tekst\n"
BOOKED = (
    HEAD
    + "2110;10100;20200;3;1000;Lønn\n2110;16000;20200;4;-400;SFO\n3110;10100;25800;3;70;Lønn\n9999;11000;12000;3;5;\n"
)


@pytest.fixture
def booked(load, centre, world):
    centre("2110", world.units.school)
    centre("3110", world.units.other_school)
    load("ledger", BOOKED, year="2026")
    load("ledger", BOOKED.replace(";1000;", ";900;"), year="2025")
    load("budget", "ansvar;art;beløp\n2110;10100;1200\n", year="2026", version="Opprinnelig")
    load("budget", "ansvar;art;beløp\n2110;10100;1300\n", year="2026", version="Regulert")


def amounts(money) -> tuple:
    return money.accounts // 100, money.budget // 100, money.last_year // 100


def test_the_sums_of_a_unit_are_its_own_and_those_of_the_municipality_leave_nothing_out(booked, world):
    of = year_asked("", "", "", this_year=2026)
    assert (of.year, of.version.name, of.months) == (2026, "Regulert", [3, 4])
    school, months = by_kind(world.units.school, of)
    assert amounts(total(school, "")) == (600, 1300, 500)
    assert months == {3: 100_000, 4: -40_000}
    # 9999 belongs to no unit.
    assert amounts(total(by_kind(world.units.municipality, of)[0], "")) == (675, 1300, 575)
    units = dict(by_unit([world.units.area, world.units.school, world.units.other_school], of))
    assert {unit.pk: amounts(money) for unit, money in units.items()} == {
        world.units.area.pk: (670, 1300, 570),
        world.units.school.pk: (600, 1300, 500),
        world.units.other_school.pk: (70, 0, 70),
    }


def test_a_cost_centre_that_moves_from_a_year_leaves_the_years_before_where_they_were(booked, world):
    Code.objects.filter(code="2110").update(last_year=2025)
    Code.objects.create(dimension="cost_centre", code="2110", first_year=2026, unit=world.units.other_school)
    of = year_asked("2026", "", "", this_year=2026)
    units = dict(by_unit([world.units.school, world.units.other_school], of))
    assert amounts(units[world.units.school]) == (0, 0, 500)
    assert amounts(units[world.units.other_school]) == (670, 1300, 70)


def test_the_page_shows_what_is_used_and_what_cannot_be_placed(booked, world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.people.director)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("economy:money", args=[world.units.municipality.pk]), {"ar": "2026"}).text
    assert "1 ansvar hører ikke til noen enhet" in page and "010 Fastlønn" in page
    lines = client.get(reverse("economy:lines", args=[world.units.school.pk]), {"year": "2026", "kind": "010"}).text
    assert "1\u00a0000" in lines and "SFO" not in lines


def test_the_lines_are_for_who_leads_the_unit_and_who_controls_it(booked, world, make, signed_in):
    address = reverse("economy:lines", args=[world.units.school.pk])
    controller = make.holder("controller", world.units.municipality)
    answers = {
        who: signed_in(person).get(address).status_code
        for who, person in {
            "leads it": world.people.principal,
            "controls": controller,
            "works there": make.holder("employee", world.units.school),
            "leads another": make.holder("unit_manager", world.units.other_school),
        }.items()
    }
    assert answers == {"leads it": 200, "controls": 200, "works there": 403, "leads another": 403}


def test_a_code_is_placed_and_its_figures_with_it(booked, world, make, signed_in):
    lost = Code.objects.get(code="9999")
    client = signed_in(make.holder("finance_chief", world.units.municipality))
    register = client.get(reverse("economy:codes"), {"state": "unplaced"}).text
    assert "9999" in register and "2110" not in register
    sent = {"name": "Rådhuset", "unit": world.units.school.pk, "first_year": 2020}
    assert client.post(reverse("economy:edit_code", args=[lost.pk]), sent).status_code == 302
    of = year_asked("2026", "", "", this_year=date.today().year)
    assert amounts(dict(by_unit([world.units.school], of))[world.units.school]) == (605, 1300, 505)


def test_the_rest_of_the_year_goes_as_last_year_and_what_is_far_off_is_told_in_words(load, centre, world, signed_in):
    centre("2110", world.units.school)
    head, row = "ansvar;art;måned;beløp\n", "2110;10100;{};{}000\n"
    # In thousands: half of last year was booked by March, so 600 by now means 1,200 in all; granted is 1,000.
    load("ledger", head + row.format(3, 500) + row.format(9, 500), year="2025")
    load("ledger", head + row.format(3, 600), year="2026")
    load("budget", "ansvar;art;beløp\n2110;10100;1000000\n", year="2026", version="Opprinnelig")
    of = year_asked("2026", "", "", this_year=2026)
    pay = total(by_kind(world.units.school, of)[0], "")
    assert (pay.expected, pay.deviation, pay.is_far_off) == (120_000_000, 20_000_000, True)
    address = reverse("economy:money", args=[world.units.school.pk])
    page = signed_in(world.people.director).get(address, {"ar": "2026"}).text
    assert "200\u00a0000 kroner mer brukt enn de 1" in page


def test_without_a_last_year_the_year_goes_evenly_and_a_closed_one_is_what_it_is():
    assert Money("", accounts=300, budget=1000, month=3).expected == 1200
    assert Money("", accounts=300, budget=1000, last_year=900, last_year_then=10, month=3).expected == 1200
    assert Money("", accounts=300, last_year=900, last_year_then=100, month=12).expected == 300
    assert Money("", accounts=-90, budget=-100, month=12).is_far_off


def test_a_leader_gives_a_forecast_says_why_where_it_is_far_off_and_who_has_not_is_seen(booked, world, signed_in):
    client, address = signed_in(world.people.principal), reverse("economy:forecast", args=[world.units.school.pk])
    assert "1\u00a0" in client.get(address).text
    refused = client.post(address, {"amount": "1 500", "comment": ""})
    assert refused.status_code == 422 and b'value="1 500"' in refused.content and not Forecast.objects.exists()
    assert client.post(address, {"amount": "tolv", "comment": "x"}).status_code == 422
    assert client.post(address, {"amount": "1 500", "comment": "Flere elever"}).status_code == 302
    given = Forecast.objects.get()
    assert (given.amount, given.budget, given.month) == (150_000, 130_000, 4)
    area = signed_in(world.people.director).get(reverse("economy:money", args=[world.units.area.pk])).text
    assert "1\u00a0500" in area and area.count(">mangler<") == 1
    other = signed_in(world.people.other_principal)
    assert other.get(address).status_code == 403


def test_an_enterprise_beside_the_municipality_shows_its_own_money_and_its_leader_no_other_lines(
    booked, world, make, signed_in
):
    made = Unit.objects.create(name="Havna KF", kind="municipal_enterprise", since=date(2020, 1, 1))
    harbour = Unit.objects.get(pk=made.pk)
    of = year_asked("2026", "", "", this_year=2026)
    assert by_kind(harbour, of)[0] == []
    lines = signed_in(make.holder("unit_manager", harbour)).get(reverse("economy:lines", args=[harbour.pk]))
    assert lines.status_code == 200 and "SFO" not in lines.text and "2110" not in lines.text
