"""The pages as people meet them: each role, at a desk and on a small phone."""

import pytest
from playwright.sync_api import expect

from tours.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.tour

SCREENS = pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
LONG = pytest.mark.long
EVERYONE = ["/", "/tiltak/", "/tiltak/?state=all&sort=title", "/varsler/", "/mine-stillinger/", "/konto/sikkerhet/"]
STAFF = ["/tiltak/diagram/", "/organisasjon/enheter/"]
PEOPLE = {
    "ingrid.saether": [*EVERYONE, *STAFF, "/tiltak/ny/"],
    "siri.braten": [*EVERYONE, *STAFF, "/tiltak/ny/"],
    "bjorn.tommeras": [*EVERYONE, *STAFF],
    "astrid.hoyland": EVERYONE,
    "priya.raman": [*EVERYONE, *STAFF, "/support/", "/sikkerhetslogg/"],
}


# Each at the screen they are met at most in every run of the tests, at the other one in `make walks`.
WALKS = [
    ("ingrid.saether", DESKTOP),
    ("siri.braten", PHONE),
    ("astrid.hoyland", PHONE),
    *(
        pytest.param(name, screen, marks=LONG)
        for name, screen in (
            ("ingrid.saether", PHONE),
            ("siri.braten", DESKTOP),
            ("bjorn.tommeras", PHONE),
            ("priya.raman", DESKTOP),
            ("bjorn.tommeras", DESKTOP),
            ("astrid.hoyland", DESKTOP),
            ("priya.raman", PHONE),
        )
    ),
]


@pytest.mark.parametrize(("name", "screen"), WALKS)
def test_every_page_of_a_role_is_sound(visit, name, screen):
    visitor = visit(screen).sign_in(name)
    for path in PEOPLE[name]:
        visitor.open(path)


@SCREENS
def test_someone_signed_out_is_led_to_the_door(visit, screen):
    visitor = visit(screen)
    for path in ("/konto/logg-inn/", "/konto/passord/glemt/", "/finnes-ikke/"):
        visitor.open(path)
    visitor.open("/tiltak/")
    assert "/konto/logg-inn/" in visitor.page.url


@SCREENS
def test_a_measure_and_its_unit_can_be_read(visit, screen):
    visitor = visit(screen).sign_in("siri.braten").open("/tiltak/")
    visitor.page.locator("tbody th a").first.click()
    visitor.check()
    visitor.page.locator("a[href*='/endringer/']").first.click()
    visitor.check()
    visitor.page.go_back()
    visitor.page.locator("#main a[href^='/organisasjon/enheter/']").last.click()
    visitor.check()
    visitor.page.locator("#main a[href^='/organisasjon/stillinger/']").first.click()
    visitor.check()


def test_a_councillor_sees_no_internal_measures(visit):
    director, mayor = visit().sign_in("ingrid.saether"), visit().sign_in("astrid.hoyland")

    def found(visitor) -> int:
        return int(visitor.open("/tiltak/?state=all").page.locator(".found strong").inner_text())

    assert 0 < found(mayor) < found(director)


@pytest.mark.parametrize("language", ["nn", "en", "nb"])
def test_the_language_follows_the_person(visit, language):
    visitor = visit().sign_in("siri.braten")
    visitor.page.locator("summary.tool").click()
    visitor.page.locator(f"button[name=language][value={language}]").click()
    visitor.check()
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    heading = visitor.open("/tiltak/").page.locator("h1").inner_text()
    assert heading == {"nn": "Tiltak", "nb": "Tiltak", "en": "Measures"}[language]
    visitor.page.locator("summary.tool").click()
    visitor.page.locator("button[name=language][value=nb]").click()


def test_the_menu_works_by_keyboard_alone(visit):
    page = visit().sign_in("siri.braten").page
    page.keyboard.press("Tab")
    expect(page.locator(".ds-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_wheel_leads_to_what_is_due(visit):
    visitor = visit().sign_in("ingrid.saether")
    month = visitor.page.locator(".wheel .month:has(text:not(.name))").first
    count = int(month.locator("text:not(.name)").text_content())
    month.click()
    visitor.check()
    assert int(visitor.page.locator(".found strong").inner_text()) == count
