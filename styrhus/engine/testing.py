"""
Loaded first by pytest: tests run on the program's own PostgreSQL, in a data folder of their own.

The base is migrated once and kept under a name that says by which migrations. Every worker's base is a copy of it, and
after a test that committed it holds again what migrations put there, for the next test too.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg

TOP = Path(__file__).resolve().parents[2]
os.environ["STYRHUS_ENVIRONMENT"] = "test"
os.environ.setdefault("STYRHUS_DATA", str(TOP / ".test-data"))
from styrhus.engine.cluster import SUPERUSER  # noqa: E402
from styrhus.engine.database import OwnDatabase  # noqa: E402
from styrhus.engine.places import data_folder  # noqa: E402

MIGRATED, MIGRATING = "styrhus_migrated_", "styrhus_migrating"
IS_OWN = not os.environ.get("DATABASE_URL")
_database = OwnDatabase(data_folder())
_filled: dict[str, bytes] = {}


def pytest_configure(config):
    if not IS_OWN:
        return
    _database.acquire()
    if not hasattr(config, "workerinput"):
        _make_migrated_base()


def pytest_unconfigure(config):
    if IS_OWN:
        _database.release()


def pytest_sessionstart():
    """In every worker, before Django makes its base."""
    from django.db import connection
    from django.test import TransactionTestCase

    if IS_OWN:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_base()
        _keep_what_migrations_filled()
        TransactionTestCase._fixture_teardown = _put_back  # type: ignore[attr-defined]


def migrated_base() -> str:
    """The name of the base as the migrations of now make it."""
    files = sorted(TOP.glob("styrhus/*/migrations/*.py"))
    imported = {
        name for file in files for name in re.findall(r"(?m)^(?:from|import) (styrhus[\w.]+)", file.read_text())
    }
    files += [TOP / "requirements.txt", *(TOP / f"{name.replace('.', '/')}.py" for name in sorted(imported))]
    return MIGRATED + hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _make_migrated_base():
    """Renamed when it is whole; those of other migrations go."""
    with psycopg.connect(**_address("postgres"), autocommit=True) as server:
        kept = [
            name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'styrhus_migr%'")
        ]
        if migrated_base() in kept:
            return
        for name in kept:
            server.execute(f"DROP DATABASE {name}")
        server.execute(f"CREATE DATABASE {MIGRATING}")
        _migrate(MIGRATING)
        server.execute(f"ALTER DATABASE {MIGRATING} RENAME TO {migrated_base()}")


def _migrate(base: str):
    socket = quote(_address(base)["host"], safe="")
    command = [sys.executable, "-m", "styrhus.engine.command_line", "migrate", "--verbosity", "0"]
    address = f"postgresql://{_address(base)['user']}@{socket}:{_address(base)['port']}/{base}"
    subprocess.run(command, cwd=TOP, env=os.environ | {"DATABASE_URL": address}, check=True)


def _address(base: str) -> dict:
    settings = _database.django_settings()
    return {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": base}


def _tables(base: psycopg.Connection) -> list[str]:
    found = base.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found if name != "django_migrations"]


def _rows_of(base: psycopg.Connection, table: str) -> bytes:
    with base.cursor().copy(f"COPY {table} TO STDOUT") as rows:
        return b"".join(bytes(part) for part in rows)


def _keep_what_migrations_filled():
    with psycopg.connect(**_address(migrated_base())) as base:
        _filled.update((table, rows) for table in _tables(base) if (rows := _rows_of(base, table)))


def _put_back(_test_case):
    """In the place of Django's flush, which is slower and also empties what migrations filled."""
    from django.db import connection

    with psycopg.connect(**_address(connection.settings_dict["NAME"]) | {"user": SUPERUSER}) as base:
        # Neither keys nor the trail's triggers: every table is emptied.
        base.execute("SET session_replication_role = replica")
        base.execute(";".join(f"DELETE FROM {table}" for table in _tables(base)))  # noqa: S608
        for table, rows in _filled.items():
            with base.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
