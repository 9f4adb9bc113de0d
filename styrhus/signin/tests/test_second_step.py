"""Authenticator app, recovery codes, and where one is signed in."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import translation

from styrhus.signin.adapter import Adapter
from styrhus.signin.devices import device
from styrhus.signin.models import SecurityEvent
from styrhus.signin.tests.conftest import PASSWORD, code_for

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def confirm(browser):
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def secret(rita, rita_in, django_capture_on_commit_callbacks):
    """The principal has an authenticator app; what the app keeps."""
    confirm(rita_in)
    secret = rita_in.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        rita_in.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert Authenticator.objects.filter(type="totp").exists()
    return secret


def test_adding_an_app_asks_for_the_password_again(rita_in):
    response = rita_in.get(reverse("mfa_activate_totp"))
    assert response.url.startswith(reverse("account_reauthenticate"))


def test_wrong_code_adds_no_app(rita_in):
    confirm(rita_in)
    rita_in.get(reverse("mfa_activate_totp"))
    response = rita_in.post(reverse("mfa_activate_totp"), {"code": "12345"})
    assert "code" in response.context["form"].errors
    assert not Authenticator.objects.exists()


def test_right_code_adds_the_app_and_recovery_codes(secret, rita_in, logged):
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    page = rita_in.get(reverse("account_security"))
    assert page.context["app"]
    assert page.context["codes_left"] == 10
    added = SecurityEvent.objects.filter(kind="factor_added").values_list("note", flat=True)
    assert set(added) == {"totp", "recovery_codes"}


def test_app_asks_for_its_code_at_sign_in(secret, rita, sign_in, logged):
    response = sign_in(rita.email)
    assert response.url == reverse("mfa_authenticate")
    assert response.browser.get(reverse("account_security")).status_code == 302, "the password alone opens nothing"
    refused = response.browser.post(response.url, {"code": "000000"})
    assert "code" in refused.context["form"].errors
    assert logged()[-1] == "failed"
    done = response.browser.post(response.url, {"code": code_for(secret)})
    assert done.url == "/"
    assert logged()[-1] == "signed_in"


@pytest.mark.parametrize(("steps_ago", "opens"), [(1, True), (3, False)])
def test_a_code_that_changed_while_it_was_typed_still_holds(steps_ago, opens, secret, rita, sign_in):
    browser = sign_in(rita.email).browser
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_for(secret, steps_ago)})
    assert (answer.status_code == 302) is opens


def test_recovery_code_works_once(secret, rita, rita_in, sign_in):
    code = rita_in.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for opens in (True, False):
        browser = sign_in(rita.email).browser
        response = browser.post(reverse("mfa_authenticate"), {"code": code})
        assert (response.status_code == 302) is opens


def test_many_wrong_codes_lock(secret, rita, sign_in):
    browser = sign_in(rita.email).browser
    for _try in range(6):
        response = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert response.context["form"].errors["code"] == [Adapter.error_messages["too_many_login_attempts"]]


def test_codes_come_as_a_file(secret, rita_in):
    response = rita_in.get(reverse("mfa_download_recovery_codes"))
    assert response["Content-Disposition"].startswith("attachment")
    assert len([line for line in response.content.decode().splitlines() if line.isdigit()]) == 10


def test_removing_the_app_is_logged(secret, rita_in, logged):
    rita_in.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert "factor_removed" in logged()


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "usersessions_list"])
def test_what_allauth_has_in_three_pages_is_one(rita_in, name):
    assert rita_in.get(reverse(name)).url == reverse("account_security")


def test_security_page_shows_where_one_is_signed_in(rita, rita_in, sign_in):
    sign_in(rita.email, client=Client(headers={"user-agent": FIREFOX}))
    newest, here = rita_in.get(reverse("account_security")).context["sessions"]
    assert (newest["device"], newest["current"]) == (device(FIREFOX), False)
    assert here["current"]


def test_one_session_can_be_ended(rita, rita_in, sign_in, logged):
    elsewhere = sign_in(rita.email).browser
    other = UserSession.objects.exclude(session_key=rita_in.session.session_key).get()
    rita_in.post(reverse("end_session", args=[other.pk]))
    assert elsewhere.get(reverse("account_security")).status_code == 302
    assert rita_in.get(reverse("account_security")).status_code == 200
    assert logged()[-1] == "sessions_ended"


def test_all_other_sessions_can_be_ended(rita, rita_in, sign_in):
    others = [sign_in(rita.email).browser for _number in range(2)]
    rita_in.post(reverse("end_other_sessions"))
    assert [browser.get(reverse("account_security")).status_code for browser in others] == [302, 302]
    assert rita_in.get(reverse("account_security")).status_code == 200


def test_nobody_ends_another_person_s_session(rita, rita_in, world, signed_in, logged):
    session = UserSession.objects.get(user=rita)
    before = logged()
    signed_in(world.people.teacher).post(reverse("end_session", args=[session.pk]))
    assert rita_in.get(reverse("account_security")).status_code == 200
    assert "sessions_ended" not in logged()[len(before) :]


def test_security_page_takes_the_same_queries_however_many_sessions(rita, rita_in, sign_in, capture_queries):
    def queries():
        with capture_queries() as captured:
            rita_in.get(reverse("account_security"))
        return len(captured)

    few = queries()
    for _number in range(4):
        sign_in(rita.email)
    assert queries() == few


@pytest.mark.parametrize(
    "agent, name",
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "Unknown browser"),
    ],
)
def test_devices_are_called_what_people_call_them(agent, name):
    with translation.override("en"):
        assert device(agent) == name


@pytest.fixture
def passkey(rita):
    return Authenticator.objects.create(
        user=rita, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefonen", "credential": {}}
    )


def test_passkey_can_be_renamed_and_removed_by_its_owner(rita_in, passkey, logged):
    confirm(rita_in)
    rita_in.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "Den nye"})
    assert Authenticator.objects.get().wrap().name == "Den nye"
    assert "Den nye" in rita_in.get(reverse("account_security")).content.decode()
    rita_in.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.exists()
    assert logged()[-1] == "factor_removed"


def test_passkey_of_another_is_not_found(passkey, world, sign_in):
    other = world.people.teacher
    other.set_password(PASSWORD)
    other.save()
    browser = sign_in(other.email).browser
    confirm(browser)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert browser.get(reverse(name, args=[passkey.pk])).status_code == 404
        assert browser.post(reverse(name, args=[passkey.pk]), {"name": "Min"}).status_code == 404
    assert Authenticator.objects.get().wrap().name == "Telefonen"


def test_answer_that_is_no_passkey_opens_nothing(client, db):
    for answer in ("{}", "[]", "x", ""):
        response = client.post(reverse("mfa_login_webauthn"), {"credential": answer})
        assert response.url == reverse("account_login")
    assert client.get(reverse("account_security")).status_code == 302
