"""Sign-in by a provider in a real browser: there and back, refused, and out again at both."""

import re

import pytest
from playwright.sync_api import expect

from config.oidc import Provider
from styrhus.signin.models import SecurityEvent
from styrhus.signin.tests.providers import CLAIMS, RunningProvider

pytestmark = [pytest.mark.tour, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def running():
    provider = RunningProvider()
    yield provider
    provider.stop()


@pytest.fixture(autouse=True)
def entra(running, settings):
    settings.OIDC_PROVIDERS = {
        "entra": Provider(name="entra", issuer=running.issuer, client_id="styrhus", label="Entra ID", signs_out=True)
    }


def sign_in_as(page, at, sub):
    page.goto(at("account_login"))
    page.get_by_role("link", name="Logg på med Entra ID").click()
    page.locator("[name=sub]").first.fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def test_there_and_back_and_out_at_both(page, at, rita, running):
    running.knows("rita-1", **CLAIMS)
    sign_in_as(page, at, "rita-1")
    expect(page).to_have_url(at("home"))

    page.goto(at("account_logout"))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/oauth2/end_session"))
    page.goto(at("home"))
    expect(page).to_have_url(re.compile("logg-inn"))
    # The provider's own page fetches its looks from elsewhere; what our policy stops would be told here.
    assert [said for said in page.complaints if "Content Security Policy" in said] == []
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["linked", "signed_in", "signed_out"]


def test_unknown_person_is_told_what_to_do(page, at, rita, running):
    running.knows("stranger", email="ukjent@fjord.example", email_verified=True)
    sign_in_as(page, at, "stranger")
    expect(page.get_by_role("heading", name="Du er ikke logget på")).to_be_visible()
    page.get_by_role("link", name="Til pålogging").click()
    expect(page).to_have_url(at("account_login"))


def test_person_who_stops_there_can_try_again(page, at, running):
    page.goto(at("account_login"))
    page.get_by_role("link", name="Logg på med Entra ID").click()
    page.get_by_role("button", name="Deny access").click()
    expect(page.get_by_role("heading", name="Du avbrøt påloggingen")).to_be_visible()
    page.get_by_role("link", name="Prøv igjen").click()
    expect(page).to_have_url(re.compile("/oauth2/authorize"))
