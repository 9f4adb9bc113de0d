"""A month of accounts: loaded once, replaced by a later file, and taken back."""

from decimal import Decimal

import pytest

from styrhus.economy.models import Code, Extract, Line
from styrhus.imports.models import Import
from styrhus.imports.operations import load_files, take_back
from styrhus.kit.loading import Source, guess, kinds

MARCH = (
    "ansvar;art;arttekst;funksjon;måned;beløp;tekst\n"
    "2110;10100;Fastlønn;20200;3;1 000,50;Lønn\n"
    "2110;16000;;20200;3;-400,25;\n"
)


@pytest.fixture
def load(tmp_path):
    """`load(text)`: what came of it, and the import."""

    def load(content: str, write=True):
        file = tmp_path / "tall.csv"
        file.write_text(content)
        of = Import(kind="ledger", same={"year": "2026"})
        mapping = lambda table: guess(kinds()["ledger"], table.header)  # noqa: E731
        return load_files(of, [Source(file, file.name)], mapping=mapping, write=write), of

    return load


def counts(outcome) -> tuple:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.refused


def standing() -> list[tuple]:
    return list(Extract.objects.standing().order_by("month").values_list("month", "lines", "total"))


@pytest.mark.django_db(transaction=True)
def test_a_month_is_loaded_once_replaced_by_a_later_file_and_taken_back(load):
    assert counts(load(MARCH, write=False)[0]) == (2, 0, 0, 0)
    assert not Extract.objects.exists()
    first, of = load(MARCH)
    assert first.totals["amount"]["sum"] == Decimal("600.25")
    assert standing() == [(3, 2, 60_025)]
    again, _of = load(MARCH)
    assert counts(again) == (0, 0, 2, 0) and standing() == [(3, 2, 60_025)]
    assert Line.objects.count() == 2
    corrected, later = load(MARCH + "2110;11000;;20200;3;100;\n")
    assert counts(corrected) == (3, 0, 0, 0) and standing() == [(3, 3, 70_025)]
    assert "600,25" in corrected.notes[0] and "700,25" in corrected.notes[0]
    take_back(of, by=None)
    of.refresh_from_db()
    assert of.state == "loaded" and "mars 2026" in of.problem
    take_back(later, by=None)
    assert standing() == [(3, 2, 60_025)]
    take_back(of, by=None)
    assert standing() == [] and not Code.objects.exists()
