"""A passkey in a real browser: added, used instead of a password, used as the second step, and refused."""

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from styrhus.signin.models import SecurityEvent
from styrhus.signin.tests.conftest import PASSWORD

pytestmark = [pytest.mark.tour, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


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
def key(page):
    """The key on the key ring: `key(command, …)` talks to it by way of Chromium's own protocol."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    number = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    return lambda command, **options: session.send(f"WebAuthn.{command}", {"authenticatorId": number, **options})


@pytest.fixture
def at(live_server):
    return lambda name, *arguments: live_server.url + reverse(name, args=arguments)


def give_password(page):
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def sign_in_with_password(page, at, email):
    page.goto(at("account_login"))
    page.locator("[name=login]").fill(email)
    give_password(page)


def sign_out(page, at):
    page.goto(at("account_logout"))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("logg-inn"))


def add_passkey(page, at):
    page.goto(at("mfa_add_webauthn"))
    give_password(page)
    page.locator("[name=name]").fill("Nøkkelen min")
    page.locator("#passkey-button").click()
    # The first second step comes with recovery codes.
    expect(page).to_have_url(at("mfa_view_recovery_codes"))
    page.goto(at("account_security"))
    expect(page.get_by_role("heading", name="Nøkkelen min")).to_be_visible()


def test_passkey_opens_the_door(page, key, at, rita):
    sign_in_with_password(page, at, rita.email)
    expect(page).to_have_url(at("home"))
    add_passkey(page, at)
    sign_out(page, at)

    page.locator("#passkey-button").click()
    expect(page).to_have_url(at("home"))
    sign_out(page, at)

    sign_in_with_password(page, at, rita.email)
    expect(page).to_have_url(at("mfa_authenticate"))
    page.locator("#passkey-button").click()
    expect(page).to_have_url(at("home"))
    assert page.complaints == []
    assert SecurityEvent.objects.filter(kind="signed_in", person=rita).count() == 3


def test_key_that_says_no_is_explained_in_the_page(page, key, at, rita):
    sign_in_with_password(page, at, rita.email)
    add_passkey(page, at)
    sign_out(page, at)
    key("setUserVerified", isUserVerified=False)
    page.locator("#passkey-button").click()
    expect(page.locator("#passkey-error")).to_be_visible()
    expect(page).to_have_url(re.compile("logg-inn"))
