"""The files of one PostgreSQL server, and its processes: made, started, asked, stopped."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg

from styrhus.engine import account as accounts
from styrhus.engine.account import Account
from styrhus.engine.places import ensure_private, write_private
from styrhus.engine.problem import Problem, tell

SUPERUSER = "postgres"
ROLE = "styrhus"
PORT = "5432"
SOCKET = f".s.PGSQL.{PORT}"
# What the kernel allows a socket's path, in bytes, on the tightest system we may meet (macOS).
LONGEST_SOCKET_PATH = 103

# The log must hold no personal data: terse leaves out the values of rows, panic leaves out the statements.
SETTINGS = """\
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_connections = 100
max_wal_size = 1GB
checkpoint_timeout = 10min
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_timezone = 'UTC'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
"""


@dataclass(frozen=True)
class Cluster:
    """`home` holds `database` (the data), `socket` and `run` (locks and settings)."""

    home: Path
    account: Account

    @property
    def files(self) -> Path:
        return self.home / "database"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.files / "log"

    @cached_property
    def programs(self) -> Path:
        return accounts.programs(self.account)

    @property
    def socket(self) -> Path:
        return socket_folder(self.home)

    def prepare(self):
        """Folders as they must be; the account may pass through home and run and owns the rest."""
        for folder in (self.home, self.run):
            ensure_private(folder)
            if not self.account.is_own:
                os.chown(folder, -1, self.account.gid)
                folder.chmod(0o710)
        self._prepare_socket()

    def _prepare_socket(self):
        folder = self.socket
        if not folder.exists() and _can_hold_socket(folder):
            self.give(_made_at(folder))
        if not _can_hold_socket(folder) or not self._is_closed(folder):
            folder = self._short_folder()
            write_private(self.run / "socket-folder", str(folder))

    def _short_folder(self) -> Path:
        """A long path, or one with a comma (which separates hosts for libpq), gets a socket elsewhere."""
        if not self.account.is_own:
            return self.give(Path(tempfile.mkdtemp(dir=accounts.state_folder(), prefix="socket-")))
        for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp below
            if parent and os.access(parent, os.W_OK) and _can_hold_socket(Path(parent, "styrhus-12345678")):
                return Path(tempfile.mkdtemp(dir=parent, prefix="styrhus-"))
        raise Problem(f"The path {self.home} is too long for a database socket: choose a shorter STYRHUS_DATA.")

    def give(self, folder: Path) -> Path:
        if not self.account.is_own:
            os.chown(folder, self.account.uid, self.account.gid)
        return folder

    def _is_closed(self, folder: Path) -> bool:
        """A folder under /tmp is only ours if nobody could have put it there before us."""
        found = folder.lstat()
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid
        return mine and stat.S_IMODE(found.st_mode) == 0o700

    # Running

    def check(self):
        """Refuse files that this PostgreSQL or this account must not touch."""
        found = self.files.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
            raise Problem(
                f"{self.files} does not belong to the account {self.account.name}: start Styrhus as its owner, "
                "or as root with STYRHUS_DATABASE_ACCOUNT naming the owner."
            )
        version = (self.files / "PG_VERSION").read_text().strip()
        if version != str(accounts.MAJOR):
            raise Problem(
                f"The database in {self.files} was made by PostgreSQL {version}, and this version of Styrhus carries "
                f"PostgreSQL {accounts.MAJOR}. Nothing was touched. Make a backup with the version you came from "
                "(styrhus backup), move the folder aside, then restore the backup with this version (styrhus restore)."
            )

    def start(self, lock: int) -> subprocess.Popen:
        """The server inherits the lock, and so do all its processes: the lock is free when the last has gone."""
        self._forget_the_dead()
        self._write_settings()
        with os.fdopen(os.open(self.run / "start.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
            return subprocess.Popen(
                [self.programs / "postgres", "-D", self.files, *self._forced()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock],
                start_new_session=True,
                **self.account.how_to_run(),
            )

    def _forget_the_dead(self):
        """PostgreSQL believes a leftover pid as soon as any process has that number; the free lock knows better."""
        for left in (self.files / "postmaster.pid", self.socket / SOCKET, self.socket / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)

    def _forced(self):
        """On the command line, so that no file or ALTER SYSTEM can open the server to others."""
        quoted = str(self.socket).replace('"', '""')
        forced = {
            "config_file": self.run / "postgresql.conf",
            "hba_file": self.run / "pg_hba.conf",
            "ident_file": self.run / "pg_ident.conf",
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": f'"{quoted}"',
            "unix_socket_permissions": "0700",
            "fsync": "on",
        }
        return [part for name, value in forced.items() for part in ("-c", f"{name}={value}")]

    def _write_settings(self):
        """Owned by us, only read by the account: what lies in its own folder it could change."""
        users = {self.account.name, *(["root"] if not self.account.is_own else [])}
        ident = "".join(f'styrhus "{user}" {role}\n' for user in sorted(users) for role in (ROLE, SUPERUSER))
        written = {
            "postgresql.conf": SETTINGS,
            "pg_hba.conf": "local all all peer map=styrhus\n",
            "pg_ident.conf": ident,
        }
        for name, text in written.items():
            write_private(self.run / name, text, mode=0o640, group=self.account.gid)

    def ask(self) -> str:
        """Why the server does not answer; nothing when it does and is ours."""
        try:
            with psycopg.connect(**self.address(SUPERUSER, "postgres"), connect_timeout=5) as connection:
                [[serves]] = connection.execute("SHOW data_directory")
        except psycopg.OperationalError as error:
            return str(error).strip().splitlines()[0]
        if Path(serves).resolve() != self.files.resolve():
            raise Problem(f"The server at {self.socket} serves {serves}, not {self.files}.")
        return ""

    def address(self, user=ROLE, database=ROLE) -> dict:
        return {"host": str(self.socket), "port": PORT, "user": user, "dbname": database}

    def is_out_of_reach(self) -> bool:
        """Ready, but its socket has been removed: nobody will ever get in."""
        said = self._postmaster_file()
        return len(said) > 7 and said[7].strip() == "ready" and not (self.socket / SOCKET).exists()

    # Ending

    def send(self, signal_name: str):
        """As the account itself: a pid read from its folder must never be signalled with root's right."""
        if pid := self.postmaster():
            command: list[str | Path] = [self.programs / "pg_ctl", "kill", signal_name, str(pid)]
            subprocess.run(command, check=False, capture_output=True, **self.account.how_to_run())

    def postmaster(self) -> int | None:
        """The living postmaster of these files."""
        said = self._postmaster_file()
        pid = int(said[0]) if said and said[0].isdigit() else 0
        return pid if pid and self._works_here(pid) else None

    def _postmaster_file(self) -> list[str]:
        """Line by line: pid, data folder, start, port, socket folder, address, memory key, state."""
        return _lines(self.files / "postmaster.pid")

    def processes(self) -> list[int]:
        """Every process that works on these files, where the system can tell."""
        pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
        return [pid for pid in pids if self._works_here(pid)]

    def _works_here(self, pid: int) -> bool:
        """A PostgreSQL process stands in its data folder; elsewhere than on Linux its command line must do."""
        if sys.platform == "linux":
            try:
                return Path(f"/proc/{pid}/cwd").readlink() == self.files.resolve()
            except OSError:
                return False
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True)
        return "postgres" in shown.stdout and str(self.files) in shown.stdout

    def last_words(self) -> str:
        """What the server said when it did not start."""
        logs = sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        lines = [line for path in [self.run / "start.log", *logs[-1:]] for line in _lines(path)]
        grave = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        return (grave or lines or ["it said nothing"])[-1]

    def remove(self):
        for folder in (self.files, self.socket):
            if folder.exists():
                aside = folder.with_name(f"{folder.name}-removed-{os.getpid()}")
                folder.rename(aside)
                shutil.rmtree(aside)
        (self.run / "socket-folder").unlink(missing_ok=True)


def socket_folder(home: Path) -> Path:
    """Only read: where the socket is, or will be."""
    try:
        return Path((home / "run" / "socket-folder").read_text())
    except OSError:
        return home / "socket"


def _can_hold_socket(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH and "," not in str(folder)


def _made_at(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    folder.chmod(0o700)
    return folder


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []


def say_waiting(reason: str, waited: float):
    tell(f"Waiting for the database ({waited:.0f} s): {reason}")
