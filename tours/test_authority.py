"""Authority in the browser: from the council down to a middle manager, and what cannot be given."""

import re

import pytest
from playwright.sync_api import expect

from tours.conftest import PHONE

pytestmark = pytest.mark.tour


def choose_power(visitor, name: str):
    visitor.open("/fullmakter/tre/")
    visitor.page.select_option("[name=power]", label=name)
    visitor.page.locator("main form button").first.click()
    return visitor.check()


def test_authority_is_followed_from_the_council_to_a_middle_manager(visit):
    visitor = choose_power(visit().sign_in("siri.braten"), "Ansette i faste stillinger")
    closed = visitor.page.locator(".tree details:not([open]) > summary")
    while closed.count():
        closed.first.click()
        # A branch is fetched when it is opened.
        visitor.page.wait_for_load_state("networkidle")
    expect(visitor.page.locator(".tree > li > span").first).to_contain_text("Kommunestyret")
    visitor.page.get_by_role("link", name="Pedagogisk leder, Blåveisen").click()
    visitor.check()
    chain = visitor.page.locator("#chain-head").locator("xpath=ancestor::section").locator("li")
    expect(chain).to_have_count(5)
    expect(chain.first).to_contain_text("Kommunestyret")
    expect(chain.last).to_contain_text("Pedagogisk leder")


def test_what_the_council_itself_decides_is_refused_with_the_section(visit):
    visitor = visit().sign_in("anne-grethe.lonning").open("/fullmakter/ny/delegert/")
    visitor.page.select_option("[name=power]", label="Vedta økonomiplan og årsbudsjett")
    visitor.page.fill("[name=holder]", "kommunedirektør")
    visitor.page.fill("[name=decision]", "PS 1/26")
    visitor.page.fill("[name=check_how]", "Stikkprøver")
    visitor.page.locator("main form button").first.click()
    visitor.check()
    expect(visitor.page.locator(".ds-error-summary")).to_contain_text("14-2")
    expect(visitor.page.locator("[name=check_how]")).to_have_value("Stikkprøver")


def test_a_check_is_recorded_on_a_phone(visit):
    visitor = visit(PHONE).sign_in("torbjorn.naerland").open("/fullmakter/?mine=on")
    visitor.page.get_by_role("link", name=re.compile("Disponere vedtatt budsjett")).last.click()
    visitor.check()
    visitor.page.locator("a[href$='/kontroll/']").click()
    visitor.check()
    visitor.page.locator("[name=outcome][value=good]").check()
    visitor.page.locator("main form button").first.click()
    visitor.check()
    expect(visitor.page.locator("#checks-head").locator("xpath=ancestor::section")).to_contain_text("Torbjørn Nærland")
