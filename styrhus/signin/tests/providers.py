"""A real OpenID Connect provider: a process of its own on this machine, and a browser's way through it."""

import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import requests

CLAIMS = {"email": "rita@fjord.example", "email_verified": True, "name": "Rita Rektor"}


class RunningProvider:
    """The provider `oidc_provider_mock` while it runs."""

    def __init__(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self.issuer = f"http://localhost:{port}"
        command = [sys.executable, "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=2).raise_for_status()
                return
            except requests.RequestException:
                assert self.process.poll() is None, "the provider did not start"
                time.sleep(0.1)
        raise AssertionError("the provider did not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)

    def knows(self, sub: str, **claims) -> None:
        """From now on `sub` has exactly these claims."""
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def vouches(self, authorize_url: str, sub: str) -> str:
        """What the browser is sent back to when somebody signs in there as `sub`: an address in Styrhus."""
        return self._answers(authorize_url, {"sub": sub})

    def refuses(self, authorize_url: str) -> str:
        return self._answers(authorize_url, {"action": "deny"})

    def _answers(self, authorize_url: str, form: dict) -> str:
        answer = requests.post(authorize_url, data=form, allow_redirects=False, timeout=5)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
