"""
The program's own PostgreSQL server: nothing to install, nothing to configure, closed to everybody else.

Who is using it is a matter of locks, which the kernel frees however a process ends:
`server.lock` is inherited by the server's processes, so it is free only when none of them lives;
`users.lock` is shared by everyone who uses the server, so whoever can have it alone was the last and stops it;
`start.lock` lets one process at a time start or stop.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from styrhus.engine import account as accounts
from styrhus.engine import locks
from styrhus.engine.cluster import PORT, ROLE, Cluster, say_waiting, socket_folder
from styrhus.engine.making import make
from styrhus.engine.places import ensure_private, write_private
from styrhus.engine.problem import Problem

# A recovery after a power cut is waited for as long as the server lives; one without a server is no recovery.
LONGEST_RECOVERY = 600
LONGEST_FAREWELL = 60


class OwnDatabase:
    """One installation's server: the first user starts it, the last one stops it."""

    def __init__(self, data: Path):
        self.data = Path(data)
        self._use: int | None = None
        self._server: subprocess.Popen | None = None

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_):
        self.release()

    def django_settings(self) -> dict:
        """For DATABASES. Reads only: neither starts nor makes anything."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": ROLE,
            "USER": ROLE,
            "HOST": str(socket_folder(home_of(self.data))),
            "PORT": PORT,
        }

    def acquire(self):
        """Use the server until `release`, started if need be. Raises Problem."""
        if self._use is not None:
            return
        self.cluster = _cluster_for(self.data)
        with self._turn():
            self._use = locks.open_lock(self.cluster.run / "users.lock")
            locks.share(self._use)
            self._start_or_leave()

    def revive(self):
        """Start the server again after it died under us."""
        with self._turn():
            self._ensure_running()

    def release(self):
        """Stop using the server; the last user stops it."""
        if self._use is None:
            return
        with self._turn():
            self._leave()

    def alive(self) -> bool:
        if self._server is not None and self._server.poll() is not None:
            return False
        return self.cluster.postmaster() is not None and not locks.is_free(self.cluster.run / "server.lock")

    def destroy(self):
        """Remove the server and everything in it. Raises Problem while anyone uses it."""
        self.cluster = _cluster_for(self.data)
        with self._turn():
            if not self._is_unused():
                raise Problem("The database is in use: stop Styrhus first.")
            self._stop()
            self.cluster.remove()
            if self.cluster.home != self.data:
                shutil.rmtree(self.cluster.home)
                (self.data / "run" / "database-home").unlink()

    def _turn(self):
        return locks.held(self.cluster.run / "start.lock", seconds=LONGEST_RECOVERY + LONGEST_FAREWELL)

    def _start_or_leave(self):
        try:
            self._ensure_running()
        except BaseException:
            self._leave()
            raise

    def _leave(self):
        if self._use is not None:
            os.close(self._use)
        self._use = None
        if self._is_unused():
            self._stop()

    def _is_unused(self) -> bool:
        return locks.is_free(self.cluster.run / "users.lock")

    # Starting

    def _ensure_running(self):
        self._server = None
        reason = ""
        for waited in locks.patience(LONGEST_RECOVERY, pause=0.02):
            self._start_if_none()
            reason = self.cluster.ask()
            if not reason:
                return
            if self.cluster.is_out_of_reach():
                self.cluster.send("INT")
            if waited:
                self._say_why(reason, waited)
        raise Problem(f"The database did not answer within {LONGEST_RECOVERY} s: {reason}")

    def _start_if_none(self):
        lock = locks.open_lock(self.cluster.run / "server.lock")
        try:
            if locks.take(lock):
                self._start(lock)
        finally:
            os.close(lock)

    def _start(self, lock: int):
        if self._server is not None:
            raise Problem(f"The database did not start: {self.cluster.last_words()}")
        if not self.cluster.files.exists():
            make(self.cluster, lock)
        self.cluster.check()
        self._server = self.cluster.start(lock)

    def _say_why(self, reason, waited):
        """Told each few seconds; processes that stay behind without a postmaster are given up."""
        if self.cluster.postmaster():
            return say_waiting(reason, waited)
        if waited < LONGEST_FAREWELL:
            return say_waiting("processes of an earlier server are still ending", waited)
        pids = ", ".join(map(str, self.cluster.processes())) or "unknown"
        raise Problem(f"Processes of an earlier database server do not end (pids {pids}). End them, then start again.")

    # Stopping

    def _stop(self):
        """Fast, so that everybody's transaction is rolled back; at once, if that takes too long; by force last."""
        # The first is asked again each second: a server that is just starting has no pid to be asked by.
        for signal_name, seconds in (*[("INT", 1)] * 6, ("QUIT", 5), ("KILL", 10)):
            self.cluster.send(signal_name)
            if self._has_gone(seconds):
                return
        pids = ", ".join(map(str, self.cluster.processes())) or "unknown"
        raise Problem(f"The database server does not end (pids {pids}).")

    def _has_gone(self, seconds) -> bool:
        for _ in locks.patience(seconds, pause=0.01):
            if self._server is not None:
                self._server.poll()  # or it stays behind as a zombie
            if locks.is_free(self.cluster.run / "server.lock"):
                return True
        return False


def home_of(data: Path) -> Path:
    """Where the cluster of this data folder lives; only read."""
    try:
        return Path((data / "run" / "database-home").read_text())
    except OSError:
        return data


def _cluster_for(data: Path) -> Cluster:
    ensure_private(data)
    ensure_private(data / "run")
    account = accounts.server_account()
    if home_of(data) == data and not account.is_own and not _can_reach(account, data):
        _live_elsewhere(data)
    cluster = Cluster(home_of(data), account)
    cluster.prepare()
    _check_owner(data, cluster)
    return cluster


def _can_reach(account, data: Path) -> bool:
    """Whether the account comes as far as the data folder, once its group may pass through that one folder."""
    os.chown(data, -1, account.gid)
    data.chmod(0o710)
    if account.can_run("/bin/sh", "-c", 'cd -- "$1"', "sh", data):
        return True
    if (data / "database").exists():
        raise Problem(f"The account {account.name} cannot reach {data}: open its parent folders or move it.")
    return False


def _live_elsewhere(data: Path):
    name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    write_private(data / "run" / "database-home", str(accounts.state_folder() / name))


def _check_owner(data: Path, cluster: Cluster):
    """A copied data folder still points to the database of the one it was copied from."""
    if cluster.home == data:
        return
    note = cluster.run / "data-folder"
    owner = Path(note.read_text()) if note.exists() else data
    if owner.resolve() != data.resolve() and owner.exists():
        raise Problem(
            f"{data} is a copy of {owner}, and the database belongs to that one. Remove {data}/run to begin with an "
            "empty database, and restore a backup into it."
        )
    write_private(note, str(data))
