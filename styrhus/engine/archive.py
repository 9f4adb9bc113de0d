"""
The backup's file: a tar stream, encrypted with age, written and read in one pass each and with flat memory.

Without our program: `age -d -i keyfile backup.tar.age | tar x`, then `cat base/* | pg_restore`. A backup for a
passphrase begins with an age key in text form that the passphrase opens, and the rest is encrypted for that key:
`sed '/END AGE/q' FILE | age -d > keyfile`, then `sed '1,/END AGE/d' FILE | age -d -i keyfile | tar x`.
"""

import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyrage

from styrhus.engine.problem import Problem

BLOCK = 512
CHUNK = 1024 * 1024
END_OF_KEY = b"-----END AGE ENCRYPTED FILE-----\n"


@dataclass(frozen=True)
class Lock:
    """What a backup is closed with; nothing at all leaves it open."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def __bool__(self):
        return bool(self.recipients or self.passphrase)


@dataclass(frozen=True)
class Key:
    """What a backup is opened with."""

    identity: Path | None = None
    passphrase: str = ""


# Writing


def member(name: str, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    """One file of the tar stream. Raises Problem when it is not of the size that was promised."""
    yield _header(name, size)
    written = 0
    for chunk in content:
        written += len(chunk)
        yield chunk
    if written != size:
        raise Problem(f"{name} changed while it was read: {written} bytes instead of {size}.")
    yield b"\0" * (-size % BLOCK)


def _header(name, size) -> bytes:
    described = tarfile.TarInfo(name)
    described.size = size
    return described.tobuf(tarfile.PAX_FORMAT)


def end_of_archive() -> bytes:
    return b"\0" * (2 * BLOCK)


def write(file: IO[bytes], stream: Iterable[bytes], lock: Lock):
    if not lock:
        for chunk in stream:
            file.write(chunk)
        return
    pyrage.encrypt_io(_Source(stream), file, _recipients(file, lock))


def _recipients(file, lock: Lock) -> list:
    if lock.recipients:
        return [_recipient(text) for text in lock.recipients]
    identity = pyrage.x25519.Identity.generate()
    file.write(pyrage.passphrase.encrypt(str(identity).encode(), lock.passphrase, armored=True))
    return [identity.to_public()]


def _recipient(text):
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Problem(f"STYRHUS_BACKUP_RECIPIENTS: {text} is not an age public key (age1…).") from error


class _Source:
    """Chunks of any size, read as a file."""

    def __init__(self, chunks):
        self._chunks = iter(chunks)
        self._left = b""

    def read(self, size) -> bytes:
        while not self._left:
            try:
                self._left = next(self._chunks)
            except StopIteration:
                return b""
        given, self._left = self._left[:size], self._left[size:]
        return given


# Reading


def read(path: Path, key: Key, visit: Callable[[str, IO[bytes]], None]):
    """Show every file of the archive to `visit`, in order. Raises Problem when it cannot be opened or is not whole."""
    try:
        with (
            path.open("rb") as file,
            _opened(file, key) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            for described in tar:
                if not _is_ours(described):
                    raise Problem(f"{path} is no backup of Styrhus: {described.name!r} in it is not a file of one.")
                visit(described.name, cast(IO[bytes], tar.extractfile(described)))
    except FileNotFoundError as error:
        raise Problem(f"{path}: there is no such file.") from error
    except (tarfile.TarError, EOFError) as error:
        raise Problem(f"{path} is damaged or not a backup of Styrhus: {error}.") from error


def _is_ours(described: tarfile.TarInfo) -> bool:
    """A backup holds plain files in its own folders: no folder, no link, no way out."""
    return described.isfile() and not {"", ".", ".."} & set(described.name.split("/"))


@contextmanager
def _opened(file: IO[bytes], key: Key):
    begins = file.read(len("-----BEGIN AGE"))
    file.seek(0)
    if begins == b"-----BEGIN AGE":
        with _decrypted(file, [_identity_behind(file, key)]) as plain:
            yield plain
    elif begins.startswith(b"age-encryption"):
        with _decrypted(file, _identities(key)) as plain:
            yield plain
    else:
        yield file


def _identity_behind(file, key: Key):
    """The key in front, opened by the passphrase; the file is left where what it opens begins."""
    if not key.passphrase:
        raise Problem("The backup is closed with a passphrase: give it in STYRHUS_BACKUP_PASSPHRASE.")
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(_key_in_front(file), key.passphrase).decode())
    except pyrage.DecryptError as error:
        raise Problem("The passphrase does not open this backup.") from error


def _key_in_front(file) -> bytes:
    lines = [file.readline()]
    while lines[-1] not in (END_OF_KEY, b""):
        lines.append(file.readline())
    return b"".join(lines)


def _identities(key: Key) -> list:
    if key.identity is None:
        raise Problem("The backup is closed with a key: name the file that opens it with --identity.")
    lines = [line.strip() for line in key.identity.read_text().splitlines()]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise Problem(f"{key.identity} is not an age identity file.") from error


@contextmanager
def _decrypted(file, identities):
    """age pushes and tar pulls: a pipe between the two, and a thread that decrypts into it."""
    reading, writing = os.pipe()
    failures: list[Exception] = []
    thread = threading.Thread(target=_decrypt, args=[file, writing, identities, failures], daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            yield plain
            plain.read()
    except (tarfile.TarError, EOFError):
        _explain(thread, failures)
        raise
    _explain(thread, failures)


def _decrypt(file, writing, identities, failures):
    try:
        with os.fdopen(writing, "wb") as pipe:
            pyrage.decrypt_io(file, pipe, identities)
    except BrokenPipeError:
        pass
    except (pyrage.DecryptError, OSError) as error:
        failures.append(error)


def _explain(thread, failures):
    thread.join()
    for failure in failures:
        wrong_key = "No matching keys" in str(failure)
        raise Problem("This key does not open the backup." if wrong_key else "The backup is damaged or cut off.")
