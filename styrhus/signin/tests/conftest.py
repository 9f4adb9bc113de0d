"""People who can sign in, and short ways of doing it."""

import base64
import hashlib
import hmac
import os
import struct
import time

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from styrhus.signin.models import SecurityEvent

PASSWORD = "Fjellvang-skole-1"


def code_for(secret: str, steps_ago: int = 0) -> str:
    """What an authenticator app shows now, or showed some steps of 30 seconds ago (RFC 6238).

    Worked out here and not by the library that checks it.
    """
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 - steps_ago), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose, and there are many sign-ins here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def rita(world):
    """The principal, with a password."""
    person = world.people.principal
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def sign_in():
    """Posts the sign-in form as a browser does; the response."""

    def post(email, password=PASSWORD, client=None, **options):
        client = client or Client(**options)
        response = client.post(reverse("account_login"), {"login": email, "password": password})
        response.browser = client
        return response

    return post


@pytest.fixture
def rita_in(rita, sign_in):
    """The principal's browser, signed in."""
    return sign_in(rita.email).browser


@pytest.fixture
def logged(db):
    """The kinds in the security log, the oldest first."""
    return lambda: list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def page(monkeypatch):
    """A page of Chromium that keeps what it complains of in `page.complaints`."""
    # Playwright runs an event loop in this thread, which makes Django think that the test is asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        yield page
        browser.close()


@pytest.fixture
def at(live_server):
    return lambda name, *arguments: live_server.url + reverse(name, args=arguments)
