"""A budget is made in the house: frames, pay, months, amendments, and back to the accounting system."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from styrhus.delegation.models import Authorisation, Power, Source
from styrhus.economy.models import (
    Amendment,
    AmendmentLine,
    Book,
    Detail,
    Extract,
    Frame,
    Line,
    PaymentRight,
    Period,
    PhasingRule,
    Post,
    Version,
    WageRates,
)
from styrhus.economy.operations import amendments, budgets, payments, phasing
from styrhus.economy.phasing import as_booked, from_month, spread
from styrhus.economy.queries.budgets import work_of
from styrhus.economy.queries.money import by_kind, total, year_asked
from styrhus.economy.wages import Rates, cost

HEAD = "ansvar;art;funksjon;beløp;tekst\n"
ORIGINAL = HEAD + "2110;10100;20200;1200,05;Lønn\n2110;11000;20200;300;\n2110;16000;20200;-90;SFO\n"
AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=12, max_size=12)


@given(AMOUNTS, WEIGHTS)
def test_what_is_spread_comes_to_the_same_and_a_month_without_weight_gets_nothing(amount, weights):
    parts = spread(amount, weights)
    assert sum(parts) == amount
    if any(weights):
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
        assert all(part * amount >= 0 for part in parts)
    assert spread(-amount, weights) == [-part for part in parts]


@given(WEIGHTS, st.integers(1, 12))
def test_nothing_is_spread_before_the_first_month(weights, first):
    assert not any(from_month(weights, first)[: first - 1]) and any(from_month(weights, first))


def test_last_years_pattern_needs_months_that_go_one_way():
    assert as_booked([100, 200] * 6) == [1, 2] * 6
    assert as_booked([-100, -200] * 6) == [1, 2] * 6
    assert as_booked([100, -200] * 6) is None and as_booked([1200] + [0] * 11) is None


def test_a_post_by_hand():
    """500,000 at 80 % for six months, additions 10,000; 12 % holiday pay, 14 % pension, 14.1 % employer's."""
    rates = Rates(Decimal(12), Decimal(14), Decimal("14.1"))
    counted = cost(50_000_000, 1_000_000, Decimal("0.8"), 6, rates)
    assert (counted.pay, counted.holiday_pay) == (20_000_000, (2_400_000, 120_000))
    # (200,000 + 10,000) × 14 %, and 14.1 % of 210,000 + 25,200 + 29,400.
    assert (counted.pension, counted.employer) == (2_940_000, 3_730_860)
    assert counted.total == sum(amount for _part, amount in counted.parts()) == 30_190_860


@given(AMOUNTS.map(abs), AMOUNTS.map(abs), st.decimals("0.001", 500, places=3), st.integers(1, 12))
def test_all_a_post_costs_is_on_some_kind_and_more_work_never_costs_less(pay, additions, full_time, months):
    rates = Rates(Decimal(12), Decimal(14), Decimal("14.1"))
    counted = cost(pay, additions, full_time, months, rates)
    assert counted.paid_out + counted.pension + counted.employer == counted.total
    assert cost(pay, additions, full_time, 12, rates).total >= counted.total


@pytest.fixture
def house(load, centre, world, make):
    """An original budget of the school from a file, rates, and people."""
    centre("2110", world.units.school)
    centre("3110", world.units.other_school)
    load("budget", ORIGINAL, year="2026", version="Opprinnelig", source="Regnskap")
    load("ledger", "ansvar;art;funksjon;beløp;måned\n3110;10100;20200;7;1\n", year="2026")
    WageRates.objects.create(year=2026, holiday_pay=12, pension=14, employer=Decimal("14.1"))
    return make.holder("finance_chief", world.units.municipality)


def version(name="Opprinnelig") -> Version:
    return Version.objects.get(name=name)


def months(of: Version) -> dict[int, int]:
    return {each.month: each.total for each in Extract.objects.standing().filter(version=of).order_by("month")}


