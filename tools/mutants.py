"""`make mutants`: puts small faults into the rules, one at a time, and sees that a test of the same context fails.

mutmut leaves every decorated function alone, and nearly all that we do to things is `@transaction.atomic`; so this is
our own. A fault that no test notices is a missing test, or stands with its reason in tools/mutants_accepted.txt.
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))
from tools.mutating import Mutant, mutants_of  # noqa: E402 - found only now

ACCEPTED = TOP / "tools" / "mutants_accepted.txt"
RULES = ("models", "operations", "queries", "flow", "access")
# Rules whose proof lies with those who use them.
ALSO = {
    "styrhus/organisation/access.py": ["styrhus/items/tests/test_seeing.py"],
    "styrhus/items/queries.py": ["styrhus/home/tests", "styrhus/planning/tests"],
    "styrhus/planning/queries.py": ["styrhus/home/tests"],
}
PATIENCE = 3


@dataclass(frozen=True)
class Room:
    """A module of rules, and the tests that are to hold it."""

    path: str
    tests: list[str]


@dataclass(frozen=True)
class Clean:
    """A run without any fault: how long it took in seconds, and the tests that run each line."""

    seconds: float
    tests: dict[int, list[str]]

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that run what was changed; none when it is run only once for them all."""
        found = (self.tests.get(line, ()) for line in range(mutant.line, mutant.last_line + 1))
        return sorted({test for tests in found for test in tests})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="paths such as styrhus/items/flow.py; without any, every rule")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--tests", nargs="*", help="only these tests, where all of the context's take too long")
    chosen = parser.parse_args()
    places: SimpleQueue[Path] = SimpleQueue()
    for number in range(chosen.jobs):
        places.put(TOP / ".mutant-data" / str(number))
    rooms = [Room(path, chosen.tests or tests_of(path)) for path in chosen.modules or rules()]
    survived = [examine(room, places, chosen.jobs) for room in rooms]
    return 1 if any(survived) else 0


def rules() -> list[str]:
    found = (path for name in RULES for path in sorted((TOP / "styrhus").glob(f"*/{name}.py")))
    return [str(path.relative_to(TOP)) for path in found if (path.parent / "tests").exists()]


def tests_of(path: str) -> list[str]:
    return [str(Path(path).parent / "tests"), *ALSO.get(path, [])]


def examine(room: Room, places: SimpleQueue, jobs: int) -> int:
    """Runs the tests against each mutant of a module, and tells which of them survived. Returns how many."""
    path, source = room.path, (TOP / room.path).read_text()
    accepted = accepted_of(path)
    mutants = [mutant for mutant in mutants_of(source) if mutant.name not in accepted]
    clean = clean_run(room, places, jobs)
    print(f"{path}: {len(mutants)} mutants, {clean.seconds:.0f} s for the tests without one", flush=True)
    with ThreadPoolExecutor(jobs) as pool:
        killed = pool.map(lambda mutant: _killed(room, mutant, places, clean), mutants)
        survivors = []
        for mutant, is_killed in zip(mutants, killed, strict=True):
            if not is_killed:
                survivors.append(mutant)
                _tell(path, source, mutant)
    print(f"{path}: {len(survivors)} of {len(mutants)} survived, {len(accepted)} accepted", flush=True)
    return len(survivors)


def accepted_of(path: str) -> set[str]:
    """The names of the mutants of a module that are known to change nothing a test could see."""
    lines = ACCEPTED.read_text().splitlines()
    return {line.removeprefix(f"{path} ").split(" # ")[0].strip() for line in lines if line.startswith(f"{path} ")}


def clean_run(room: Room, places: SimpleQueue, jobs: int) -> Clean:
    """Makes each place's base, and runs the tests as they are: they must pass."""
    waiting = [places.get() for _ in range(jobs)]
    for place in waiting:
        kept, began = place.with_suffix(".json"), time.monotonic()
        kept.parent.mkdir(exist_ok=True)
        done = _run(room, place, {"MUTANT_LINES": str(kept)}, "--create-db")
        if done.returncode:
            raise SystemExit(f"The tests of {room.path} fail without any mutant:\n{done.stdout[-3000:]}")
        places.put(place)
    tests = json.loads(kept.read_text())
    return Clean(time.monotonic() - began, {int(line): names for line, names in tests.items()})


def _killed(room: Room, mutant: Mutant, places: SimpleQueue, clean: Clean) -> bool:
    """First the tests that run the line; what they let through, the rest may still see."""
    place = places.get()
    try:
        with tempfile.TemporaryDirectory() as folder:
            source, wanted = Path(folder) / "source.py", Path(folder) / "tests.json"
            source.write_text(mutant.source)
            wanted.write_text(json.dumps(clean.of(mutant)))
            told = {"MUTANT": str(source)}
            near = clean.of(mutant) and _fails(room, place, told | {"MUTANT_TESTS": str(wanted)}, clean)
            return bool(near) or _fails(room, place, told, clean)
    finally:
        places.put(place)


def _fails(room: Room, place: Path, told: dict, clean: Clean) -> bool:
    try:
        # 5: no test was chosen, so none has failed.
        return _run(room, place, told, timeout=PATIENCE * clean.seconds + 30).returncode not in (0, 5)
    except subprocess.TimeoutExpired:
        # It goes on for ever, or waits for itself: seen as well.
        return True


def _run(room: Room, place: Path, told: dict, *extra: str, timeout: float | None = None) -> subprocess.CompletedProcess:
    """The tests of a context up to the first that fails, on a base of their own that is kept between runs."""
    options = ["-x", "-n", "0", "--reuse-db", "-p", "no:cacheprovider", "-p", "tools.mutated", *extra]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-m", "not tour and not slow", *room.tests],
        cwd=TOP,
        env=os.environ | {"STYRHUS_DATA": str(place), "MUTANT_OF": room.path} | told,
        timeout=timeout,
        check=False,
        capture_output=True,
        text=True,
    )


def _tell(path: str, source: str, mutant: Mutant) -> None:
    print(f"\nSURVIVED {path}:{mutant.line}\n  {path} {mutant.name}")
    changed = difflib.unified_diff(source.splitlines(), mutant.source.splitlines(), lineterm="", n=1)
    print("\n".join(f"    {line}" for line in list(changed)[2:]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
