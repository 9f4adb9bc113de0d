"""`styrhus serve`: the web server and the worker, watched by one parent that cleans up behind them."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from styrhus.engine import leftovers, locks
from styrhus.engine.database import OwnDatabase
from styrhus.engine.places import PROGRAM, data_folder, ensure_private
from styrhus.engine.problem import Problem, tell

COMMAND = [sys.executable, "-m", "styrhus.engine.command_line"]
# Less than this and it "died at once"; so many times in a row and trying again is no use.
TOO_SHORT_A_LIFE = 5
TRIES = 5
FAREWELL = 6
PR_SET_PDEATHSIG = 1


def web_command(host, port) -> list[str]:
    """Fewer threads than the pool of a process has connections, so that a request never waits for one."""
    return [
        sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi",
        "--host", host, "--port", str(port),
        "--workers", os.environ.get("STYRHUS_WEB_PROCESSES") or "2", "--blocking-threads", "4",
        "--no-ws", "--no-access-log", "--log-level", "warning",
        "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "4",
    ]  # fmt: skip


def worker_arguments() -> list[str]:
    concurrency = os.environ.get("STYRHUS_WORKERS") or "2"
    return [
        "procrastinate",
        "worker",
        "--concurrency",
        concurrency,
        "--shutdown-graceful-timeout",
        "4",
        # A finished job has nothing more to tell, and holds the address that somebody typed.
        "--delete-jobs",
        "successful",
    ]


def serve(host, port, *, prepare=("check-migrations",), greet=None) -> int:
    """Until a signal comes: exit code 0 then. Raises Problem for what the operator can mend."""
    data = ensure_private(data_folder())
    try:
        with _only_serve(data), ExitStack() as stack:
            leftovers.end(data, FAREWELL)
            _refuse_busy_port(host, port)
            database = None if os.environ.get("DATABASE_URL") else stack.enter_context(OwnDatabase(data))
            stack.callback(lambda: leftovers.end(data, FAREWELL))
            _run_once(data, prepare)
            _watch(_children(data, host, port), database, _Greeting(data, host, port, greet))
    except SystemExit as ended:
        if ended.code in (128 + signal.SIGTERM, 128 + signal.SIGINT, 128 + signal.SIGHUP):
            return 0
        raise
    return 1


def run_web(host, port) -> int:
    """The web server alone, for an installation whose worker runs elsewhere."""
    _refuse_busy_port(host, port)
    web = _start(web_command(host, port), os.environ)
    try:
        return web.wait()
    finally:
        web.terminate()
        web.wait()


@contextmanager
def _only_serve(data: Path):
    path = ensure_private(data / "run") / "serve.lock"
    lock = locks.open_lock(path)
    try:
        if not locks.take(lock):
            raise Problem(f"Styrhus already serves {data} (process {path.read_text().strip()}).")
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        yield
    finally:
        os.close(lock)


def _refuse_busy_port(host, port):
    family, *_, address = _address(host, port)
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == 98 or "in use" in str(error):
                raise Problem(f"Port {port} is in use: choose another, for example with PORT=8123.") from error
            raise Problem(f"Cannot listen on {host} port {port}: {error.strerror}.") from error


def _address(host, port):
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Problem(f"{host} is not an address of this machine.") from error


def _run_once(data: Path, arguments):
    if _start([*COMMAND, *arguments], leftovers.marked(data)).wait() != 0:
        raise SystemExit(1)


def _start(command, environment) -> subprocess.Popen:
    """A session of its own: Ctrl-C in the terminal reaches only the parent, which ends things in order."""
    return subprocess.Popen(
        command,
        env=environment,
        cwd=PROGRAM,
        start_new_session=True,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - the parent has one thread
    )


def _children(data: Path, host, port):
    environment = leftovers.marked(data)
    return [
        Child("web server", web_command(host, port), environment),
        Child("worker", [*COMMAND, "worker"], environment),
    ]


@dataclass
class Child:
    """One process of the program, started again when it ends."""

    name: str
    command: list[str]
    environment: dict
    process: subprocess.Popen | None = None
    early_deaths: int = 0
    started: float = field(default_factory=time.monotonic)
    next_start: float = 0

    def look_after(self):
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._mourn(self.process.pid, code)

    def start(self):
        self.started = time.monotonic()
        self.process = _start(self.command, self.environment)

    def _mourn(self, pid, code):
        """What it started goes with it: a web process without its parent would keep the port."""
        leftovers.end_group(pid)
        self.process = None
        self.early_deaths = self.early_deaths + 1 if time.monotonic() - self.started < TOO_SHORT_A_LIFE else 0
        if self.early_deaths >= TRIES:
            raise Problem(f"The {self.name} ended {TRIES} times as soon as it had started ({_ending(code)}).")
        self.next_start = time.monotonic() + 0.1 * 2**self.early_deaths
        tell(f"The {self.name} ended ({_ending(code)}) and is started again.")


def _ending(code) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _watch(children, database, greeting):
    while True:
        if database is not None and not database.alive():
            tell("The database ended and is started again.")
            database.revive()
        for child in children:
            child.look_after()
        greeting.try_once()
        time.sleep(0.2)


@dataclass
class _Greeting:
    """The address, told once, when the program really answers there."""

    data: Path
    host: str
    port: int
    more: Callable[[Path], object] | None
    is_said: bool = False

    def try_once(self):
        if self.is_said or not self._is_ready():
            return
        self.is_said = True
        print(f"Styrhus: http://{_shown(self.host)}:{self.port}/", flush=True)
        if self.more:
            self.more(self.data)

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(_reachable(self.host), self.port, timeout=1)
        try:
            connection.request("GET", "/klar/", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _reachable(host) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asks, does not listen


def _shown(host) -> str:
    return f"[{_reachable(host)}]" if ":" in host else _reachable(host)


def _end_with_parent():
    """For Popen: Linux then sends SIGTERM when the parent is gone, even by SIGKILL. Elsewhere the next start does."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def in_child():
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return in_child