@pytest.mark.django_db
def test_a_budget_is_spread_by_rule_and_what_it_comes_to_is_the_same(house, world):
    assert phasing.phase(version(), by=house) == 1
    found = months(version())
    assert sorted(found) == list(range(1, 13)) and sum(found.values()) == 141_005
    # Pay is not booked in June; the rest is even.
    assert found[6] == (30_000 - 9_000) // 12
    with pytest.raises(ValidationError):
        phasing.phase(version(), by=house)
    of = year_asked("2026", "", "", this_year=2026)
    stands = total(by_kind(world.units.school, of)[0], "")
    assert (stands.budget, stands.budget_then) == (141_005, found[1])


@pytest.mark.django_db
def test_a_rule_for_a_unit_and_last_years_pattern_hold_before_the_common_one(house, load, world):
    rows = "".join(f"2110;11000;20200;{month};{month};\n" for month in range(1, 13))
    load("ledger", "ansvar;art;funksjon;måned;beløp;tekst\n" + rows, year="2025")
    phasing.keep_rule(PhasingRule(kind="100", unit=world.units.school, way="last_year"), by=house)
    phasing.keep_rule(PhasingRule(kind="6", way="own", weights=[0] * 11 + [1]), by=house)
    phasing.phase(version(), by=house)
    lines = Line.objects.filter(extract__in=Extract.objects.standing().filter(version=version()))
    goods = {line.extract.month: line.amount for line in lines.filter(kind="11000").select_related("extract")}
    assert goods[12] == 30_000 - sum(spread(30_000, range(1, 13))[:11]) and goods[1] == spread(30_000, range(1, 13))[0]
    assert {line.extract.month for line in lines.filter(kind="16000").select_related("extract")} == {12}
    with pytest.raises(ValidationError):
        phasing.keep_rule(PhasingRule(kind="7", way="own", weights=[0] * 12), by=house)


@pytest.mark.django_db
def test_a_unit_makes_its_budget_against_its_frame_and_takes_it_in_again(house, world, signed_in):
    made = budgets.keep_version(Version(year=2026, name="Neste"), by=house)
    school, principal = world.units.school, world.people.principal
    budgets.give_frame(made, school, 100_000_000, by=house)
    post = Post(version=made, unit=school, title="Lærer", full_time=Decimal(1), pay=50_000_000, cost_centre="2110")
    post.function = "20200"
    budgets.keep_post(post, by=principal)
    goods = Detail(version=made, unit=school, cost_centre="2110", kind="11000", function="20200", amount=2_000_000)
    budgets.keep_detail(goods, by=principal)
    work = work_of(made, school)
    assert work.pay == 50_000_000 + 6_000_000 + 7_000_000 + 8_883_000 and work.gap == 100_000_000 - work.pay - 2_000_000
    budgets.take_in(made, school, by=principal)
    assert months(made) == {0: work.pay + 2_000_000}
    Detail.objects.update(amount=3_000_000)
    budgets.take_in(made, school, by=principal)
    assert months(made) == {0: work.pay + 3_000_000}
    phasing.phase(made, by=house)
    budgets.take_in(made, school, by=principal)
    assert len(months(made)) == 12 and sum(months(made).values()) == work.pay + 3_000_000
    page = signed_in(principal).get(reverse("economy:budget", args=[school.pk]), {"versjon": made.pk})
    assert page.status_code == 200 and "Lærer" in page.text


@pytest.mark.django_db
def test_a_frame_is_not_lowered_under_what_is_bound_and_lines_lie_on_ones_own_centres(house, world, signed_in):
    made, school = version(), world.units.school
    post = Post(version=made, unit=school, title="Lærer", pay=50_000_000, cost_centre="2110")
    budgets.keep_post(post, by=world.people.principal)
    with pytest.raises(ValidationError) as refused:
        budgets.give_frame(made, school, 50_000_000, by=house)
    assert "718\u00a0830" in refused.value.message_dict["amount"][0] and not Frame.objects.exists()
    budgets.give_frame(made, school, 72_000_000, by=house)
    with pytest.raises(ValidationError):
        budgets.give_frame(made, world.units.area, 71_000_000, by=house)
    for wrong in ({"cost_centre": "3110"}, {"cost_centre": "9"}, {"kind": "20100"}, {"account_class": "0"}):
        line = {"cost_centre": "2110", "kind": "11000", "amount": 1} | wrong
        with pytest.raises(ValidationError):
            budgets.keep_detail(Detail(version=made, unit=school, **line), by=world.people.principal)
    address = reverse("economy:new_detail", args=[school.pk, made.pk])
    sent = {"account_class": "1", "cost_centre": "2110", "kind": "11000", "amount": "tolv", "text": "Bøker"}
    answer = signed_in(world.people.principal).post(address, sent)
    assert answer.status_code == 422 and "Bøker" in answer.text and "tolv" in answer.text


