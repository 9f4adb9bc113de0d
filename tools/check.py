"""Every check that is not a test, one line each; exit 1 when one finds something."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STYRHUS = [sys.executable, "-m", "styrhus.engine.command_line"]
CHECKS = {
    "layout (ruff format)": [sys.executable, "-m", "ruff", "format", "--check", "-q", "."],
    "lint (ruff)": [sys.executable, "-m", "ruff", "check", "-q", "."],
    "layers (import-linter)": [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
    "types (mypy)": [sys.executable, "-m", "mypy", "config", "styrhus"],
    "settings (styrhus check)": [*STYRHUS, "check", "--fail-level", "WARNING"],
    "migrations": [*STYRHUS, "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "tools/messages.py", "check"],
}


def main() -> int:
    """Two at a time, told in their order."""
    with ThreadPoolExecutor(2) as workers:
        return 1 if sum(map(_tell, CHECKS, workers.map(_run, CHECKS.values()))) else 0


def _run(command: list[str]) -> tuple[subprocess.CompletedProcess, float]:
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    return done, time.monotonic() - began


def _tell(name: str, outcome: tuple[subprocess.CompletedProcess, float]) -> bool:
    """Whether it failed."""
    done, seconds = outcome
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-3000:], sep="")
    return done.returncode != 0


def _environment() -> dict:
    data = str(Path(__file__).resolve().parents[1] / ".test-data")
    return os.environ | {"STYRHUS_ENVIRONMENT": "test", "STYRHUS_DATA": os.environ.get("STYRHUS_DATA", data)}


if __name__ == "__main__":
    sys.exit(main())
