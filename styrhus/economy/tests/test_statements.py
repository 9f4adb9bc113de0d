"""Statements go up with the ledger, and with each other, to the øre."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from styrhus.economy import kostra
from styrhus.economy.queries.statements import columns
from styrhus.economy.statements import compute, statements

ARTS = st.sampled_from(sorted([*kostra.kinds(), "270", "14900"]))
LEDGER = st.dictionaries(ARTS, st.integers(-(10**12), 10**12), max_size=40)


@given(LEDGER)
def test_what_is_in_the_ledger_is_on_one_line_or_told_of_and_the_sign_is_turned_once(ledger):
    for statement in statements().values():
        computed = compute(statement, ledger)
        leaves = sum(computed.lines[line.number] for line in statement.lines if not line.is_sum)
        assert leaves == computed.lines[statement.result.number]
        assert leaves + sum(computed.unplaced.values()) == -sum(ledger.values())


@given(LEDGER)
def test_the_overview_by_appropriation_and_the_one_by_kind_come_to_the_same(ledger):
    granted = compute(statements()["operating_appropriations"], ledger)
    by_kind = compute(statements()["overview_by_kind"], ledger)
    # Net operating result, and what is carried forward.
    assert (granted.lines[17], granted.lines[25]) == (by_kind.lines[24], by_kind.lines[32])
    assert granted.unplaced == by_kind.unplaced


@pytest.mark.parametrize("name", ["operating_appropriations", "overview_by_kind", "investment_appropriations"])
def test_a_kind_stands_on_one_line_only_and_sums_only_look_up(name):
    lines = statements()[name].lines
    arts = [art for line in lines for art in line.arts]
    assert len(arts) == len(set(arts)) and set(arts) <= set(kostra.kinds())
    assert all(number < line.number for line in lines for number in line.sum_of)


def test_a_statement_by_hand():
    """Tax 900, transfers 400, pay 1,000, goods 200, depreciation 50 with its reversal, interest 30, instalments 40."""
    ledger = {"870": -900, "800": -400, "010": 1000, "120": 200, "590": 50, "990": -50, "500": 30, "510": 40}
    lines = compute(statements()["overview_by_kind"], ledger).lines
    assert (lines[9], lines[15], lines[16]) == (1300, -1250, 50)
    assert (lines[22], lines[23], lines[24], lines[32]) == (-70, 50, 30, 30)
    granted = compute(statements()["operating_appropriations"], ledger).lines
    assert (granted[5], granted[6], granted[7], granted[9]) == (1300, -1200, -50, 50)


@pytest.mark.django_db
def test_the_page_and_the_file_show_each_budget_and_what_is_on_no_line(load, world, signed_in):
    load("ledger", "konto;beløp\n10100;1000,50\n18700;-3000\n14900;7\n", year="2026")
    load("budget", "konto;beløp\n10100;900\n18700;-900\n", year="2026", version="Opprinnelig")
    load("budget", "konto;beløp\n10100;950\n18700;-950\n", year="2026", version="Regulert")
    shown = columns(statements()["overview_by_kind"], 2026)
    assert [column.label for column in shown] == ["Regnskap 2026", "Regulert 2026", "Opprinnelig 2026"]
    assert [(column.ledger, column.missing, column.of(32)) for column in shown] == [
        (199_250, -700, 199_950),
        (0, 0, 0),
        (0, 0, 0),
    ]
    client, address = signed_in(world.people.director), reverse("economy:statement", args=["overview_by_kind"])
    page = client.get(address).text
    assert "Kjøp av varer og tjenester" in page and "14900" in page and "1\u00a0999,50" in page
    assert client.get(address, {"format": "xlsx"}).status_code == 200
    assert client.get(reverse("economy:statement", args=["ukjent"])).status_code == 404
