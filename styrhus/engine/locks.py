"""Locks that the kernel lets go of when their holder ends, however it ends."""

import fcntl
import os
import time
from contextlib import contextmanager
from pathlib import Path

from styrhus.engine.problem import Problem, tell


def open_lock(path: Path) -> int:
    """A file descriptor to lock on; closing it (in every process that inherited it) frees the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def share(lock: int):
    fcntl.flock(lock, fcntl.LOCK_SH)


def take(lock: int) -> bool:
    """Take it for oneself if nobody else has it; never waits."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(path: Path) -> bool:
    lock = open_lock(path)
    try:
        return take(lock)
    finally:
        os.close(lock)


@contextmanager
def held(path: Path, *, seconds: float):
    """Hold the lock for the block, after waiting at most so many seconds for whoever has it."""
    lock = open_lock(path)
    try:
        for waited in patience(seconds, pause=0.02):
            if take(lock):
                break
            if waited:
                tell(f"Waiting for another start or stop of this database ({waited:.0f} s).")
        else:
            raise Problem(f"Another process has been starting or stopping this database for {seconds:.0f} s.")
        yield
    finally:
        os.close(lock)


def patience(seconds: float, *, pause: float, every: float = 5):
    """Rounds of a wait: yields 0, and each few seconds the time waited so far, so that a person can be told."""
    began = time.monotonic()
    told = 0.0
    while (waited := time.monotonic() - began) < seconds:
        if waited - told >= every:
            told = waited
            yield waited
        else:
            yield 0
        time.sleep(pause)
