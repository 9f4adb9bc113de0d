"""A passkey in a real browser: added, used instead of a password, used as the second step, and refused."""

import re

import pytest
from playwright.sync_api import expect

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
def key(page):
    """The key on the key ring: `key(command, …)` talks to it by way of Chromium's own protocol."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    number = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    return lambda command, **options: session.send(f"WebAuthn.{command}", {"authenticatorId": number, **options})


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
