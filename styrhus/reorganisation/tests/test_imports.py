"""Reorganisations from a file: history stays, and a second load changes nothing."""

from datetime import date, timedelta

import pytest

from styrhus.kit.loading import Source, Wanted, guess, kinds, run
from styrhus.organisation.models import Unit, UnitKind
from styrhus.organisation.queries import tree, units_on
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.trail.operations import undo

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = date(2024, 1, 1)
RENUMBERED = ["dato;kode;ny kode", "01.01.2024;3001;3101", "01.01.2024;3002;3103"]


@pytest.fixture
def municipalities(db):
    old = {"since": date(2020, 1, 1), "kind": UnitKind.MUNICIPALITY}
    return {
        code: Unit.objects.create(name=name, code=code, **old) for code, name in (("3001", "Halden"), ("3002", "Moss"))
    }


@pytest.fixture
def load(tmp_path):
    def load(*lines, write=True):
        file = tmp_path / "file.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        kind = kinds()["reorganisations"]
        return run(Wanted(kind, [Source(file, file.name)], TODAY, lambda table: guess(kind, table.header), write))

    return load


def counts(outcome) -> tuple:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.refused


def codes(on) -> list[str]:
    return sorted(unit.code for unit in units_on(on))


def test_new_codes_hold_from_their_day_and_the_day_before_has_the_old(municipalities, load):
    assert counts(load(*RENUMBERED)) == (2, 0, 0, 0)
    assert codes(DAY - timedelta(days=1)) == ["3001", "3002"]
    assert codes(DAY) == codes(TODAY) == ["3101", "3103"]


def test_a_second_load_changes_nothing(municipalities, load):
    load(*RENUMBERED)
    assert counts(load(*RENUMBERED)) == (0, 0, 2, 0)
    assert Reorganisation.objects.count() == 1


def test_a_dry_run_says_the_same_and_leaves_nothing(municipalities, load):
    assert counts(load(*RENUMBERED, write=False)) == (2, 0, 0, 0)
    assert codes(TODAY) == ["3001", "3002"]
    assert not Reorganisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_load_is_undone_as_a_whole_with_its_history(municipalities, load):
    outcome = load(*RENUMBERED)
    undo(outcome.transaction, outcome.at)
    assert codes(DAY) == codes(TODAY) == ["3001", "3002"]
    assert not Reorganisation.objects.exists()
    assert all(unit.periods.count() == 1 for unit in Unit.objects.all())


def test_a_date_to_come_is_planned(municipalities, load):
    soon = TODAY + timedelta(days=30)
    lines = ["dato;kode;ny kode", f"{soon};3001;3101"]
    assert counts(load(*lines)) == (1, 0, 0, 0)
    assert Reorganisation.objects.get().is_planned
    assert codes(TODAY) == ["3001", "3002"]
    assert counts(load(*lines)) == (0, 0, 1, 0)


def test_every_sort_of_change_that_a_file_may_hold(municipalities, load):
    lines = [
        "dato;endring;kode;ny kode;nytt navn;overordnet;etterfølger",
        "2024-01-01;create;;9000;Fylket;;",
        "2024-01-01;move;3001;;;9000;",
        "2024-01-01;merge;3002;;;;3001",
    ]
    assert counts(load(*lines)) == (3, 0, 0, 0)
    assert [(node.unit.name, node.depth) for node in tree()] == [("Fylket", 0), ("Halden", 1)]
    assert municipalities["3002"].successions.get().new == municipalities["3001"]
    assert counts(load(*lines)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    "line",
    [
        "2024-01-01;rename;4444;1;;;",
        "2024-01-01;rename;;1;;;",
        "2024-01-01;create;;1;;;",
        "2024-01-01;merge;3001;;;;",
        "2024-01-01;merge;3001;;;;4444",
        "2024-01-01;move;3001;;;4444;",
        "2024-01-01;move;3001;;;3001;",
        "2024-01-01;split;3001;;;;",
        "2024-01-01;rename;3001;3002;;;",
        "2010-01-01;rename;3001;3101;;;",
        "i fjor;rename;3001;3101;;;",
    ],
)
def test_what_cannot_be_done_is_refused_with_its_line_and_nothing_is_done(municipalities, load, line):
    outcome = load("dato;endring;kode;ny kode;nytt navn;overordnet;etterfølger", line)
    assert [told["line"] for told in outcome.refusals] == [2]
    assert codes(TODAY) == ["3001", "3002"]
    assert not Change.objects.exists()


def test_a_day_without_a_day_before_it_refuses_its_row(municipalities, load):
    assert counts(load(RENUMBERED[0], "0001-01-01;3001;3101"))[-1] == 1
