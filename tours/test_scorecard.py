"""Figures in the browser: entered on a phone, seen by the director, followed along the red thread."""

import pytest
from playwright.sync_api import expect

from tours.conftest import PHONE

pytestmark = pytest.mark.tour
LINE = "li.figure-line"


def line_of(visitor, indicator: str):
    return visitor.page.locator(LINE, has_text=indicator)


def test_a_unit_manager_enters_figures_on_a_phone(visit):
    visitor = visit(PHONE).sign_in("siri.braten").open("/resultater/")
    wrong = line_of(visitor, "Barn kartlagt i språk")
    wrong.locator("[name$=numerator]").fill("38")
    visitor.press("Lagre tallene")
    expect(visitor.page.locator(".ds-error-summary")).to_contain_text("trenger begge deler")
    right = line_of(visitor, "Barn kartlagt i språk")
    expect(right.locator("[name$=numerator]")).to_have_value("38")
    right.locator("[name$=denominator]").fill("41")
    visitor.press("Lagre tallene").see("1 tall er lagret")
    expect(line_of(visitor, "Barn kartlagt i språk")).to_contain_text("ført")


def test_a_director_sets_a_target_and_follows_the_thread(visit):
    visitor = visit().sign_in("ingrid.saether").open("/styringskort/")
    visitor.press("Andel heltidsstillinger", role="link")
    expect(visitor.page.locator(".chart canvas, .chart svg").first).to_be_visible()
    indicator = visitor.page.url.partition("?")[0]
    visitor.open(f"{indicator}maltall/")
    service_area = visitor.page.locator("[name=unit] option", has_text="Oppvekst").first.get_attribute("value")
    for _twice in range(2):
        visitor.page.select_option("[name=unit]", service_area)
        visitor.page.fill("[name=value]", "65")
        visitor.press("Lagre")
    # The first is kept; the second is for years that have a target already.
    expect(visitor.page.locator(".ds-error-summary")).to_contain_text("allerede et måltall")
    expect(visitor.page.locator("[name=value]")).to_have_value("65")
    visitor.open(indicator).press("Rød tråd", role="link")
    expect(visitor.page.locator("main svg").first).to_contain_text("Medarbeiderne blir")


PLANTED = {
    "Ingen enhet arbeider med målet": "Sykefraværet er under åtte prosent",
    "Ingen indikator": "Alle fireåringer er kartlagt i språk innen påske",
    "Uten måltall": "Avvik lukket innen frist",
}


def test_the_director_follows_a_red_result_to_its_measure_and_finds_three_gaps(visit):
    visitor = visit().sign_in("ingrid.saether").open("/styringskort/")
    visitor.see("Ikke nådd").press("Ventetid på sakkyndig vurdering", role="link")
    visitor.press("Rød tråd", role="link")
    visitor.page.get_by_text("Vis som liste").click()
    visitor.page.locator(".thread-list a", has_text="Korte ned ventetiden").first.click()
    visitor.check().see("over fristen")
    for lacking, thing in PLANTED.items():
        visitor.open("/rod-trad/hull/").page.get_by_role("link", name=lacking).first.click()
        visitor.check().see("treff")
        expect(visitor.page.locator("main tbody")).to_contain_text(thing)
