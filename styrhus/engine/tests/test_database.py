"""The own database: made once, shared, stopped by its last user, and nothing committed lost however anyone ends."""

import contextlib
import os
import signal
import subprocess
import threading

import psycopg
import pytest

from styrhus.engine.database import OwnDatabase
from styrhus.engine.problem import Problem
from styrhus.engine.tests.conftest import clear
from styrhus.engine.tests.steps import commit_rows, committed_rows, connect, end, holder, ready_holder, until


def shown(connection, name):
    return connection.execute(f"SHOW {name}").fetchone()[0]


def test_server_is_durable_and_not_on_the_network(database):
    with connect(database) as connection:
        assert shown(connection, "fsync") == "on"
        assert shown(connection, "data_checksums") == "on"
        assert shown(connection, "listen_addresses") == ""
        assert shown(connection, "server_encoding") == "UTF8"
        assert connection.execute("SELECT lower('ÆØÅ')").fetchone()[0] == "æøå"


def test_program_is_not_superuser_but_may_make_a_test_database(database):
    with connect(database) as connection:
        row = connection.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False, True)


def test_last_user_stops_the_server(database):
    second = OwnDatabase(database.data)
    second.acquire()
    database.release()
    assert second.alive()
    second.release()
    assert second.cluster.processes() == []


def test_using_it_twice_is_using_it_once(database):
    database.acquire()
    database.release()
    assert not database.alive()


def test_two_folders_are_two_databases(database, folder):
    other = folder / "other"
    try:
        with OwnDatabase(other) as second:
            commit_rows(database)
            with connect(second) as connection:
                assert connection.execute("SELECT to_regclass('work')").fetchone()[0] is None
    finally:
        clear(other)


def test_processes_that_start_at_once_share_one_server(data):
    holders = [holder(data) for _ in range(4)]
    try:
        assert [each.stdout.readline() for each in holders] == ["ready\n"] * 4
        assert len(list(data.glob("database*"))) == 1
    finally:
        for each in holders:
            end(each)


def test_killed_holder_loses_nothing_and_the_next_user_stops_the_server(data):
    killed = ready_holder(data)
    database = OwnDatabase(data)
    commit_rows(database)
    end(killed)
    database.acquire()
    assert committed_rows(database) == 1000
    database.release()
    assert database.cluster.processes() == []


def test_killed_postmaster_loses_nothing(database):
    commit_rows(database)
    os.kill(database.cluster.postmaster(), signal.SIGKILL)
    until(lambda: not database.alive())
    database.revive()
    assert committed_rows(database) == 1000


def test_killed_backend_loses_nothing(database):
    commit_rows(database)
    with contextlib.suppress(psycopg.OperationalError), connect(database) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.execute("SELECT pg_sleep(5)")
    until(lambda: database.cluster.ask() == "")
    assert committed_rows(database) == 1000


def test_start_waits_for_a_backend_that_outlives_its_postmaster(database):
    commit_rows(database)
    busy = connect(database)
    running = threading.Thread(target=_count_long, args=[busy])
    running.start()
    until(lambda: _is_busy(database, busy.info.backend_pid))
    os.kill(database.cluster.postmaster(), signal.SIGKILL)
    until(lambda: not database.alive())
    assert busy.info.backend_pid in database.cluster.processes()
    database.revive()
    assert busy.info.backend_pid not in database.cluster.processes()
    running.join()
    assert committed_rows(database) == 1000


def _count_long(connection):
    """Busy in the processor, so that the backend does not notice at once that its postmaster has gone."""
    with contextlib.suppress(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 4000000) a WHERE md5(a::text) = ''")


def _is_busy(database, pid):
    with connect(database) as connection:
        query = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = %s"
        return connection.execute(query, [pid]).fetchone()[0]


def test_leftover_pid_that_is_another_process_now_is_not_believed(database):
    commit_rows(database)
    pid_file = database.cluster.files / "postmaster.pid"
    words = pid_file.read_text()
    database.release()
    stranger = subprocess.Popen(["sleep", "60"], user=database.cluster.account.uid)
    try:
        pid_file.write_text(words.replace(words.split("\n")[0], str(stranger.pid), 1))
        (database.cluster.socket / ".s.PGSQL.5432.lock").write_text(pid_file.read_text())
        database.acquire()
        assert committed_rows(database) == 1000
        assert stranger.poll() is None
    finally:
        end(stranger)


def test_start_killed_while_making_the_database_is_harmless(data):
    killed = holder(data)
    until(lambda: list(data.glob("database-new-*/base/1")))
    end(killed)
    with OwnDatabase(data) as database:
        commit_rows(database)
        assert list(data.glob("database-new-*")) == []
        assert database.cluster.files.exists()


def test_recovery_after_a_kill_in_a_large_copy_is_waited_for(database):
    commit_rows(database)
    with contextlib.suppress(psycopg.OperationalError):
        _copy_until_killed(database)
    database.revive()
    assert committed_rows(database) == 1000


def _copy_until_killed(database):
    with connect(database) as connection, connection.cursor().copy("COPY work FROM STDIN") as copy:
        for _ in range(400):
            copy.write("1234567\n" * 10_000)
        for pid in database.cluster.processes():
            os.kill(pid, signal.SIGKILL)


def test_server_whose_socket_folder_was_removed_is_started_again(database):
    commit_rows(database)
    socket = database.cluster.socket
    for left in socket.iterdir():
        left.unlink()
    socket.rmdir()
    with OwnDatabase(database.data) as second:
        assert committed_rows(second) == 1000


def test_folder_as_long_as_a_path_may_be(folder):
    data = folder / ("long" * 40)
    try:
        with OwnDatabase(data) as database:
            commit_rows(database)
            socket = database.cluster.socket
            assert len(str(socket)) < 100
            assert socket.stat().st_mode & 0o777 == 0o700
            assert OwnDatabase(data).django_settings()["HOST"] == str(socket)
    finally:
        clear(data)


def test_folder_with_every_odd_sign(folder):
    data = folder / 'plan, og "mål" i \'År $HOME `x`'
    try:
        with OwnDatabase(data) as database:
            commit_rows(database)
    finally:
        clear(data)


def test_files_of_another_version_are_refused_untouched(database):
    database.release()
    (database.cluster.files / "PG_VERSION").write_text("17\n")
    with pytest.raises(Problem, match=r"PostgreSQL 17.*backup"):
        database.acquire()
    assert database.cluster.processes() == []
    (database.cluster.files / "PG_VERSION").write_text("18\n")
    database.acquire()
    assert database.alive()


def test_damaged_files_are_told_plainly(database):
    database.release()
    control = database.cluster.files / "global" / "pg_control"
    whole = control.read_bytes()
    control.write_bytes(b"\0" * len(whole))
    with pytest.raises(Problem, match="did not start"):
        database.acquire()
    assert database.cluster.processes() == []


def test_database_in_use_is_not_destroyed(database):
    with pytest.raises(Problem, match="in use"):
        OwnDatabase(database.data).destroy()
    assert database.alive()
