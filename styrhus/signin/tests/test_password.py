"""Changing and forgetting a password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from styrhus.signin.tasks import send_notice, send_password_link
from styrhus.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "Brygga-om-kvelden-9"


def asked_of_the_queue():
    return [(job.task_name.rpartition(".")[2], job.args) for job in ProcrastinateJob.objects.order_by("id")]


def change(browser, new=NEW, again=None, old=PASSWORD):
    answers = {"oldpassword": old, "password1": new, "password2": again or new}
    return browser.post(reverse("account_change_password"), answers)


def test_changing_password_ends_every_other_session_and_no_more(rita, rita_in, sign_in):
    elsewhere = sign_in(rita.email).browser
    assert change(rita_in).url == reverse("account_security")
    assert rita_in.get(reverse("account_security")).status_code == 200
    assert elsewhere.get(reverse("account_security")).status_code == 302
    assert len(rita_in.get(reverse("account_security")).context["sessions"]) == 1


def test_change_is_logged_and_told_by_mail(rita, rita_in, logged):
    change(rita_in)
    assert logged() == ["signed_in", "password_changed"]
    ((task, asked),) = asked_of_the_queue()
    assert (task, asked["template"]) == ("send_notice", "account/email/password_changed")
    send_notice(**asked)
    (letter,) = mail.outbox
    assert letter.to == [rita.email]
    assert PASSWORD not in letter.body + NEW


@pytest.mark.parametrize(
    "new, again, old, field",
    [
        (NEW, NEW, "not mine", "oldpassword"),
        (NEW, NEW + "!", PASSWORD, "password2"),
        ("kort", "kort", PASSWORD, "password1"),
        ("password1234", "password1234", PASSWORD, "password1"),
        ("Rita Rektor 1", "Rita Rektor 1", PASSWORD, "password1"),
    ],
)
def test_refused_change_says_where_and_changes_nothing(rita, rita_in, make, new, again, old, field):
    response = change(rita_in, new, again, old)
    assert list(response.context["form"].errors) == [field]
    assert make.again(rita).check_password(PASSWORD)


def test_same_request_is_made_for_a_known_and_an_unknown_email(rita, client):
    for email in (rita.email, "nobody@fjord.example"):
        response = client.post(reverse("account_reset_password"), {"email": email})
        assert response.url == reverse("account_reset_password_done")
    assert [task for task, _asked in asked_of_the_queue()] == ["send_password_link"] * 2


def test_no_link_lies_in_the_queue(rita, client):
    client.post(reverse("account_reset_password"), {"email": rita.email})
    ((_task, asked),) = asked_of_the_queue()
    assert asked == {"email": rita.email, "site": "http://testserver/", "language": "nb"}


@pytest.mark.parametrize("email", ["nobody@fjord.example", ""])
def test_unknown_email_gets_no_letter(db, email):
    send_password_link(email=email, site="https://styrhus.example/", language="nb")
    assert mail.outbox == []


def test_inactive_person_gets_no_link(rita):
    rita.is_active = False
    rita.save()
    send_password_link(email=rita.email, site="https://styrhus.example/", language="nb")
    assert mail.outbox == []


def letter_to(person) -> str:
    send_password_link(email=person.email.upper(), site="http://testserver/", language="nb")
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body).group(1)


def test_link_in_the_letter_gives_a_new_password_once(rita, rita_in, make, logged):
    link = letter_to(rita)
    assert not EmailAddress.objects.exists(), "a copy would open the door after the e-mail has been corrected"
    stranger = Client()
    page = stranger.get(link, follow=True)
    assert page.request["PATH_INFO"].endswith("-set-password/"), "the key must not stay in the address"
    done = stranger.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done.url == reverse("account_reset_password_from_key_done")
    assert make.again(rita).check_password(NEW)
    assert rita_in.get(reverse("account_security")).status_code == 302, "whoever was inside is out"
    assert logged()[-1] == "password_reset"
    assert Client().get(link, follow=True).context["token_fail"]


def test_new_password_must_keep_the_rules(rita):
    stranger = Client()
    page = stranger.get(letter_to(rita), follow=True)
    response = stranger.post(page.request["PATH_INFO"], {"password1": "kort", "password2": "kort"})
    assert list(response.context["form"].errors) == ["password1"]


def test_made_up_link_says_that_it_cannot_be_used(client, db):
    response = client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "abc-def"}))
    assert response.context["token_fail"]


def test_person_without_password_may_choose_one(world, make, signed_in):
    person = make.person(password="!nothing")
    browser = signed_in(person)
    response = browser.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    assert response.url == reverse("account_security")
    assert make.again(person).check_password(NEW)
