"""Sign-in by OpenID Connect, against a provider that runs as a process of its own."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from config import oidc
from config.oidc import Provider
from styrhus.organisation.models import Appointment, Person
from styrhus.signin.models import ProvidedAppointment, SecurityEvent
from styrhus.signin.tests.conftest import PASSWORD
from styrhus.signin.tests.providers import CLAIMS, RunningProvider

pytestmark = pytest.mark.django_db
TODAY = date.today()
START = "/konto/oidc/entra/"


@pytest.fixture(scope="module")
def running():
    provider = RunningProvider()
    yield provider
    provider.stop()


@pytest.fixture
def trusted(running, settings):
    """`trusted(creates=True)`: the provider “entra” as the settings describe it."""

    def described(**more):
        one = Provider(
            **{"name": "entra", "issuer": running.issuer, "client_id": "styrhus", "label": "Entra ID"} | more
        )
        settings.OIDC_PROVIDERS = {"entra": one}
        return one

    described()
    return described


@pytest.fixture
def enter(running, trusted):
    """Signs in there as a subject with claims, and comes back here: the response, with its browser."""

    def through(sub="rita-1", browser=None, path=START, **claims):
        browser = browser or Client()
        running.knows(sub, **CLAIMS | claims)
        back = running.vouches(browser.get(path).url, sub)
        response = browser.get(back)
        response.browser, response.back = browser, back
        return response

    return through


def is_signed_in(browser) -> bool:
    return browser.get(reverse("account_security")).status_code == 200


def why(response) -> str:
    assert "signin/refused.html" in [template.name for template in response.templates]
    assert not is_signed_in(response.browser)
    return response.context["reason"]


def log() -> list[tuple]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", "note"))


# -- who it is


def test_known_person_comes_in_by_verified_email(rita, enter):
    response = enter()
    assert response.url == "/"
    assert is_signed_in(response.browser)
    assert log() == [("linked", "Entra ID"), ("signed_in", "Entra ID")]


def test_person_comes_to_the_page_that_was_asked_for(rita, enter):
    assert enter(path=f"{START}?next=/tiltak/").url == "/tiltak/"
    assert enter(path=f"{START}?next=https://evil.example/").url == "/"


def test_subject_is_remembered_when_the_email_changes_there(rita, enter):
    enter()
    response = enter(email="rita.gift@fjord.example")
    assert is_signed_in(response.browser)
    assert SocialAccount.objects.get().user == rita


def test_email_that_moves_to_somebody_else_there_does_not_take_the_subject_along(rita, enter, world):
    enter()
    assert why(enter(sub="another", email="unknown@fjord.example")) == "unknown"
    head = world.people.head
    assert enter(sub="another", email=head.email).wsgi_request.user == head


@pytest.mark.parametrize("verified", [False, "true", None])
def test_unverified_email_finds_nobody(rita, enter, verified):
    assert why(enter(email_verified=verified)) == "unverified"
    assert log() == [("failed", "Entra ID: unverified")]
    assert not SocialAccount.objects.exists()


def test_unknown_person_is_refused_with_words_of_what_to_do(rita, enter):
    response = enter(email="ukjent@fjord.example")
    assert why(response) == "unknown"
    assert response.status_code == 403
    assert not Person.objects.filter(email="ukjent@fjord.example").exists()


def test_unknown_person_is_made_without_position_where_the_settings_say_so(rita, trusted, enter):
    trusted(creates=True)
    response = enter(sub="new", email="Ny.Person@fjord.example", name="Ny Person")
    made = Person.objects.get(email="ny.person@fjord.example")
    assert response.wsgi_request.user == made
    assert (made.name, made.appointments.count(), made.has_usable_password()) == ("Ny Person", 0, False)


def test_person_with_an_address_that_is_none_is_not_made(trusted, enter, db):
    trusted(creates=True)
    assert why(enter(sub="new", email="ikke en adresse")) == "unknown"


def test_another_claim_may_find_the_person(rita, trusted, enter):
    trusted(claim="upn", person_field="email")
    assert why(enter()) == "unknown"
    assert enter(upn=rita.email.upper()).wsgi_request.user == rita


def test_employee_number_may_find_the_person(rita, trusted, enter):
    rita.code = "10042"
    rita.save()
    trusted(claim="employeeid", person_field="code")
    assert enter(employeeid="10042").wsgi_request.user == rita
    assert why(enter(sub="b", employeeid="")) == "unknown"


def test_deactivated_person_is_refused_also_when_the_provider_knows_them(rita, enter):
    enter()
    Person.objects.filter(pk=rita.pk).update(is_active=False)
    assert why(enter()) == "inactive"
    assert SecurityEvent.objects.latest("id").person == rita


def test_the_same_subject_at_another_issuer_is_somebody_else(rita, trusted, enter, running):
    enter()
    kept = SocialAccount.objects.get()
    again = RunningProvider()
    try:
        trusted(issuer=again.issuer)
        again.knows("rita-1", email="other@fjord.example", email_verified=True)
        browser = Client()
        response = browser.get(again.vouches(browser.get(START).url, "rita-1"))
        response.browser = browser
        assert why(response) == "unknown"
    finally:
        again.stop()
    assert kept.extra_data == {}
    assert "rita-1" not in kept.uid


# -- groups give positions


@pytest.fixture
def posts(world, make):
    """Two vacant positions with numbers, for a group of two."""
    school = world.units.school
    return [make.position(f"Kontrollør {code}", school, role="case_officer", code=code) for code in ("K1", "K2")]


def held_by(person) -> set:
    return set(Appointment.objects.in_force(TODAY).filter(person=person).values_list("position__code", flat=True))


def test_group_gives_a_position_and_what_it_may_do(rita, trusted, enter, posts):
    trusted(groups={"g-1": ("K1",), "g-2": ("K2",)})
    response = enter(groups=["g-1", "other"])
    assert held_by(rita) == {"", "K1"}
    assert ("position_given", "Entra ID: Kontrollør K1") in log()
    assert response.wsgi_request.user.has_perm("measure.create", posts[0].unit)


def test_group_that_is_gone_ends_the_position_at_once_and_nothing_else(rita, trusted, enter, posts):
    trusted(groups={"g-1": ("K1",), "g-2": ("K2",)})
    enter(groups=["g-1", "g-2"])
    Appointment.objects.filter(position=posts[0]).update(start=TODAY - timedelta(days=9))
    enter(groups=[])
    assert held_by(rita) == {""}
    ended = Appointment.objects.get(position=posts[0])
    assert ended.end == TODAY - timedelta(days=1)
    assert not Appointment.objects.filter(position=posts[1]).exists(), "given today, never in force a whole day"


def test_position_that_people_gave_is_not_the_group_s_to_take(rita, trusted, enter, posts):
    Appointment.objects.create(person=rita, position=posts[0])
    trusted(groups={"g-1": ("K1",)})
    enter(groups=["g-1"])
    assert not ProvidedAppointment.objects.exists()
    enter(groups=[])
    assert "K1" in held_by(rita)


def test_group_named_twice_gives_the_first_vacant_position(rita, trusted, enter, posts, world):
    trusted(groups={"g-1": ("K1", "K2")})
    enter(groups=["g-1"])
    enter(sub="mona", email=world.people.head.email, groups=["g-1"])
    enter(sub="lars", email=world.people.teacher.email, groups=["g-1"])
    assert [held_by(person) & {"K1", "K2"} for person in (rita, world.people.head, world.people.teacher)] == [
        {"K1"},
        {"K2"},
        set(),
    ]
    assert ("position_taken", "Entra ID: Kontrollør K1") in log()


def test_closed_position_is_given_to_nobody(rita, trusted, enter, posts):
    posts[0].since = posts[0].until = TODAY - timedelta(days=1)
    posts[0].save()
    trusted(groups={"g-1": ("K1", "K2")})
    enter(groups="g-1")
    assert held_by(rita) == {"", "K2"}


def test_too_many_groups_to_know_them_is_refused_and_nothing_is_taken(rita, trusted, enter, posts):
    trusted(groups={"g-1": ("K1",)})
    enter(groups=["g-1"])
    assert why(enter(groups=None, _claim_names={"groups": "src1"})) == "groups"
    assert "K1" in held_by(rita)


# -- how well


def test_provider_that_signs_in_too_weakly_is_refused(rita, trusted, enter):
    trusted(levels=("substantial", "high"))
    asked = parse_qs(urlsplit(Client().get(START).url).query)
    assert asked["acr_values"] == ["substantial high"]
    assert why(enter(acr="low")) == "level"
    assert is_signed_in(enter(acr="high").browser)


def test_second_step_is_asked_for_here_unless_it_was_taken_there(rita, trusted, enter):
    TOTP.activate(rita, "A" * 32)
    assert Authenticator.objects.filter(user=rita).exists()
    assert enter(amr=["pwd"]).url == reverse("mfa_authenticate")
    trusted(second_step=frozenset({("amr", "mfa")}))
    assert enter(amr=["pwd"]).url == reverse("mfa_authenticate")
    response = enter(amr=["pwd", "mfa"])
    assert response.url == "/"
    assert is_signed_in(response.browser)


# -- what goes wrong


def test_person_who_says_no_there_meets_a_page_of_ours(trusted, running, db):
    browser = Client()
    response = browser.get(running.refuses(browser.get(START).url))
    response.browser = browser
    assert why(response) == "cancelled"
    assert log() == []


def test_answer_that_this_browser_did_not_ask_for_is_refused(rita, enter):
    back = enter().back
    stranger = Client()
    response = stranger.get(back)
    response.browser = stranger
    assert why(response) == "failed"
    assert log()[-1] == ("failed", "Entra ID: state")


def test_answer_is_used_once(rita, enter):
    first = enter()
    response = first.browser.get(first.back)
    assert response.status_code == 400


def test_token_of_another_sign_in_is_refused(rita, trusted, running):
    running.knows("rita-1", **CLAIMS)
    browser = Client()
    asked = browser.get(START).url
    nonce = parse_qs(urlsplit(asked).query)["nonce"][0]
    back = running.vouches(asked.replace(nonce, "another-sign-in"), "rita-1")
    response = browser.get(back)
    response.browser = browser
    assert why(response) == "failed"
    assert log()[-1] == ("failed", "Entra ID: nonce")


def test_what_is_asked_for_is_proven_by_pkce_and_state(trusted, db):
    asked = parse_qs(urlsplit(Client().get(START).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()


@pytest.mark.parametrize("issuer", ["http://localhost:1", "http://localhost:{port}/elsewhere"])
def test_provider_that_is_down_or_another_is_explained_and_nothing_leaks(trusted, running, db, issuer):
    trusted(issuer=issuer.format(port=urlsplit(running.issuer).port))
    browser = Client()
    response = browser.get(START)
    response.browser = browser
    assert why(response) == "failed"
    assert "localhost" not in response.content.decode()


def test_provider_nobody_has_named_does_not_exist(trusted, db):
    assert Client().get("/konto/oidc/annen/").status_code == 404
    assert Client().get("/konto/oidc/annen/svar/?code=1&state=2").status_code == 404


def test_there_is_an_end_to_the_tries_from_one_place(trusted, settings, db):
    settings.ACCOUNT_RATE_LIMITS = {"provider": "3/m/ip"}
    browser = Client()
    assert [browser.get(f"{START}svar/").status_code for _try in range(4)] == [400, 400, 400, 429]
    assert browser.get(START).status_code == 429


# -- the sign-in page, passwords, and the way out


def test_sign_in_page_offers_the_provider_and_keeps_where_one_was(trusted, db):
    text = Client().get(f"{reverse('account_login')}?next=/tiltak/").content.decode()
    assert f'href="{START}?next=/tiltak/"' in text
    assert "Entra ID" in text


def test_passwords_that_are_switched_off_open_for_administrators_alone(rita, trusted, settings, sign_in, world):
    settings.PASSWORDS_ARE_FOR_ALL = False
    response = sign_in(rita.email)
    assert why(response) == "passwords_off"
    administrator = world.people.administrator
    administrator.set_password(PASSWORD)
    administrator.save()
    assert is_signed_in(sign_in(administrator.email).browser)


def test_provider_opens_when_passwords_are_switched_off(rita, trusted, settings, enter):
    settings.PASSWORDS_ARE_FOR_ALL = False
    assert is_signed_in(enter().browser)


def test_signing_out_goes_on_to_the_provider_when_the_settings_say_so(rita, trusted, running, enter):
    trusted(signs_out=True)
    browser = enter().browser
    response = browser.post(reverse("account_logout"))
    assert response.url == reverse("signed_out")
    assert not is_signed_in(browser)
    onward = browser.get(response.url).headers["Refresh"]
    assert onward.startswith(f"0; url={running.issuer}/oauth2/end_session?id_token_hint=")
    assert "Refresh" not in browser.get(reverse("signed_out")).headers


def test_signing_out_stays_here_otherwise(rita, enter):
    response = enter().browser.post(reverse("account_logout"))
    assert response.url == reverse("home")


# -- the settings


def settings_of(monkeypatch, **values):
    monkeypatch.setenv("STYRHUS_OIDC", "entra")
    sound = {"ISSUER": "https://login.example/t/v2.0", "CLIENT_ID": "styrhus", "CLIENT_SECRET": "s"}
    for name, value in (sound | values).items():
        monkeypatch.setenv(f"STYRHUS_OIDC_ENTRA_{name}", value)
    return oidc.providers()


def test_settings_describe_a_provider(monkeypatch):
    found = settings_of(monkeypatch, GROUPS="g-1=K1, g-1=K2,g-2=K3", PERSON="upn:email", SECOND_STEP="amr=mfa")["entra"]
    assert found.groups == {"g-1": ("K1", "K2"), "g-2": ("K3",)}
    assert (found.claim, found.person_field, found.label) == ("upn", "email", "Entra")
    assert found.second_step == {("amr", "mfa")}
    assert "hemmelig" not in repr(replace(found, client_secret="hemmelig"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://login.example"),
        ("ISSUER", "login.example"),
        ("ISSUER", "https://login.microsoftonline.com/common/v2.0"),
        ("CLIENT_ID", ""),
        ("PERSON", "upn:name"),
        ("GROUPS", "g-1"),
        ("SECOND_STEP", "=mfa"),
    ],
)
def test_unsound_settings_are_refused_by_name(monkeypatch, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"STYRHUS_OIDC_ENTRA_{name}"):
        settings_of(monkeypatch, **{name: value})
