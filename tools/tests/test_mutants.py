"""The faults that `make mutants` puts into a module: small, whole, and only where a rule is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
from tools.mutating import mutants_of  # noqa: E402 - found only now

SOURCE = '''
"""A module."""

class Thing:
    size = models.IntegerField(default=1)

    class Meta:
        ordering = ["-size"]

    @property
    def is_big(self) -> bool:
        """Bigger than three."""
        return self.size > 3  # ære være


def end(thing, *, by=None):
    if not by or thing.ended is not None:
        raise Refused("Ø")
    thing.ended = True
    found = Thing.objects.filter(size=1, until=None)
    tell(found)
    return found if thing else None
'''


def test_each_fault_is_one_place_in_a_program_that_still_reads():
    for mutant in mutants_of(SOURCE):
        compile(mutant.source, "thing.py", "exec")
        before, after = SOURCE.splitlines(), mutant.source.splitlines()
        changed = [place for place, lines in enumerate(zip(before, after, strict=True), 1) if lines[0] != lines[1]]
        assert changed == [mutant.line], mutant.name


@pytest.mark.parametrize(
    "name",
    [
        "Thing.is_big: self.size > 3 → self.size >= 3",
        "Thing.is_big: 3 → 4",
        "Thing.is_big: return self.size > 3 → return None",
        "end: not by → by",
        "end: thing.ended is not None → thing.ended is None",
        "end: not by or thing.ended is not None → not by and thing.ended is not None",
        'end: raise Refused("Ø") → pass',
        "end: thing.ended = True → pass",
        "end: True → False",
        "end: Thing.objects.filter(size=1, until=None) → Thing.objects.filter(until=None)",
        "end: Thing.objects.filter(size=1, until=None) → Thing.objects.filter(size=1)",
        "end: tell(found) → pass",
        "end: found if thing else None → found",
    ],
)
def test_what_a_rule_says_is_said_otherwise(name):
    assert name in {mutant.name for mutant in mutants_of(SOURCE)}


def test_fields_meta_words_and_notes_on_types_are_left_alone():
    names = {mutant.name for mutant in mutants_of(SOURCE)}
    assert not [name for name in names if "Field" in name or "ordering" in name or "bool" in name or "Bigger" in name]


@pytest.fixture
def room(tmp_path):
    (tmp_path / "rule.py").write_text("def big(size):\n    return size > 3\n")
    (tmp_path / "test_rule.py").write_text(
        "import rule\n\ndef test_three_is_small():\n    assert not rule.big(3)\n\ndef test_nothing():\n    pass\n"
    )
    return tmp_path


def run(room, **told):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tools.mutated", "-p", "no:cacheprovider", "-c", "none.ini"]
    path = {"PYTHONPATH": f"{TOP}:{room}", "MUTANT_OF": "rule.py", "PATH": "/usr/bin:/bin"}
    (room / "none.ini").write_text("[pytest]\n")
    return subprocess.run([*command, str(room)], cwd=room, env=path | told, capture_output=True, text=True, check=False)


def test_the_tests_that_run_a_line_are_written_down(room):
    assert run(room, MUTANT_LINES=str(room / "lines.json")).returncode == 0
    assert json.loads((room / "lines.json").read_text()) == {"2": ["test_rule.py::test_three_is_small"]}


def test_a_fault_is_met_by_the_tests_and_never_written_into_the_file(room):
    before = (room / "rule.py").read_text()
    (room / "fault.py").write_text(before.replace(">", ">="))
    assert run(room, MUTANT=str(room / "fault.py")).returncode == 1
    assert (room / "rule.py").read_text() == before


def test_only_the_chosen_tests_are_run(room):
    (room / "fault.py").write_text((room / "rule.py").read_text().replace(">", ">="))
    (room / "chosen.json").write_text(json.dumps(["test_rule.py::test_nothing"]))
    assert run(room, MUTANT=str(room / "fault.py"), MUTANT_TESTS=str(room / "chosen.json")).returncode == 0
