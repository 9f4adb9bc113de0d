"""What every request passes, and the addresses for the machines around the program."""

import json
import logging
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, localize

from styrhus.kit.lists import shown
from styrhus.kit.logs import JsonLines

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


# -- numbers and dates


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_numbers_and_dates_are_written_the_norwegian_way(language):
    with translation.override(language):
        assert localize(1_234_567) == f"1{NBSP}234{NBSP}567"
        assert localize(1_234.5) == f"1{NBSP}234,5"
        assert date_format(date(2026, 12, 4), "SHORT_DATE_FORMAT") == "04.12.2026"
        assert shown(datetime(2026, 12, 4, 12, 5, tzinfo=UTC)) == "04.12.2026 13.05"


def test_a_date_in_text_has_the_months_short_name():
    with translation.override("nb"):
        assert date_format(date(2026, 12, 4)) == "4. des. 2026"
        assert date_format(date(2026, 5, 17)) == "17. mai 2026"


def drawn(source, **context) -> str:
    with translation.override("nb"):
        return Template(source).render(Context(context))


def test_percent_has_a_comma_and_a_space_that_does_not_break():
    assert drawn("{{ share|percent:1 }}", share=8.9) == f"8,9{NBSP}%"
    assert drawn("{{ share|percent }}", share=100) == f"100{NBSP}%"
    assert drawn("{{ share|percent }}", share=None) == "–"


def test_what_is_empty_is_a_dash_and_nought_is_nought():
    assert [shown(value) for value in (None, "", 0)] == ["–", "–", "0"]


# -- language


def test_bokmal_is_the_language_until_another_is_chosen():
    response = Client(headers={"accept-language": "en,nn"}).get(reverse("account_login"))
    assert response["Content-Language"] == "nb"
    assert b'lang="nb"' in response.content


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_chosen_language_is_kept_on_the_device_and_for_the_person(world, signed_in, make, language):
    client = signed_in(world.people.teacher)
    client.post(reverse("set_language"), {"language": language})
    assert client.get("/").headers["Content-Language"] == language
    assert make.again(world.people.teacher).language == language


@pytest.mark.parametrize("language", ["de", "", "nb'; --", "../nb", "a" * 99])
def test_a_language_that_is_not_spoken_here_is_not_chosen(world, signed_in, make, language):
    client = signed_in(world.people.teacher)
    client.post(reverse("set_language"), {"language": language})
    assert make.again(world.people.teacher).language == ""
    client.cookies["styrhus_language"] = language
    assert client.get("/").headers["Content-Language"] == "nb"


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/tiltak/?state=all", "/tiltak/?state=all"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("http:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("\x01https://evil.example", "/"),
    ],
)
def test_choosing_a_language_never_leads_out_of_the_house(wanted, lands):
    assert Client().post(reverse("set_language"), {"language": "nn", "next": wanted})["Location"] == lands


# -- logs


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO)
    return lambda: [JsonLines().format(record) for record in caplog.records]


def test_the_request_line_names_the_route_and_never_the_address_or_the_person(world, signed_in, lines):
    client = signed_in(world.people.teacher)
    response = client.get(reverse("planning:measure", args=[world.things.internal.pk]), {"q": "Kari Hemmelig"})
    line = next(json.loads(line) for line in lines() if '"planning:measure"' in line)
    assert (line["method"], line["status"], line["request"]) == ("GET", 200, response["X-Request-ID"])
    whole = "\n".join(lines())
    for secret in (f"/{world.things.internal.pk}/", "Kari Hemmelig", world.people.teacher.email, "Lars Lærer"):
        assert secret not in whole


@pytest.mark.parametrize(
    "path", ["/finnes-ikke/kari.hansen@fjord.example/", "/tiltak/99999999/", "/konto/passord/nytt/a-b/"]
)
def test_what_is_not_found_or_refused_leaves_no_address_in_the_log(path, world, signed_in, lines):
    for client in (Client(), signed_in(world.people.teacher)):
        client.get(path)
    assert path not in "\n".join(lines())


def test_a_form_refused_for_its_token_leaves_no_address_in_the_log(lines):
    response = Client(enforce_csrf_checks=True).post(
        "/konto/passord/nytt/abc-hemmelig/", {"email": "kari@fjord.example"}
    )
    assert response.status_code == 403
    assert "hemmelig" not in "\n".join(lines())
    assert "kari@" not in "\n".join(lines())


def test_a_log_line_is_one_json_object_even_with_line_breaks():
    record = logging.makeLogRecord({"msg": "a\nb %s", "args": ("c\r\nd",), "email": "x@y.no", "user": "Kari", "ms": 5})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "a\nb c\r\nd"
    assert "x@y.no" not in line and "Kari" not in line


# -- machines


def test_alive_and_ready_answer_without_sign_in_and_are_not_stored():
    for name in ("alive", "ready"):
        response = Client().get(reverse(name))
        assert response.json() == {"status": "ok"}
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"{}",
        b'{"csp-report": null}',
        b'{"csp-report": []}',
        b'{"csp-report": "x"}',
        b'{"csp-report": 1}',
        b"\xff\xfe\x00",
        b"[" * 8_000,
        b'{"a":' * 1_600,
        b'{"csp-report": {"blocked-uri": "' + b"a" * 100_000,
    ],
)
def test_a_browser_report_that_is_junk_is_refused_politely(body):
    response = Client().post(reverse("browser_report"), body, content_type="application/csp-report")
    assert response.status_code == 400


def test_a_browser_report_is_logged_cut_short(lines):
    report = {"csp-report": {"blocked-uri": "inline" + "a" * 1_000, "effective-directive": "script-src", "odd": {}}}
    response = Client().post(reverse("browser_report"), json.dumps(report), content_type="application/csp-report")
    assert response.status_code == 204
    line = next(json.loads(line) for line in lines() if '"csp"' in line)
    assert line["effective_directive"] == "script-src"
    assert len(line["blocked_uri"]) == 200
    assert "odd" not in line


@pytest.mark.parametrize(
    "header", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"]
)
def test_every_page_wears_the_headers_of_a_safe_browser(world, signed_in, header):
    for response in (Client().get(reverse("account_login")), signed_in(world.people.teacher).get("/")):
        assert response[header]


def test_no_page_allows_inline_script_or_style(world, signed_in):
    policy = signed_in(world.people.teacher).get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
