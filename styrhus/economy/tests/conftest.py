"""A cost centre for a school, and files to load."""

from datetime import date

import pytest

from styrhus.economy.models import Code, Dimension
from styrhus.kit.loading import Source, Wanted, guess, kinds, run


@pytest.fixture
def centre(world):
    """`centre("2110", unit)`: a cost centre of a unit."""

    def make(code: str, unit=None, **more) -> Code:
        fields = {"first_year": 2000, "unit": unit or world.units.school} | more
        return Code.objects.create(dimension=Dimension.COST_CENTRE, code=code, **fields)

    return make


@pytest.fixture
def load(tmp_path):
    """`load("ledger", "art;beløp\\n…", year="2026")`: what came of it."""

    def load(name: str, content: str, *, write=True, source="", leave_stray=False, **same):
        file = tmp_path / "tall.csv"
        file.write_text(content)
        kind = kinds()[name]
        asked = Wanted(kind, [Source(file, file.name)], date.today(), lambda table: guess(kind, table.header), write)
        asked.same, asked.source, asked.leave_stray = same, source, leave_stray
        return run(asked)

    return load
