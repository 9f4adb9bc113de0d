"""Backup and restore: what went in comes out, and a bad archive touches nothing."""

import subprocess
import sys
import tarfile
from dataclasses import replace

import psycopg
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from styrhus.engine import archive, backup
from styrhus.engine.archive import Key, Lock
from styrhus.engine.backup import write_backup
from styrhus.engine.database import OwnDatabase
from styrhus.engine.installation import TABLES, Installation, names
from styrhus.engine.places import PROGRAM
from styrhus.engine.problem import Problem
from styrhus.engine.restoring import read_manifest, restore_backup
from styrhus.engine.tests.conftest import clear

FILES = {"ab/abc": b"protokoll", "cd/cde": b"", "large": bytes(range(256)) * 20_000}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("backup") / "data"
    with OwnDatabase(data) as database:
        yield database
    clear(data)


def new_base(server, name):
    settings = server.django_settings()
    base = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": name}
    with psycopg.connect(**base | {"dbname": "styrhus"}, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return base


@pytest.fixture
def original(server, tmp_path):
    storage = FileSystemStorage(location=tmp_path / "files")
    for name, content in FILES.items():
        storage.save(name, ContentFile(content))
    base = new_base(server, "original")
    with psycopg.connect(**base) as connection:
        connection.execute("CREATE SCHEMA economy CREATE TABLE ledger (line int PRIMARY KEY, text text)")
        connection.execute("INSERT INTO economy.ledger SELECT n, 'Bærum ' || n FROM generate_series(1, 50000) n")
        connection.execute("CREATE TABLE django_migrations (id serial, app text, name text)")
        connection.execute("INSERT INTO django_migrations (app, name) VALUES ('items', '0001_item')")
    return Installation(base, storage, frozenset({"items.0001_item"}), "1.0")


@pytest.fixture
def empty(server, tmp_path):
    storage = FileSystemStorage(location=tmp_path / "restored")
    return Installation(new_base(server, "restored"), storage, frozenset({"items.0001_item"}), "1.0")


def ledger(installation):
    with psycopg.connect(**installation.base) as connection:
        query = "SELECT count(*), md5(string_agg(text, ',' ORDER BY line)) FROM economy.ledger"
        return connection.execute(query).fetchone()


def contents(storage):
    return {name: storage.open(name).read() for name in names(storage)}


def is_untouched(installation):
    with psycopg.connect(**installation.base) as connection:
        return not connection.execute(TABLES).fetchone() and contents(installation.storage) == {}


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """An age key pair: the file that opens, and the public key that closes."""
    made = pyrage.x25519.Identity.generate()
    file = tmp_path_factory.mktemp("key") / "key.txt"
    file.write_text(f"# created: today\n{made}\n")
    return file, str(made.to_public())


def closings(identity):
    file, public = identity
    return {
        "open": (Lock(), Key()),
        "key": (Lock(recipients=(public,)), Key(identity=file)),
        "passphrase": (Lock(passphrase="svært hemmelig"), Key(passphrase="svært hemmelig")),
    }


# A passphrase costs two seconds each time, which is its purpose; it is tried where it makes a difference.
@pytest.fixture(params=["open", "key"])
def closing(request, identity):
    return closings(identity)[request.param]


@pytest.mark.parametrize("closed_by", ["open", "key", "passphrase"])
def test_restored_installation_is_the_one_backed_up(original, empty, identity, tmp_path, closed_by):
    lock, key = closings(identity)[closed_by]
    written = write_backup(original, tmp_path / "backup", lock)
    restored = restore_backup(empty, tmp_path / "backup", key)
    assert restored == written
    assert restored["rows"] == {"economy.ledger": 50000, "public.django_migrations": 1}
    assert ledger(empty) == ledger(original)
    assert contents(empty.storage) == FILES


def test_backup_is_closed_to_others_and_leaves_nothing_else(original, tmp_path):
    write_backup(original, tmp_path / "backup", Lock())
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"files", "backup"}


def test_encrypted_backup_shows_nothing(original, identity, tmp_path):
    write_backup(original, tmp_path / "backup", Lock(recipients=(identity[1],)))
    assert b"protokoll" not in (tmp_path / "backup").read_bytes()


def test_backup_is_of_one_moment(original, empty, tmp_path, monkeypatch):
    """A row that is added while the files are being read is in neither the counts nor the dump."""
    storage = original.storage

    class BusyStorage(type(storage)):
        def open(self, name, mode="rb"):
            with psycopg.connect(**original.base) as connection:
                connection.execute("INSERT INTO economy.ledger SELECT max(line) + 1, 'later' FROM economy.ledger")
            return super().open(name, mode)

    busy = replace(original, storage=BusyStorage(location=storage.location))
    write_backup(busy, tmp_path / "backup", Lock())
    assert ledger(original)[0] > 50000
    restore_backup(empty, tmp_path / "backup", Key())
    assert ledger(empty)[0] == 50000


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9999])
def test_cut_off_backup_is_refused_and_nothing_is_done(original, empty, closing, tmp_path, kept):
    lock, key = closing
    whole = tmp_path / "backup"
    write_backup(original, whole, lock)
    size = whole.stat().st_size
    # A plain tar ends in empty blocks, which are no loss.
    with whole.open("r+b") as file:
        file.truncate(min(int(size * kept), size - 3000))
    with pytest.raises(Problem, match=r"damaged|cut off"):
        restore_backup(empty, whole, key)
    assert is_untouched(empty)


def test_changed_backup_is_refused_and_nothing_is_done(original, empty, closing, tmp_path):
    lock, key = closing
    whole = tmp_path / "backup"
    write_backup(original, whole, lock)
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 1
    whole.write_bytes(content)
    with pytest.raises(Problem, match="damaged"):
        restore_backup(empty, whole, key)
    assert is_untouched(empty)


