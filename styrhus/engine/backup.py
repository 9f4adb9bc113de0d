"""`styrhus backup` and `restore`: base and files as they were at one moment."""

import hashlib
import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from styrhus.engine import archive
from styrhus.engine.archive import CHUNK, Key, Lock
from styrhus.engine.installation import Installation, names, postgresql, row_counts, this_installation
from styrhus.engine.places import data_folder, ensure_private
from styrhus.engine.problem import Problem, tell
from styrhus.engine.restoring import FORMAT, read_manifest, restore_backup

DUMP_PIECE = 8 * CHUNK


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
        [[snapshot]] = connection.execute("SELECT pg_export_snapshot()")
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
        "rows": row_counts(connection),
        "parts": {},
    }


def _applied(connection) -> list[str]:
    if connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None:
        return []
    return [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def _stream(installation, snapshot, manifest):
    """Files first, so that a restore that is cut off has touched no base. They are listed after the snapshot was
    taken and never change, so every file that the base refers to is among them."""
    parts = manifest["parts"]
    for name in sorted(names(installation.storage)):
        yield from _file(installation.storage, name, parts)
    for number, piece in enumerate(_dump(installation.base, snapshot)):
        yield from _part(f"base/{number:06}", len(piece), [piece], parts)
    text = json.dumps(manifest, indent=1).encode()
    yield from archive.member("manifest.json", len(text), [text])
    yield archive.end_of_archive()


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
    with postgresql(base, command, stdout=subprocess.PIPE) as process:
        yield from iter(lambda: process.stdout.read(DUMP_PIECE), b"")
