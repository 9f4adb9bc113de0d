"""`styrhus backup` and `restore`: base and files as they were at one moment."""

import hashlib
import itertools
import json
import os
import subprocess
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import pq, sql

from styrhus.engine import archive
from styrhus.engine.account import client
from styrhus.engine.archive import CHUNK, Key, Lock
from styrhus.engine.places import data_folder, ensure_private
from styrhus.engine.problem import Problem, tell

FORMAT = 1
DUMP_PIECE = 8 * CHUNK
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
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(connection, ignore_no_initial=True).disk_migrations
    connection.close()
    return Installation(
        base=_libpq(settings.DATABASES["default"]),
        storage=default_storage,
        migrations=frozenset(f"{app}.{name}" for app, name in known),
        version=metadata.version("styrhus"),
    )


def _libpq(database: dict) -> dict:
    """Without Django's own options: a time limit for statements is for people's requests."""
    words = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"options"}
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    base = {word: database.get(setting) for word, setting in named.items()}
    base |= {word: value for word, value in database.get("OPTIONS", {}).items() if word in words}
    return {word: value for word, value in base.items() if value}


def lock_from_environment() -> Lock:
    recipients = os.environ.get("STYRHUS_BACKUP_RECIPIENTS", "")
    passphrase = os.environ.get("STYRHUS_BACKUP_PASSPHRASE", "")
    return Lock(tuple(part.strip() for part in recipients.split(",") if part.strip()), passphrase)


def key_from(identity) -> Key:
    return Key(Path(identity) if identity else None, os.environ.get("STYRHUS_BACKUP_PASSPHRASE", ""))


# The commands


def backup(file, *, unencrypted=False):
    lock = Lock() if unencrypted else lock_from_environment()
    if not lock:
        _allow_unencrypted(unencrypted)
    path = Path(file) if file else _usual_place(lock)
    manifest = write_backup(this_installation(), path, lock)
    print(f"{path}: {_summary(manifest)}")


def _allow_unencrypted(asked):
    if os.environ.get("STYRHUS_ENVIRONMENT", "production") == "production" and not asked:
        raise Problem(
            "A backup holds everything, so it is encrypted: set STYRHUS_BACKUP_RECIPIENTS (age public keys) or "
            "STYRHUS_BACKUP_PASSPHRASE, or say --unencrypted."
        )
    tell("The backup is not encrypted: whoever gets hold of it reads everything in it.")


def _usual_place(lock) -> Path:
    folder = ensure_private(data_folder() / "backups")
    return folder / f"styrhus-{datetime.now():%Y-%m-%dT%H%M%S}.tar{'.age' if lock else ''}"


def verify(file, identity):
    print(f"{file} is whole: {_summary(read_manifest(Path(file), key_from(identity)))}")


def restore(file, identity):
    manifest = restore_backup(this_installation(), Path(file), key_from(identity))
    print(f"Restored {_summary(manifest)}. Now run: styrhus migrate")


def _summary(manifest) -> str:
    files = sum(name.startswith("files/") for name in manifest["parts"])
    return (
        f"{sum(manifest['rows'].values())} rows in {len(manifest['rows'])} tables, {files} files, of {manifest['made']}"
    )


# Writing


def write_backup(installation: Installation, path: Path, lock: Lock) -> dict:
    """Write the archive, whole or not at all, and return its manifest."""
    if path.exists():
        raise Problem(f"{path} exists already.")
    with psycopg.connect(**installation.base) as connection, _new_file(path) as file:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        manifest = _manifest(installation, connection)
        archive.write(file, _stream(installation, snapshot, manifest), lock)
    return manifest


@contextmanager
def _new_file(path: Path):
    number, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).rename(path)
    finally:
        Path(fresh).unlink(missing_ok=True)


def _manifest(installation, connection) -> dict:
    return {
        "format": FORMAT,
        "version": installation.version,
        "postgresql": connection.info.server_version // 10000,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": _applied(connection),
        "rows": _row_counts(connection),
        "parts": {},
    }


