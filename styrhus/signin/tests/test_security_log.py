"""The security log: append-only, without more about people than it needs, and read by few."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from styrhus.kit.logs import JsonLines
from styrhus.signin.models import SecurityEvent
from styrhus.signin.operations import network_of, record
from styrhus.signin.tasks import forget_old_security_events

pytestmark = pytest.mark.django_db
LOG = "/sikkerhetslogg/"


@pytest.fixture
def event(world):
    return record("signed_in", person=world.people.principal)


def old_event(days):
    return SecurityEvent.objects.create(kind="signed_in", at=timezone.now() - timedelta(days=days))


def test_no_row_can_be_changed(event):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SecurityEvent.objects.filter(pk=event.pk).update(note="changed")


@pytest.mark.parametrize("days", [0, 364])
def test_young_row_cannot_be_deleted(db, days):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        old_event(days).delete()


def test_rows_go_after_a_year(event):
    old_event(367)
    forget_old_security_events(timestamp=0)
    assert list(SecurityEvent.objects.all()) == [event]


def test_row_of_a_year_exactly_waits_for_the_next_night(db):
    kept = old_event(365)
    forget_old_security_events(timestamp=0)
    assert list(SecurityEvent.objects.all()) == [kept]


@pytest.mark.parametrize(
    "address, network",
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
    ],
)
def test_only_the_network_is_kept(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_event_of_the_program_itself_has_no_network():
    assert network_of(None) == ""
    assert network_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""


def test_line_in_the_program_s_log_names_nobody(world, caplog):
    with caplog.at_level(logging.INFO, "styrhus.security"):
        request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.77")
        kept = record("failed", request=request, person=world.people.principal, note="Rita sa noe")
    (line,) = [JsonLines().format(record) for record in caplog.records]
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "level": "info",
        "from": "styrhus.security",
        "message": "security",
        "kind": "failed",
        "security_event": kept.pk,
    }


def test_administrator_reads_the_log(event, world, signed_in):
    page = signed_in(world.people.administrator).get(LOG)
    assert "Rita Rektor" in page.content.decode()


@pytest.mark.parametrize("role", ["director", "principal", "teacher", "councillor", "guest"])
def test_nobody_else_does(event, world, signed_in, role):
    browser = signed_in(getattr(world.people, role))
    assert browser.get(LOG).status_code == 403
    assert browser.get(LOG, {"format": "csv"}).status_code == 403


def test_log_is_filtered_by_kind_day_and_name(world, signed_in):
    browser = signed_in(world.people.administrator)
    SecurityEvent.objects.create(kind="failed", person=world.people.teacher, at=timezone.now() - timedelta(days=3))
    day = (timezone.localdate() - timedelta(days=3)).isoformat()

    def found(**asked):
        return [event.kind for event in browser.get(LOG, asked).context["page"].object_list]

    assert found() == ["signed_in", "failed"]
    assert found(kind="failed") == ["failed"]
    assert found(until=day) == ["failed"]
    assert found(since=day, until=day) == ["failed"]
    assert found(since=timezone.localdate().isoformat()) == ["signed_in"]
    assert found(who="lærer") == ["failed"]


def test_file_holds_words_and_not_codes(world, signed_in):
    record("failed", person=world.people.teacher, note="totp")
    response = signed_in(world.people.administrator).get(LOG, {"format": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "failed" not in text
    assert "totp" not in text
    assert "Lars Lærer" in text


def test_person_in_the_log_is_not_deleted(make):
    person = make.person()
    record("signed_in", person=person)
    with pytest.raises(ProtectedError):
        person.delete()


def test_every_page_of_sign_in_keeps_the_policy(client, db):
    response = client.get(reverse("account_login"))
    assert "script-src 'self';" in response["Content-Security-Policy"] + ";"
    assert "<script>" not in response.content.decode()
