"""A cost centre for a school, and files to load."""

import pytest

from styrhus.economy.models import Code, Dimension
from styrhus.imports.models import Import
from styrhus.imports.operations import load_files
from styrhus.kit.loading import Source, guess, kinds


@pytest.fixture
def centre(world):
    """`centre("2110", unit)`: a cost centre of a unit."""

    def make(code: str, unit=None, **more) -> Code:
        fields = {"first_year": 2000, "unit": unit or world.units.school} | more
        return Code.objects.create(dimension=Dimension.COST_CENTRE, code=code, **fields)

    return make


@pytest.fixture
def load(tmp_path):
    """`load("ledger", "art;beløp\\n…", year="2026")`: what came of it, and the import."""

    def load(kind: str, content: str | bytes, *, name="tall.csv", write=True, source="", leave_stray=False, **same):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        of = Import(kind=kind, source=source, same=same, leave_stray=leave_stray)
        mapping = lambda table: guess(kinds()[kind], table.header)  # noqa: E731
        return load_files(of, [Source(file, name)], mapping=mapping, write=write), of

    return load
