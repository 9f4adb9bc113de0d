"""What a backup is made of and restored into: a base and a storage of files."""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata

import psycopg
from psycopg import pq, sql

from styrhus.engine.account import client
from styrhus.engine.problem import Problem

TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Installation:
    """What is backed up: how to connect (libpq's words), the storage of files, and the migrations the program knows."""

    base: dict
    storage: object
    migrations: frozenset[str] = frozenset()
    version: str = ""


def this_installation() -> Installation:
    """Needs Django set up."""
    from django.conf import settings
    from django.core.files.storage import default_storage
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return Installation(
        base=_libpq(settings.DATABASES["default"]),
        storage=default_storage,
        migrations=frozenset(f"{app}.{name}" for app, name in loader.disk_migrations),
        version=metadata.version("styrhus"),
    )


def _libpq(database: dict) -> dict:
    """Without Django's own options: a time limit for statements is for people's requests."""
    words = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"options"}
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    base = {word: database.get(setting) for word, setting in named.items()}
    base |= {word: value for word, value in database.get("OPTIONS", {}).items() if word in words}
    return {word: value for word, value in base.items() if value}


def row_counts(connection) -> dict:
    """By counting: estimates would not show a loss."""
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        counts[f"{schema}.{table}"] = connection.execute(count).fetchone()[0]
    return counts


def names(storage, folder=""):
    """Every file in the storage, however deep."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from names(storage, f"{folder}{name}/")


@contextmanager
def postgresql(base, command, **streams):
    """A PostgreSQL program on this base; the password goes by the environment, where `ps` does not show it."""
    address = psycopg.conninfo.make_conninfo(**{word: base[word] for word in base if word != "password"})
    environment = os.environ | ({"PGPASSWORD": base["password"]} if "password" in base else {})
    command = [client(command[0]), *command[1:], f"--dbname={address}"]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, stderr=said, **streams)
        try:
            yield process
            code = process.wait()
        finally:
            process.kill()
            process.wait()
        if code != 0:
            said.seek(0)
            raise Problem(said.read().strip()[-600:])
