"""Processes that outlived their `serve`: known by a mark in their environment, since a pid may be another's now."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

MARK = "STYRHUS_SERVED_FROM"


def marked(data: Path) -> dict:
    """The environment for what serve starts, and for all that those start in turn."""
    return os.environ | {MARK: str(data)}


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


def end(pids, seconds):
    """Ask each to end, then make it."""
    for pid in pids:
        _signal(pid, signal.SIGTERM)
    last = time.monotonic() + seconds
    while any(map(_lives, pids)) and time.monotonic() < last:
        time.sleep(0.02)
    for pid in pids:
        _signal(pid, signal.SIGKILL)


def end_group(leader: int):
    """The rest of a process group whose leader has ended; the number stays taken for as long as the group lives."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _signal(pid, number):
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _lives(pid) -> bool:
    """A child of ours that has ended is a zombie until it is waited for."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