def test_wrong_passphrase_and_wrong_key_are_told(original, empty, identity, tmp_path):
    stranger = tmp_path / "stranger.txt"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    for number, (lock, key, told) in enumerate(
        [
            (Lock(passphrase="rett"), Key(passphrase="galt"), "does not open"),
            (Lock(passphrase="rett"), Key(), "STYRHUS_BACKUP_PASSPHRASE"),
            (Lock(recipients=(identity[1],)), Key(identity=stranger), "does not open"),
            (Lock(recipients=(identity[1],)), Key(), "--identity"),
        ]
    ):
        path = tmp_path / f"backup-{number}"
        write_backup(original, path, lock)
        with pytest.raises(Problem, match=told):
            restore_backup(empty, path, key)
    assert is_untouched(empty)


def test_file_that_is_no_backup_is_told(empty, tmp_path):
    (tmp_path / "letter").write_text("Kjære kommune")
    with pytest.raises(Problem, match="not a backup"):
        read_manifest(tmp_path / "letter", Key())
    with pytest.raises(Problem, match="no such file"):
        read_manifest(tmp_path / "nothing", Key())


def forged(described: tarfile.TarInfo, path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.addfile(described)


@pytest.mark.parametrize("kind", [tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_archive_with_anything_but_files_is_refused(empty, tmp_path, kind):
    described = tarfile.TarInfo("files/ab")
    described.type, described.linkname = kind, "elsewhere"
    forged(described, tmp_path / "backup")
    with pytest.raises(Problem, match="files/ab"):
        restore_backup(empty, tmp_path / "backup", Key())
    assert is_untouched(empty)


@pytest.mark.parametrize("name", ["files/../../way/out", "/etc/passwd", "files//ab", "files/./ab", ".."])
def test_archive_with_a_way_out_is_refused(empty, tmp_path, name):
    forged(tarfile.TarInfo(name), tmp_path / "backup")
    with pytest.raises(Problem, match="no backup of Styrhus"):
        restore_backup(empty, tmp_path / "backup", Key())
    assert is_untouched(empty)


def test_restore_into_a_used_base_is_refused(original, tmp_path):
    write_backup(original, tmp_path / "backup", Lock())
    with pytest.raises(Problem, match="database is not empty"):
        restore_backup(original, tmp_path / "backup", Key())
    assert ledger(original)[0] == 50000


def test_restore_among_other_files_is_refused(original, empty, tmp_path):
    write_backup(original, tmp_path / "backup", Lock())
    empty.storage.save("ab/other", ContentFile(b"another's"))
    with pytest.raises(Problem, match="files are not empty"):
        restore_backup(empty, tmp_path / "backup", Key())


def test_restore_that_was_cut_off_can_be_repeated(original, empty, tmp_path):
    write_backup(original, tmp_path / "backup", Lock())
    empty.storage.save("ab/abc", ContentFile(FILES["ab/abc"]))
    restore_backup(empty, tmp_path / "backup", Key())
    assert contents(empty.storage) == FILES


def test_backup_of_a_newer_version_is_refused(original, empty, tmp_path):
    write_backup(original, tmp_path / "backup", Lock())
    with pytest.raises(Problem, match="newer version"):
        restore_backup(replace(empty, migrations=frozenset({"items.0000_older"})), tmp_path / "backup", Key())
    assert is_untouched(empty)


def test_failed_backup_leaves_no_file(original, tmp_path):
    with pytest.raises(Problem, match="not an age public key"):
        write_backup(original, tmp_path / "backup", Lock(recipients=("age1nonsense",)))
    assert {path.name for path in tmp_path.iterdir()} == {"files"}


def test_existing_file_is_not_replaced(original, tmp_path):
    (tmp_path / "backup").write_text("yesterday's")
    with pytest.raises(Problem, match="exists already"):
        write_backup(original, tmp_path / "backup", Lock())


def test_plain_tar_reads_the_archive(original, tmp_path):
    """In ten years without our program: any tar and any pg_restore will do."""
    write_backup(original, tmp_path / "backup", Lock())
    listed = subprocess.run(["tar", "tf", tmp_path / "backup"], check=True, capture_output=True, text=True).stdout
    assert listed.splitlines() == ["files/ab/abc", "files/cd/cde", "files/large", "base/000000", "manifest.json"]


def test_nothing_is_written_unencrypted_in_production_unasked(monkeypatch):
    for name in ("STYRHUS_BACKUP_RECIPIENTS", "STYRHUS_BACKUP_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STYRHUS_ENVIRONMENT", "production")
    with pytest.raises(Problem, match="--unencrypted"):
        backup.backup(None)


READER = """
import sys
from pathlib import Path
from styrhus.engine import archive
def visit(name, content):
    while content.read(archive.CHUNK):
        pass
archive.read(Path(sys.argv[1]), archive.Key(identity=Path(sys.argv[2])), visit)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_stays_flat(tmp_path, identity):
    """A large file passes through in pieces, and nothing but the piece at hand is kept (in kB: 150 of 200 MB)."""
    file, public = identity
    pieces = (b"\0" * archive.CHUNK for _ in range(200))
    with (tmp_path / "film").open("wb") as film:
        archive.write(film, archive.member("files/film", 200 * archive.CHUNK, pieces), Lock(recipients=(public,)))
    reading = [sys.executable, "-c", READER, tmp_path / "film", file]
    used = subprocess.run(reading, check=True, capture_output=True, text=True, cwd=PROGRAM).stdout
    assert int(used) < 150_000
