"""Processes that outlived their `serve`: known by a mark in their environment, since a pid may be another's now."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from styrhus.engine import locks

MARK = "STYRHUS_SERVED_FROM"


def marked(data: Path) -> dict:
    """The environment for what serve starts, and for all that those start in turn."""
    # A process that sets its title (granian) would otherwise write it over its environment.
    return os.environ | {MARK: str(data), "SPT_NOENV": "1"}


def carriers(data: Path) -> list[int]:
    """Every process, but ourselves, that a serve of this data folder started."""
    mark = os.fsencode(f"{MARK}={data}")
    found = _carriers_in_proc(mark) if sys.platform == "linux" else _carriers_by_ps(mark)
    return [pid for pid in found if pid != os.getpid()]


def _carriers_in_proc(mark: bytes):
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _carries(folder, mark)]


def _carries(folder: Path, mark: bytes) -> bool:
    try:
        return mark in (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _carriers_by_ps(mark: bytes):
    shown = subprocess.run(["ps", "-axwwE", "-o", "pid=,command="], check=False, capture_output=True).stdout
    return [int(line.split()[0]) for line in shown.splitlines() if mark in line]


def end(data: Path, seconds: float):
    """Ask each to end, then make it. One that has ended carries nothing, even while nobody has waited for it."""
    for pid in carriers(data):
        _signal(pid, signal.SIGTERM)
    for _ in locks.patience(seconds, pause=0.02):
        if not carriers(data):
            return
    for pid in carriers(data):
        _signal(pid, signal.SIGKILL)


def end_group(leader: int):
    """The rest of a process group whose leader has ended; the number stays taken for as long as the group lives."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _signal(pid, number):
    with suppress(ProcessLookupError):
        os.kill(pid, number)
