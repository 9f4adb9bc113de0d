"""Areas, the balance, the debt and the year's deviation: each goes up with what it is made of."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from styrhus.economy.models import Area, Forecast
from styrhus.economy.operations.areas import keep_area
from styrhus.economy.queries.forecasts import expected_of, hits, rolled_up
from styrhus.economy.queries.heat import heat_map
from styrhus.economy.queries.money import Money, year_asked
from styrhus.economy.queries.sheets import NOT_PLACED, Places, balance, debt, deviation, further, second_part
from styrhus.economy.statements import balance_sheet, chapter
from styrhus.organisation.models import Unit

CHAPTERS = st.text("0123456789", min_size=2, max_size=4)
LEDGER = st.dictionaries(CHAPTERS, st.integers(-(10**12), 10**12), max_size=30)


@given(LEDGER)
def test_every_balance_account_is_on_one_line_or_told_of_and_what_balances_shows_it(ledger):
    sheet = balance_sheet()
    lines = sheet.compute(ledger)
    placed = lines[10] - lines[19] + lines[20] + lines[21] + lines[22]
    assert placed + sum(sheet.unplaced(ledger).values()) == sum(ledger.values())


def test_chapters_are_read_from_local_accounts_and_from_reports():
    assert (chapter("24500"), chapter("4500"), chapter("245")) == ("4500", "4500", "245")
    names = {code: balance_sheet().line_of(code).name for code in ("2700", "5990", "5900", "9100", "9110", "3200")}
    assert names["2700"] == "Varige driftsmidler" and names["5990"] == "Annen egenkapital"
    assert names["5900"] == "Egenkapital drift" and names["9100"] != names["9110"]


@pytest.fixture
def booked(load, centre, world):
    """School 2110, the other school 3110, a centre that belongs nowhere, tax, and a balance of two years."""
    centre("2110", world.units.school)
    centre("3110", world.units.other_school)
    lines = "2110;10100;20200;{};1000\n3110;11000;25800;{};70\n9999;10100;12000;{};5\n8000;18700;80000;{};-1075\n"
    head = "ansvar;art;funksjon;måned;beløp\n"
    load("ledger", head + lines.replace("{}", "3"), year="2026")
    load("budget", head.replace("måned;", "") + lines.replace(";{}", ""), year="2026", version="Opprinnelig")
    for year, loan in ((2025, -900), (2026, -950)):
        rows = f"8000;21000;;12;{-loan}\n8000;24500;;12;{loan}\n"
        load("ledger", head + rows, year=str(year), source="Balansen")
    load("ledger", head + "8000;15100;80000;12;40\n", year="2026", source="Avdrag")


def area(world, number=1, units=(), **more) -> Area:
    fields = {"name": f"Område {number}", "first_year": 2020} | more
    made = Area.objects.create(number=number, **fields)
    made.units.set(units)
    return made


@pytest.mark.django_db
def test_the_second_part_goes_up_with_the_first_whatever_has_an_area(booked, world):
    area(world, 1, [world.units.area])
    area(world, 2, functions=["258"])
    sheet = second_part("operating_appropriations", 2026)
    assert [(row.label, row.amounts[0]) for row in sheet.rows] == [
        ("Område 1", -100_000),
        ("Område 2", -7_000),
        ("I intet område", -500),
        ("Sum", -107_500),
    ]
    assert len(sheet.columns) == 2 and all(check.is_good for check in sheet.checks)


@given(st.lists(st.tuples(st.text("12", max_size=3), st.text("12", max_size=3)), max_size=12), CHAPTERS, CHAPTERS)
def test_a_cost_centre_has_one_area_and_its_own_code_goes_before_its_function(rules, centre, function):
    class Units:
        @staticmethod
        def all():
            return []

    class Rule:
        units = Units()

        def __init__(self, pk, centres, functions):
            self.pk, self.cost_centres, self.functions = pk, [centres], [functions]

    areas = [Rule(pk, *codes) for pk, codes in enumerate(rules, start=1)]
    found = Places(areas, {}).of(centre, function)
    by_centre = [each for each in areas if each.cost_centres[0] and centre.startswith(each.cost_centres[0])]
    by_function = [each for each in areas if each.functions[0] and function.startswith(each.functions[0])]
    fitting = by_centre or by_function
    assert found in {each.pk for each in fitting} if fitting else found == NOT_PLACED


@pytest.mark.django_db
def test_two_areas_do_not_share_a_unit_or_a_code_in_the_same_years(world, make, signed_in):
    chief = make.holder("finance_chief", world.units.municipality)
    area(world, 1, [world.units.school], functions=["202"], last_year=2025)
    again = Area(number=2, name="Skole", first_year=2025, functions=["202"])
    with pytest.raises(ValidationError) as refused:
        keep_area(again, [world.units.school], by=chief)
    assert set(refused.value.message_dict) == {"units", "functions"}
    sent = {"number": 2, "name": "Skole", "first_year": 2026, "units": [world.units.school.pk], "functions": "202 203"}
    assert signed_in(chief).post(reverse("economy:new_area"), sent).status_code == 302
    assert Area.objects.get(number=2).functions == ["202", "203"]


@pytest.mark.django_db
def test_the_balance_the_debt_and_the_deviation(booked):
    sheet = balance(2026)
    shown = {row.label: row.amounts for row in sheet.rows}
    assert shown["Sum eiendeler"] == [95_000, 90_000] == shown["Sum egenkapital og gjeld"]
    assert all(check.is_good for check in sheet.checks)
    assert [row.amounts[0] for row in debt(2026).rows] == [90_000, 9_000, -4_000, 95_000]
    assert debt(2024).rows == () and debt(2024).note
    # 40 in instalments were never granted.
    rows = deviation("operating_appropriations", 2026).rows
    assert (rows[0].amounts[0], rows[-2].amounts[0], rows[-1].amounts[0]) == (-4_000, -4_000, -4_000)


@pytest.mark.django_db
def test_every_further_statement_is_a_page_and_a_file(booked, world, signed_in):
    client = signed_in(world.people.director)
    for name in further():
        address = reverse("economy:sheet", args=[name])
        assert client.get(address, {"ar": "2026"}).status_code == 200
        assert client.get(address, {"ar": "2026", "format": "xlsx"}).status_code == 200
        assert client.get(address, {"ar": "1999"}).status_code == 200
    assert client.get(reverse("economy:sheet", args=["ukjent"])).status_code == 404


# -- the roll-up


def told(unit: Unit, amount: int, by, month=3, year=2026) -> Forecast:
    numbers = {"amount": amount, "computed": amount - 10, "budget": 100_000}
    return Forecast.objects.create(unit=unit, year=year, month=month, by=by, **numbers)


@pytest.mark.django_db
def test_a_forecast_takes_the_place_of_what_is_computed_all_the_way_up(booked, world, django_assert_max_num_queries):
    of = year_asked("2026", "", "", this_year=2026)
    units = list(Unit.objects.order_by("path"))
    before = {each.unit: each for each in rolled_up(units, of)}
    told(world.units.school, 123_456, world.people.principal)
    with django_assert_max_num_queries(4):
        after = {each.unit: each for each in rolled_up(units, of)}
    change = 123_456 - before[world.units.school].expected
    for unit in (world.units.school, world.units.area, world.units.municipality):
        assert after[unit].expected - before[unit].expected == change
    assert after[world.units.other_school].expected == before[world.units.other_school].expected
    told(world.units.area, 99, world.people.director)
    assert {each.unit: each.expected for each in rolled_up(units, of)}[world.units.area] == 99


@given(st.data())
def test_a_unit_that_has_said_nothing_is_what_those_below_come_to(data):
    amounts = st.integers(-(10**9), 10**9)
    leaves = [Unit(pk=pk, path=f"/1/{pk}/", parent_id=1, name=str(pk)) for pk in (2, 3, 4)]
    money = {each: Money("", accounts=data.draw(amounts), month=12) for each in leaves}
    top = Unit(pk=1, path="/1/", name="1")
    money[top] = Money("", accounts=sum(each.accounts for each in money.values()), month=12)
    given_by = {each.pk: Forecast(amount=data.draw(amounts)) for each in leaves if data.draw(st.booleans())}
    found = expected_of(money, given_by)
    assert found[1] == sum(found[each.pk] for each in leaves)


@pytest.mark.django_db
def test_the_page_tells_who_is_awaited_where_it_goes_wrong_and_how_near_last_year_was(booked, load, world, signed_in):
    head = "ansvar;art;funksjon;måned;beløp\n"
    load("ledger", head + "2110;10100;20200;12;1000\n", year="2025", source="Regnskap")
    told(world.units.school, 110_000, world.people.principal, year=2025)
    of = year_asked("2026", "", "", this_year=2026)
    assert [(each.month, each.given, each.missed) for each in hits([world.units.school], of)] == [(3, 1, 10.0)]
    below = rolled_up([world.units.school, world.units.other_school], of)
    heat = heat_map(below)
    assert [unit for unit, _cells in heat.rows] == [each.unit for each in below] and "Lønn" in heat.series[0]
    page = signed_in(world.people.director).get(reverse("economy:roll_up", args=[world.units.area.pk])).text
    assert str(world.people.principal) in page and date.today().year


@pytest.mark.django_db
def test_a_forecast_beyond_the_limit_asks_for_a_measure_and_shows_it(booked, world, signed_in):
    school = world.units.school
    told(school, 123_456, world.people.principal)
    client, page = signed_in(world.people.principal), reverse("economy:money", args=[school.pk])
    assert "tiltak mangler" in client.get(page).text
    address = reverse("economy:new_measure", args=[school.pk])
    sent = {"title": "Vikarstopp", "unit": school.pk, "responsible": world.people.principal.position.pk}
    sent |= {"progress": 0, "openness": "internal", "due": f"{date.today().year + 1}-01-01"}
    assert client.post(address, sent | {"title": ""}).status_code == 422
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    text = client.get(page).text
    assert "Vikarstopp" in text and "tiltak mangler" not in text
