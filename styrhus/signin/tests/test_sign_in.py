"""Signing in and out with a password."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from config.settings import PASSWORD_HASHERS
from styrhus.signin.adapter import Adapter
from styrhus.signin.models import SecurityEvent
from styrhus.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/konto/logg-inn/"
SAID = Adapter.error_messages


def is_signed_in(browser) -> bool:
    return browser.get(reverse("account_security")).status_code == 200


def test_right_password_opens_the_home_page(rita, sign_in):
    response = sign_in(rita.email)
    assert response.url == "/"
    assert is_signed_in(response.browser)


def test_capital_letters_in_the_email_do_not_matter(rita, sign_in):
    assert is_signed_in(sign_in(rita.email.upper()).browser)


def test_person_comes_to_the_page_that_was_asked_for(rita, client):
    asked = client.get("/sikkerhetslogg/")
    assert asked.url == f"{LOGIN}?next=/sikkerhetslogg/"
    response = client.post(LOGIN, {"login": rita.email, "password": PASSWORD, "next": "/sikkerhetslogg/"})
    assert response.url == "/sikkerhetslogg/"


def test_nobody_is_led_to_another_site(rita, client):
    response = client.post(LOGIN, {"login": rita.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert response.url == "/"


@pytest.mark.parametrize("email", ["known", "unknown@fjord.example"])
def test_wrong_password_and_unknown_email_get_the_same_answer(rita, sign_in, email):
    response = sign_in(rita.email if email == "known" else email, "not the password")
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [SAID["email_password_mismatch"]]
    assert not is_signed_in(response.browser)


def test_unknown_email_is_not_kept_in_the_log(sign_in, db):
    sign_in("somebody@elsewhere.example", "not the password")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.person, event.note) == ("failed", None, "password")


def test_wrong_password_is_logged_on_the_person(rita, sign_in):
    sign_in(rita.email, "not the password")
    assert SecurityEvent.objects.get().person == rita


def test_sixth_wrong_password_locks_even_the_right_one(rita, sign_in, logged):
    for _try in range(5):
        sign_in(rita.email, "not the password")
    response = sign_in(rita.email)
    assert response.context["form"].non_field_errors() == [SAID["too_many_login_attempts"]]
    assert logged() == ["failed"] * 5 + ["locked"]


def test_knocking_on_a_locked_door_writes_one_line_a_minute(rita, sign_in, logged):
    for _try in range(9):
        sign_in(rita.email, "not the password")
    assert logged().count("locked") == 1


def test_thirty_tries_a_minute_from_one_place_end_on_a_page_of_ours(client, db, logged):
    for number in range(30):
        client.post(LOGIN, {"login": f"{number}@fjord.example", "password": ""})
    response = client.post(LOGIN, {"login": "30@fjord.example", "password": ""})
    assert response.status_code == 429
    assert "429.html" in [template.name for template in response.templates]
    assert logged() == ["locked"]


def test_inactive_person_is_told_so_only_with_the_right_password(rita, sign_in):
    rita.is_active = False
    rita.save()
    assert sign_in(rita.email).url == reverse("account_inactive")
    assert sign_in(rita.email, "not the password").status_code == 200


def test_person_made_inactive_is_out_at_once(rita, rita_in):
    assert is_signed_in(rita_in)
    rita.is_active = False
    rita.save()
    assert not is_signed_in(rita_in)


def test_own_language_comes_with_the_person(rita, sign_in):
    rita.language = "nn"
    rita.save()
    cookie = sign_in(rita.email).cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("nn", True, "Lax")


def test_person_without_a_language_keeps_the_browser_s(rita, sign_in):
    assert settings.LANGUAGE_COOKIE_NAME not in sign_in(rita.email).cookies


def test_session_ends_twelve_hours_after_sign_in_however_busy_it_is(rita, rita_in):
    ends = Session.objects.get(pk=rita_in.session.session_key).expire_date
    assert timedelta(hours=11, minutes=59) < ends - timezone.now() <= timedelta(hours=12)
    session = rita_in.session
    session["signed_in"] = (timezone.now() - timedelta(hours=11)).isoformat()
    session.save()
    rita_in.get(reverse("mfa_activate_totp"), follow=True)
    ends = Session.objects.get(pk=rita_in.session.session_key).expire_date
    assert ends - timezone.now() <= timedelta(hours=1)


def test_session_older_than_twelve_hours_is_over(rita, rita_in):
    session = rita_in.session
    session["signed_in"] = (timezone.now() - timedelta(hours=12, seconds=1)).isoformat()
    session.save()
    assert not is_signed_in(rita_in)


def test_session_cookie_goes_when_the_browser_closes(rita, sign_in):
    cookie = sign_in(rita.email).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)


def test_signing_out_asks_first_and_is_logged(rita, rita_in, logged):
    assert rita_in.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(rita_in)
    rita_in.post(reverse("account_logout"))
    assert not is_signed_in(rita_in)
    assert logged() == ["signed_in", "signed_out"]


def test_nobody_can_sign_up(client, db):
    assert client.get("/konto/registrer/").status_code == 404
    assert client.get("/konto/signup/").status_code == 404


def test_password_is_kept_as_argon2(rita, settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    rita.set_password(PASSWORD)
    assert rita.password.startswith("argon2$argon2id$")
