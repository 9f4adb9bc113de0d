"""`styrhus serve` as a whole: whatever is killed comes back, and when it ends nothing is left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from styrhus.engine import leftovers
from styrhus.engine.database import OwnDatabase, _cluster_for
from styrhus.engine.places import PROGRAM
from styrhus.engine.problem import Problem
from styrhus.engine.processes import Child
from styrhus.engine.tests.conftest import clear
from styrhus.engine.tests.steps import commit_rows, committed_rows, connect, end, until

COMMAND = [sys.executable, "-m", "styrhus.engine.command_line"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """A data folder, and commands run on it as an operator would."""

    def __init__(self, data: Path):
        self.data = data
        self.port = free_port()
        self.output = data.parent / "output"
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment |= {"STYRHUS_DATA": str(data), "STYRHUS_ENVIRONMENT": "test", "PORT": str(self.port)}
        self.environment["STYRHUS_WEB_PROCESSES"] = "1"

    def run(self, *arguments, **environment):
        return subprocess.run(
            [*COMMAND, *arguments],
            check=False,
            cwd=PROGRAM,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def serve(self) -> subprocess.Popen:
        with self.output.open("w") as output:
            process = subprocess.Popen(
                [*COMMAND, "serve"], cwd=PROGRAM, env=self.environment, stdout=output, stderr=output
            )
        until(lambda: self.is_ready() or process.poll() is not None)
        assert process.poll() is None, self.output.read_text()
        return process

    def is_ready(self) -> bool:
        with suppress(urllib.error.URLError, OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/klar/", timeout=5).status == 200
        return False

    def processes(self, words=()) -> list[int]:
        return [pid for pid in leftovers.carriers(self.data) if all(word in _command_line(pid) for word in words)]

    def server_processes(self) -> list[int]:
        return _cluster_for(self.data).processes()


def _command_line(pid) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@pytest.fixture(scope="module")
def installation():
    folder = Path(tempfile.mkdtemp(prefix="styrhus-test-"))
    folder.chmod(0o711)
    made = Installation(folder / "data")
    try:
        refused = made.run("serve")
        assert refused.returncode == 1
        assert "run styrhus migrate" in refused.stderr
        assert made.run("migrate", "--verbosity", "0").returncode == 0
        yield made
    finally:
        clear(made.data)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def served(installation):
    """One serve for all the tests that leave it standing."""
    process = installation.serve()
    yield process
    process.send_signal(signal.SIGTERM)
    process.wait(15)


@pytest.fixture
def rows(installation, served):
    """Work that was committed before the test kills something."""
    database = OwnDatabase(installation.data)
    commit_rows(database)
    before = committed_rows(database)
    yield
    assert committed_rows(database) == before


def _killed_comes_back(installation, pid, words):
    before = set(installation.processes())
    os.kill(pid, signal.SIGKILL)
    until(lambda: set(installation.processes(words)) - before)
    until(installation.is_ready)


def _children(pid) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_address_is_told_when_it_answers(installation, served):
    assert until(lambda: f"http://127.0.0.1:{installation.port}/" in installation.output.read_text())


def test_second_serve_is_refused(installation, served):
    refused = installation.run("serve", PORT=str(free_port()))
    assert refused.returncode == 1
    assert f"process {served.pid}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_other_commands_use_the_same_server(installation, served, rows):
    before = installation.server_processes()[0]
    assert installation.run("migrate", "--check").returncode == 0
    assert before in installation.server_processes()
    assert installation.is_ready()


def _web_server(served) -> int:
    return until(lambda: next((pid for pid in _children(served.pid) if "granian" in _command_line(pid)), None))


def test_killed_web_server_comes_back(installation, served, rows):
    _killed_comes_back(installation, _web_server(served), ["granian"])


def test_killed_web_process_comes_back(installation, served, rows):
    web = _web_server(served)
    process = until(lambda: max(_children(web), default=None))
    _killed_comes_back(installation, process, ["granian"])
    assert _web_server(served) == web


def test_killed_worker_comes_back(installation, rows):
    (worker,) = until(lambda: installation.processes(["command_line", "worker"]))
    _killed_comes_back(installation, worker, ["command_line", "worker"])


def test_killed_database_comes_back(installation, rows):
    cluster = _cluster_for(installation.data)
    postmaster = cluster.postmaster()
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: cluster.postmaster() not in (None, postmaster))
    until(installation.is_ready)
    until(lambda: _worker_listens(installation))


def _worker_listens(installation) -> bool:
    """The worker is connected again: it alone listens for jobs."""
    with suppress(psycopg.OperationalError), connect(OwnDatabase(installation.data)) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'listen%'"
        return connection.execute(query).fetchone()[0] > 0
    return False


def test_killed_backend_is_survived(installation, rows):
    with connect(OwnDatabase(installation.data)) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'styrhus' LIMIT 1"
        backend = connection.execute(query).fetchone()[0]
    os.kill(backend, signal.SIGKILL)
    until(lambda: backend not in installation.server_processes())
    until(lambda: _worker_listens(installation))
    until(installation.is_ready)


def _ends_everything(installation, process, number):
    process.send_signal(number)
    assert process.wait(10) == 0
    assert installation.processes() == []
    assert installation.server_processes() == []


def test_stop_leaves_nothing_behind_after_ten_seconds(installation, served):
    _ends_everything(installation, served, signal.SIGTERM)


def test_killed_serve_takes_its_processes_along(installation, served):
    served.wait(10)
    process = installation.serve()
    process.kill()
    process.wait()
    if sys.platform == "linux":
        until(lambda: installation.processes() == [])
        until(lambda: installation.server_processes() == [])


def test_next_serve_ends_what_was_left_and_nobody_else(installation, served):
    served.wait(10)
    left = subprocess.Popen(["sleep", "60"], env=leftovers.marked(installation.data))
    stranger = subprocess.Popen(["sleep", "60"], env=leftovers.marked(installation.data / "other"))
    process = installation.serve()
    try:
        assert left.wait(5) == -signal.SIGTERM
        assert stranger.poll() is None
        _ends_everything(installation, process, signal.SIGINT)
    finally:
        end(left)
        end(stranger)
        end(process)


def test_busy_port_is_told_before_anything_starts(installation, served):
    served.wait(10)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", installation.port))
        taken.listen()
        refused = installation.run("serve")
    assert refused.returncode == 1
    assert f"Port {installation.port} is in use" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_child_that_ends_at_once_is_given_up():
    child = Child("worker", ["/bin/false"], dict(os.environ))
    with pytest.raises(Problem, match=r"ended 5 times.*exit code 1"):
        until(child.look_after)


def test_production_without_a_secret_is_refused_in_one_line(installation):
    refused = installation.run("check", STYRHUS_ENVIRONMENT="production", STYRHUS_SECRET_KEY="")
    assert refused.returncode == 1
    assert "STYRHUS_SECRET_KEY" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_folder_that_is_no_demonstration_is_not_wiped(installation):
    refused = installation.run("demo-reset")
    assert refused.returncode == 1
    assert "nothing was removed" in refused.stderr
    assert (installation.data / "database").exists()


def test_backup_of_the_program_is_restored_by_its_commands(installation, served):
    served.wait(10)
    file = installation.data.parent / "backup.tar.age"
    other = Installation(installation.data.parent / "other")
    passphrase = {"STYRHUS_BACKUP_PASSPHRASE": "svært hemmelig"}
    try:
        assert installation.run("backup", str(file), **passphrase).returncode == 0
        assert "passphrase" in other.run("restore", str(file)).stderr
        assert "migrate" in other.run("restore", str(file), **passphrase).stdout
        assert other.run("migrate", "--check").returncode == 0
    finally:
        clear(other.data)


def test_database_that_does_not_answer_is_told_in_one_line(installation):
    nobody = f"postgresql://styrhus@127.0.0.1:{free_port()}/styrhus?connect_timeout=1"
    refused = installation.run("backup", "--unencrypted", str(installation.data / "never"), DATABASE_URL=nobody)
    assert refused.returncode == 1
    assert "does not do as asked" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_tells_the_commands(installation):
    told = installation.run("--help")
    assert told.returncode == 0
    assert all(word in told.stdout for word in ("demo", "serve", "backup", "restore", "createadmin"))
