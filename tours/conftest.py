"""A real browser on the real program: `styrhus demo` with server, worker and database of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools.browser import find

TOP = Path(__file__).resolve().parents[1]
AXE = (TOP / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Told to work out no more than what is wrong, it takes two thirds of the time.
ASK_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "fjordvik-i-medvind"
DESKTOP, PHONE = {"width": 1440, "height": 1000}, {"width": 320, "height": 720}


@pytest.fixture(scope="session", autouse=True)
def a_browser_is_here():
    if not find():
        pytest.skip("no Chromium or Chrome on this machine")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The address of a freshly loaded demonstration; or of one that runs already, while a tour is being written."""
    if running := os.environ.get("STYRHUS_TOUR"):
        yield running
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    data = tmp_path_factory.mktemp("demo") / "data"
    environment = os.environ | {"STYRHUS_ENVIRONMENT": "demo", "STYRHUS_DATA": str(data), "STYRHUS_WEB_PROCESSES": "1"}
    command = [sys.executable, "-m", "styrhus.engine.command_line", "demo", "--port", str(port)]
    with (data.parent / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/klar/", process, data.parent / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
    assert '"message": "csp"' not in (data.parent / "log").read_text(), "the browser met something the CSP forbids"


def _wait_for(url: str, process, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def browser():
    # Closed with the file: two open browsers in one process share an event loop, and the second is refused.
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=find(), args=FLAGS)


class Visitor:
    """One person at one screen. Every page passed is held against axe, the CSP, the console and the width."""

    def __init__(self, page: Page, address: str):
        self.page, self.address, self.faults = page, address, []
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(str(error)))

    def _note(self, text: str) -> None:
        # A refused form (422, 409) and a missing page (404) are answers, not faults.
        if not re.search(r"status of (404|403|409|422|429)", text):
            self.faults.append(text)

    def sign_in(self, name: str) -> "Visitor":
        self.open("/konto/logg-inn/")
        self.page.fill("[name=login]", f"{name}@fjordvik.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.address}/")
        return self.check()

    def open(self, path: str) -> "Visitor":
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.check()

    def press(self, name: str, *, role: str = "button") -> "Visitor":
        self.page.get_by_role(role, name=name, exact=True).first.click()
        return self.check()

    def see(self, text: str) -> "Visitor":
        expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def check(self) -> "Visitor":
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        found = self._axe()
        assert not found, f"{self.page.url}: {found}"
        assert not self.faults, f"{self.page.url}: {self.faults}"
        is_wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not is_wide, f"{self.page.url} is too wide"
        return self

    def _axe(self) -> list[str]:
        # Through the protocol: the page's own policy allows no script of ours.
        self.page.context.new_cdp_session(self.page).send("Runtime.evaluate", {"expression": AXE})
        answer = self.page.evaluate(ASK_AXE, RULES)
        return [f"{fault['id']}: {[node['target'] for node in fault['nodes'][:3]]}" for fault in answer["violations"]]


@pytest.fixture
def visit(demo, browser: Browser):
    """Makes a visitor at a screen of a size, in a browser of their own."""
    opened = []

    def make(screen: dict = DESKTOP) -> Visitor:
        context = browser.new_context(viewport=screen, locale="nb-NO")
        opened.append(context)
        return Visitor(context.new_page(), demo)

    yield make
    for context in opened:
        context.close()