@pytest.fixture
def moving(world):
    """The area's director holds the power to move money in the area."""
    power = Power.objects.create(name="Flytte midler", code="budget_move")
    director = world.people.director
    position = director.appointments.get().position
    return Authorisation.objects.create(
        title="Flytte midler", power=power, source=Source.BY_LAW, legal_basis="Økonomireglementet", holder=position,
        unit=position.unit, start=date(2026, 1, 1), responsible=position,
    )  # fmt: skip


def amendment(by, *lines, **more) -> Amendment:
    made = amendments.keep_amendment(Amendment(version=version(), title="Flytter", by=by, **more), by=by)
    for kind, amount in lines:
        line = AmendmentLine(amendment=made, cost_centre="2110", kind=kind, function="20200", amount=amount)
        amendments.keep_line(line, by=by)
    return made


@pytest.mark.django_db
def test_money_is_moved_by_who_holds_the_authority_in_balance_and_only_once(house, world, moving):
    director = world.people.director
    made = amendment(director, ("11000", -20_000), ("10100", 20_000), authority=moving)
    again = amendment(director, ("11000", -20_000), ("10100", 20_000), authority=moving)
    amendments.take_in(made, by=director)
    assert sum(months(version()).values()) == 141_005
    with pytest.raises(ValidationError) as refused:
        amendments.take_in(again, by=director)
    assert "100" in str(refused.value) and not again.extracts.exists()
    with pytest.raises(ValidationError):
        amendments.keep_line(AmendmentLine(amendment=made, cost_centre="2110", kind="11000", amount=1), by=director)
    crooked = amendment(director, ("11000", 5), authority=moving)
    with pytest.raises(ValidationError):
        amendments.take_in(crooked, by=director)
    nothing = amendment(world.people.principal, ("11000", -5), ("10100", 5))
    with pytest.raises(ValidationError):
        amendments.take_in(nothing, by=world.people.principal)


@pytest.mark.django_db
def test_a_decision_adds_money_over_the_months_that_are_left_and_a_closed_month_is_refused(house, world):
    phasing.phase(version(), by=house)
    decided = {"decision": "Kommunestyret 45/26", "decided_on": date(2026, 6, 18)}
    made = amendment(house, ("10100", 60_000), month=7, **decided)
    Period.objects.create(year=2026, month=7, state="closed")
    with pytest.raises(ValidationError):
        amendments.take_in(made, by=house)
    Period.objects.update(state="preliminary")
    amendments.take_in(made, by=house)
    assert {each.month: each.total for each in made.extracts} == dict.fromkeys(range(7, 13), 10_000)
    assert made.extracts.count() == 6


