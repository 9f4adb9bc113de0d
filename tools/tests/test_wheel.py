"""The wheel alone, in an empty environment: what an operator installs."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
UV = shutil.which("uv") or str(TOP / ".tools/bin/uv")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "-q", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", str(folder), cwd=TOP)
    run(UV, "venv", "-q", "--python", sys.executable, str(folder / "env"))
    python = folder / "env/bin/python"
    requirements = str(TOP / "requirements.txt")
    run(
        UV,
        "pip",
        "install",
        "-q",
        "--compile-bytecode",
        "--python",
        str(python),
        "--require-hashes",
        "-r",
        requirements,
    )
    run(UV, "pip", "install", "-q", "--python", str(python), "--no-deps", str(next(folder.glob("*.whl"))))
    return folder


def run(*command, cwd=None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def wait_for(url: str, process, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, process.stdout.read()
        try:
            fetch(url)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")


@pytest.mark.slow
@pytest.mark.long
def test_wheel_serves_the_demonstration_from_an_empty_environment(installed):
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STYRHUS", "DJANGO", "PYTHON"))}
    command = [str(installed / "env/bin/styrhus"), "demo", "--port", str(port)]
    environment = clean | {"STYRHUS_DATA": str(installed / "data")}
    process = subprocess.Popen(
        command, cwd=installed, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/klar/", process)
        page = fetch(f"http://127.0.0.1:{port}/konto/logg-inn/")
        assert "Logg på" in page
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert fetch(f"http://127.0.0.1:{port}{address}") if not address.endswith(".woff2") else True
    finally:
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        process.communicate(timeout=20)
    assert time.monotonic() - began < 10
