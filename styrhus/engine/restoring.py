"""Read a backup, all of it before anything is done, and restore it."""

import hashlib
import json
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg

from styrhus.engine import archive
from styrhus.engine.archive import CHUNK, Key
from styrhus.engine.installation import TABLES, Installation, names, postgresql, row_counts
from styrhus.engine.problem import Problem

FORMAT = 1


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
    with postgresql(
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
    for name in names(installation.storage):
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
    """When pg_restore gives up it closes its ears; what it said is told by `postgresql`."""

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
        found = row_counts(connection)
    if found != manifest["rows"]:
        differing = [table for table in manifest["rows"] | found if found.get(table) != manifest["rows"].get(table)]
        raise Problem(f"The restored base differs from the backup in {', '.join(differing)}.")