@pytest.mark.django_db
def test_a_closed_month_takes_no_more_accounts_and_gives_none_back(house, load):
    Period.objects.create(year=2026, month=1, state="closed")
    outcome = load("ledger", "ansvar;art;funksjon;beløp;måned\n3110;10100;20200;8;1\n", year="2026")
    assert outcome.refused == 1 and "lukket" in outcome.refusals[0]["reason"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Extract.objects.filter(book=Book.ACCOUNTS).update(undone_in=1)


@pytest.mark.django_db
@pytest.mark.parametrize("is_phased", [False, True])
def test_the_file_goes_back_as_it_came_and_reads_in_again_unchanged(house, load, signed_in, is_phased):
    if is_phased:
        phasing.phase(version(), by=house)
    before = months(version())
    answer = signed_in(house).get(reverse("economy:version_file", args=[version().pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.startswith("ansvar;art;funksjon;beløp;tekst" + (";Måned" if is_phased else "") + "\r\n")
    if not is_phased:
        assert "2110;10100;20200;1200,05;Lønn" in text
    outcome = load("budget", text, year="2026", version="Opprinnelig", source="Regnskap")
    assert (outcome.refused, outcome.added, outcome.changed) == (0, 0, 0) and outcome.unchanged == outcome.read
    assert months(version()) == before and Extract.objects.filter(version=version()).count() == (13 if is_phased else 1)
    changed = text.replace("300,00", "301,00").replace("25,00", "26,00", 1)
    assert load("budget", changed, year="2026", version="Opprinnelig", source="Regnskap").added > 0


@pytest.mark.django_db
def test_an_amended_version_is_the_original_and_what_is_changed(house, load, world):
    amended = budgets.keep_version(Version(year=2026, name="Regulert", based_on=version()), by=house)
    load("budget", HEAD + "2110;11000;20200;50;\n", year="2026", version="Regulert")
    of = year_asked("2026", str(amended.pk), "", this_year=2026)
    assert total(by_kind(world.units.school, of)[0], "").budget == 146_005
    with pytest.raises(ValidationError):
        budgets.keep_version(Version(year=2027, name="Neste", based_on=version()), by=house)


@pytest.mark.django_db
def test_nobody_both_certifies_and_orders_payment(house, world, make, signed_in):
    school, area = world.units.school, world.units.area
    one = make.holder("unit_manager", school).appointments.get().position
    other = make.holder("unit_manager", school).appointments.get().position
    start = date(2026, 1, 1)
    payments.keep_right(PaymentRight(position=one, unit=school, right="certify", start=start), by=house)
    with pytest.raises(ValidationError) as refused:
        payments.keep_right(PaymentRight(position=one, unit=area, right="order", start=start), by=house)
    assert "position" in refused.value.message_dict
    payments.keep_right(PaymentRight(position=other, unit=area, right="order", start=start), by=house)
    payments.keep_right(PaymentRight(position=one, unit=world.units.other_school, right="order", start=start), by=house)
    assert PaymentRight.objects.count() == 3
    assert signed_in(house).get(reverse("economy:payment_rights")).status_code == 200


@pytest.mark.django_db
def test_a_budget_made_in_the_house_goes_out_and_comes_back_unchanged_from_any_source(house, load, world, signed_in):
    made = budgets.keep_version(Version(year=2026, name="Neste"), by=house)
    own = {"version": made, "unit": world.units.school, "cost_centre": "2110"}
    budgets.keep_post(Post(title="Lærer", pay=50_000_001, function="20200", **own), by=house)
    budgets.keep_detail(Detail(kind="16000", amount=-333, text="SFO; kort", **own), by=house)
    budgets.take_in(made, world.units.school, by=house)
    load("budget", HEAD + "3110;11000;20200;50;\n", year="2026", version="Neste", source="Lønn")
    phasing.phase(made, by=house)
    before = months(made)
    answer = signed_in(house).get(reverse("economy:version_file", args=[made.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    outcome = load("budget", text, year="2026", version="Neste")
    assert (outcome.refused, outcome.added) == (0, 0) and outcome.unchanged > 20 and months(made) == before
    less = "\n".join(text.splitlines()[:-1])
    assert any("andre kilder" in note for note in load("budget", less, year="2026", version="Neste", write=False).notes)


@pytest.mark.django_db
def test_who_comes_to_hold_both_rights_is_found(house, world, make, signed_in):
    school = world.units.school
    one, other = (make.holder("unit_manager", school) for _each in range(2))
    start, rights = date(2026, 1, 1), ("certify", "order")
    for person, right in zip((one, other), rights, strict=True):
        position = person.appointments.get().position
        payments.keep_right(PaymentRight(position=position, unit=school, right=right, start=start), by=house)
    address = reverse("economy:payment_rights")
    assert "både attestere og anvise" not in signed_in(house).get(address).text
    deputy = {"kind": "a_deputy", "start": date.today(), "end": date.today() + timedelta(days=30)}
    other.appointments.create(position=one.appointments.get().position, **deputy)
    assert "både attestere og anvise" in signed_in(house).get(address).text
