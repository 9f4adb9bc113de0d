"""What the tests of the engine do and wait for."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg

from styrhus.engine.database import OwnDatabase
from styrhus.engine.places import PROGRAM


def until(condition, seconds=60):
    """Wait for something to become true; what it became is returned. The limit is for a busy machine."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {condition}")


def connect(database: OwnDatabase, **more):
    settings = database.django_settings()
    return psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"], **more
    )


def commit_rows(database: OwnDatabase, rows=1000):
    with connect(database) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS work (number int)")
        connection.execute("INSERT INTO work SELECT generate_series(1, %s)", [rows])


def committed_rows(database: OwnDatabase) -> int:
    with connect(database) as connection:
        return connection.execute("SELECT count(*) FROM work").fetchone()[0]


def holder(data: Path) -> subprocess.Popen:
    """Another process that uses the database until it is killed or its standard input closes."""
    return subprocess.Popen(
        [sys.executable, "-m", "styrhus.engine.tests.holder", data],
        cwd=PROGRAM,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready_holder(data: Path) -> subprocess.Popen:
    process = holder(data)
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def end(process: subprocess.Popen):
    process.kill()
    process.communicate()
