"""Nobody else on the machine comes in: not by the folders, not by the socket, and root's home is not opened up."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from styrhus.engine import account as accounts
from styrhus.engine import places
from styrhus.engine.account import Account
from styrhus.engine.database import OwnDatabase
from styrhus.engine.problem import Problem
from styrhus.engine.tests.conftest import clear
from styrhus.engine.tests.steps import commit_rows

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs a second account to try as")


def stranger() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def psql_as(account: Account, database: OwnDatabase, role):
    program = accounts.programs(account) / "psql"
    command = [program, "-h", database.cluster.socket, "-U", role, "-d", "styrhus", "-c", "SELECT 1"]
    return subprocess.run(command, check=False, capture_output=True, text=True, **account.how_to_run())


@as_root
@pytest.mark.parametrize("role", ["styrhus", "postgres"])
def test_another_account_is_stopped_by_the_folders(database, role):
    tried = psql_as(stranger(), database, role)
    assert tried.returncode == 2
    assert "Permission denied" in tried.stderr


@as_root
@pytest.mark.parametrize("role", ["styrhus", "postgres"])
def test_another_account_is_refused_even_through_open_folders(database, role):
    socket = database.cluster.socket
    for opened in (database.data, socket, socket / ".s.PGSQL.5432"):
        opened.chmod(0o777)
    tried = psql_as(stranger(), database, role)
    assert tried.returncode == 2
    assert "Peer authentication failed" in tried.stderr


@as_root
def test_another_account_reads_no_file(database):
    for path in (database.cluster.files, database.cluster.run / "pg_hba.conf", database.cluster.socket):
        assert not stranger().can_run("/bin/ls", path)


@as_root
def test_server_of_root_runs_without_privileges(database):
    owners = set()
    for pid in database.cluster.processes():
        # A worker of the server may have ended meanwhile.
        with suppress(FileNotFoundError):
            owners.add(Path(f"/proc/{pid}").stat().st_uid)
    assert owners == {database.cluster.account.uid} != {0}


@as_root
def test_folder_below_a_closed_one_stays_closed():
    closed = Path(tempfile.mkdtemp())
    data = closed / "checkout" / ".data"
    try:
        with OwnDatabase(data) as database:
            commit_rows(database)
            assert database.cluster.home.is_relative_to(accounts.STATE)
        assert closed.stat().st_mode & 0o777 == 0o700
        with OwnDatabase(data) as again:
            assert again.cluster.home == database.cluster.home
    finally:
        clear(data)
        shutil.rmtree(closed)
    assert not database.cluster.home.exists()


@as_root
def test_copied_folder_does_not_take_the_database_of_the_first():
    closed = Path(tempfile.mkdtemp())
    data, copy = closed / "data", closed / "copy"
    try:
        with OwnDatabase(data):
            shutil.copytree(data, copy)
        with pytest.raises(Problem, match="is a copy of"):
            OwnDatabase(copy).acquire()
        shutil.rmtree(copy)
        data.rename(copy)
        with OwnDatabase(copy) as moved:
            assert moved.alive()
    finally:
        clear(copy)
        shutil.rmtree(closed)


@as_root
def test_programs_below_a_closed_folder_are_copied_and_run(monkeypatch):
    closed = Path(tempfile.mkdtemp())
    try:
        wheel = closed / accounts.WHEEL
        shutil.copytree(accounts.wheel_folder(), wheel, ignore=shutil.ignore_patterns("include", "pginstall"))
        libraries = accounts.wheel_folder().with_name(f"{accounts.WHEEL}.libs")
        shutil.copytree(libraries, closed / libraries.name)
        monkeypatch.syspath_prepend(closed)
        programs = accounts.programs(stranger())
        assert programs.is_relative_to(accounts.STATE)
        assert stranger().can_run(programs / "postgres", "--version")
    finally:
        shutil.rmtree(closed)


@as_root
def test_account_must_exist_and_have_no_privileges(monkeypatch):
    monkeypatch.setenv("STYRHUS_DATABASE_ACCOUNT", "no-such-account")
    with pytest.raises(Problem, match="no such account"):
        accounts.server_account()
    monkeypatch.setenv("STYRHUS_DATABASE_ACCOUNT", "root")
    with pytest.raises(Problem, match="without privileges"):
        accounts.server_account()


@as_root
def test_folder_of_another_account_is_refused(folder):
    theirs = folder / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, stranger().uid, -1)
    with pytest.raises(Problem, match="another account"):
        OwnDatabase(theirs).acquire()


def test_folder_open_to_others_is_closed(folder):
    (folder / "open").mkdir(mode=0o755)
    places.ensure_private(folder / "open")
    assert (folder / "open").stat().st_mode & 0o777 == 0o700


def test_symbolic_link_is_refused(folder):
    (folder / "link").symlink_to("/tmp")
    with pytest.raises(Problem, match="symbolic link"):
        places.ensure_private(folder / "link")


def test_secret_key_is_made_once_and_closed(folder):
    first = places.secret_key(folder / "data")
    assert len(first) >= 50
    assert places.secret_key(folder / "data") == first
    assert (folder / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert places.is_demo_key(folder / "data", first)
    assert not places.is_demo_key(folder / "data", first[::-1])


def test_data_folder_is_the_one_named(monkeypatch, folder):
    monkeypatch.setenv("STYRHUS_DATA", str(folder / "here"))
    assert places.data_folder() == folder / "here"
    monkeypatch.delenv("STYRHUS_DATA")
    assert places.data_folder() == places.PROGRAM / ".data"