def _applied(connection) -> list[str]:
    if connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None:
        return []
    return [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def _row_counts(connection) -> dict:
    """By counting: estimates would not show a loss."""
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        counts[f"{schema}.{table}"] = connection.execute(count).fetchone()[0]
    return counts


def _stream(installation, snapshot, manifest):
    """Files first, so that a restore that is cut off has touched no base. They are listed after the snapshot was
    taken and never change, so every file that the base refers to is among them."""
    parts = manifest["parts"]
    for name in sorted(_names(installation.storage)):
        yield from _file(installation.storage, name, parts)
    for number, piece in enumerate(_dump(installation.base, snapshot)):
        yield from _part(f"base/{number:06}", len(piece), [piece], parts)
    text = json.dumps(manifest, indent=1).encode()
    yield from archive.member("manifest.json", len(text), [text])
    yield archive.end_of_archive()


def _names(storage, folder=""):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from _names(storage, f"{folder}{name}/")


def _file(storage, name, parts):
    """A file that is thrown away while we read (an old export) is not in the snapshot either."""
    try:
        size = storage.size(name)
        opened = storage.open(name, "rb")
    except FileNotFoundError:
        return
    with opened:
        yield from _part(f"files/{name}", size, opened.chunks(CHUNK), parts)


def _part(name, size, content, parts):
    sum_ = hashlib.sha256()

    def summed():
        for chunk in content:
            sum_.update(chunk)
            yield chunk

    yield from archive.member(name, size, summed())
    parts[name] = sum_.hexdigest()


def _dump(base, snapshot):
    command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges"]
    with _postgresql(base, command, stdout=subprocess.PIPE) as process:
        yield from iter(lambda: process.stdout.read(DUMP_PIECE), b"")


@contextmanager
def _postgresql(base, command, **streams):
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


# Reading


def read_manifest(path: Path, key: Key) -> dict:
    """Read the whole archive and compare every part with its sum. Raises Problem."""
    found, sums = [], {}

    def visit(name, content):
        if name == "manifest.json":
            found.append(json.load(content))
        else:
            sums[name] = hashlib.file_digest(content, "sha256").hexdigest()

    archive.read(path, key, visit)
    if not found:
        raise Problem(f"{path} is cut off: its end is missing.")
    if found[0]["parts"] != sums:
        raise Problem(f"{path} is damaged: what it holds is not what was put into it.")
    return found[0]


def restore_backup(installation: Installation, path: Path, key: Key) -> dict:
    """Into an empty base and storage, after the whole archive was read once and found sound. Raises Problem."""
    manifest = read_manifest(path, key)
    _refuse_newer(installation, manifest)
    _refuse_used(installation, manifest)
    archive.read(path, key, lambda name, content: _restore_file(installation.storage, name, content))
    with _postgresql(
        installation.base,
        ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"],
        stdin=subprocess.PIPE,
    ) as process:
        _feed(process, path, key)
    _compare(installation, manifest)
    return manifest


def _refuse_newer(installation, manifest):
    unknown = set(manifest["migrations"]) - installation.migrations
    if manifest["format"] > FORMAT or (unknown and installation.migrations):
        raise Problem(f"The backup was made by a newer version of Styrhus ({manifest['version']}): install that one.")


def _refuse_used(installation, manifest):
    """Files of this very backup may be there already: they are from a restore that was cut off."""
    with psycopg.connect(**installation.base) as connection:
        if connection.execute(TABLES).fetchone():
            raise Problem("The database is not empty: restore only into a new one.")
    for name in _names(installation.storage):
        if _sum(installation.storage, name) != manifest["parts"].get(f"files/{name}"):
            raise Problem(f"The files are not empty ({name}): restore only into a new installation.")


def _sum(storage, name) -> str:
    with closing(storage.open(name, "rb")) as file:
        sum_ = hashlib.sha256()
        for chunk in file.chunks(CHUNK):
            sum_.update(chunk)
        return sum_.hexdigest()


def _restore_file(storage, name, content):
    from django.core.files import File

    folder, _, stored = name.partition("/")
    if folder != "files" or storage.exists(stored):
        return
    if storage.save(stored, File(content, name=stored)) != stored:
        raise Problem(f"{stored} could not be stored under its own name.")


def _feed(process, path, key):
    """When pg_restore gives up it closes its ears; what it said is told by `_postgresql`."""

    def visit(name, content):
        if name.startswith("base/"):
            for chunk in iter(lambda: content.read(CHUNK), b""):
                process.stdin.write(chunk)

    try:
        archive.read(path, key, visit)
        process.stdin.close()
    except BrokenPipeError:
        pass


def _compare(installation, manifest):
    with psycopg.connect(**installation.base) as connection:
        found = _row_counts(connection)
    if found != manifest["rows"]:
        differing = [
            table
            for table in itertools.chain(manifest["rows"], found)
            if found.get(table) != manifest["rows"].get(table)
        ]
        raise Problem(f"The restored base differs from the backup in {', '.join(sorted(set(differing)))}.")
