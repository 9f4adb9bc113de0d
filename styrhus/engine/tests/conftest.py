import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from styrhus.engine.database import OwnDatabase, _cluster_for


@pytest.fixture
def folder():
    """A folder that every account can pass through, so that root's database account can live in it."""
    folder = Path(tempfile.mkdtemp(prefix="styrhus-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data(folder):
    """A data folder; whatever the test leaves running in it is ended."""
    data = folder / "data"
    yield data
    clear(data)


def clear(data: Path):
    if not (data / "run").exists():
        return
    for pid in _cluster_for(data).processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    OwnDatabase(data).destroy()


@pytest.fixture
def database(data):
    """The running database of a data folder."""
    database = OwnDatabase(data)
    database.acquire()
    yield database
    database.release()
