"""Where an installation keeps what it owns."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

from styrhus.engine.problem import Problem

PROGRAM = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The folder of this installation's data; not made here."""
    if chosen := os.environ.get("STYRHUS_DATA"):
        return Path(chosen).expanduser().absolute()
    if (PROGRAM / "pyproject.toml").exists():
        return PROGRAM / ".data"
    shared = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(shared) / "styrhus"


def ensure_private(path: Path) -> Path:
    """Make or check a folder that only its owner can look into."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise Problem(f"{path} is a symbolic link: name the folder itself.")
    if found.st_uid != os.geteuid():
        raise Problem(f"{path} belongs to another account: start Styrhus as the account that owns it.")
    if not _is_closed(found):
        path.chmod(0o700)
    return path


def _is_closed(found) -> bool:
    """For root a group may pass through (not list): that is how the database account reaches its own folder."""
    mode = stat.S_IMODE(found.st_mode)
    return mode == 0o700 or (mode == 0o710 and found.st_uid == 0)


def secret_key(folder: Path) -> str:
    """The random key of a demo, development or test installation; made once. Production names its own."""
    kept = ensure_private(folder) / "secret-key"
    if not kept.exists():
        _write_once(kept, secrets.token_urlsafe(50))
    return read_private(kept)


def is_demo_key(folder: Path, key: str) -> bool:
    """Whether a production key is the one that this folder's demonstration made for itself."""
    kept = folder / "secret-key"
    return kept.exists() and secrets.compare_digest(read_private(kept).encode(), key.encode())


def _write_once(path: Path, text: str):
    """A hard link refuses to replace: when two processes start at once, both read the key of the first."""
    fresh = write_beside(path, text)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def write_private(path: Path, text: str, mode=0o600, group=-1):
    """Replace a small file whole, so that nobody ever reads half of it."""
    fresh = write_beside(path, text)
    os.chown(fresh, -1, group)
    fresh.chmod(mode)
    fresh.replace(path)


def write_beside(path: Path, text: str) -> Path:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def read_private(path: Path) -> str:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8") as file:
        if os.fstat(file.fileno()).st_uid != os.geteuid():
            raise Problem(f"{path} belongs to another account.")
        return file.read()
