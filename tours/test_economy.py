"""Money in the browser: a forecast on a phone, and a month of accounts loaded, looked into and taken back."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tours.conftest import PHONE
from tours.test_organisation import PATIENCE, follow, press_main, start

pytestmark = pytest.mark.tour
YEAR = date.today().year


def test_a_unit_manager_gives_a_forecast_on_a_phone(visit):
    visitor = visit(PHONE).sign_in("siri.braten").open("/okonomi/").check().see("De største avvikene")
    visitor.press("Gi prognose", role="link").check()
    visitor.page.fill("[name=amount]", "20 000 000")
    visitor.press("Lagre prognosen")
    expect(visitor.page.locator(".ds-error-summary")).to_contain_text("langt fra budsjettet")
    expect(visitor.page.locator("[name=amount]")).to_have_value("20 000 000")
    visitor.page.fill("[name=comment]", "To nye barn med vedtak. Vi søker om mer.")
    visitor.press("Lagre prognosen").see("er lagret").see("To nye barn med vedtak")


def test_a_controller_loads_a_month_looks_into_it_and_takes_it_back(visit):
    visitor = visit().sign_in("thi.lan.nguyen").open("/okonomi/uttrekk/").press("Fra fil", role="link")
    visitor.page.locator("[name=kind][value=ledger]").check()
    table = f"år;måned;ansvar;art;funksjon;beløp;tekst\n{YEAR};12;2310;10100;20100;1 234,50;Julelønn\n"
    file = {"name": "desember.csv", "mimeType": "text/csv", "buffer": table.encode()}
    visitor.page.set_input_files("[name=file]", file)
    press_main(visitor)
    start(visitor)
    expect(visitor.page.locator("#totals-head")).to_be_visible(timeout=PATIENCE)
    visitor.see("Solbakken barnehage").see("1\u00a0234,50")
    kept = visitor.page.url
    start(visitor)
    undo = visitor.page.locator("a[href$='/angre/']")
    expect(undo).to_be_visible(timeout=PATIENCE)
    visitor.open("/okonomi/uttrekk/?sort=-at").see("desember").check()
    visitor.open(kept)
    start(follow(visitor, undo))
    expect(visitor.page.locator("#state-head")).to_contain_text("Angret", timeout=PATIENCE)
    visitor.open("/okonomi/uttrekk/?sort=-at").see("angret")


def test_a_unit_makes_its_budget_and_it_goes_to_the_accounting_system_and_back(visit):
    """Pay and lines against the frame, over the months, out as a file and in again unchanged."""
    visitor = visit().sign_in("siri.braten").open("/okonomi/").press("Lag budsjett", role="link").check()
    visitor.see("Mot rammen").see("innenfor rammen").press("Ny stilling", role="link").check()
    visitor.page.fill("[name=title]", "Lærling")
    visitor.page.fill("[name=full_time]", "to")
    visitor.page.fill("[name=pay]", "210 000")
    press_main(visitor)
    expect(visitor.page.locator("[name=title]")).to_have_value("Lærling")
    visitor.page.fill("[name=full_time]", "1,5")
    press_main(visitor)
    visitor.see("Lærling").press("Legg inn i budsjettet").check().see("av dette ligger i budsjettet")
    controller = visit().sign_in("thi.lan.nguyen").open("/okonomi/versjoner/").check()
    controller.press(f"Budsjett {YEAR + 1}", role="link").check().press("Fordel på månedene").check().see("juni")
    version = controller.page.url
    with controller.page.expect_download() as download:
        controller.page.get_by_role("link", name="Fil til regnskapssystemet").click()
    controller.open("/import/ny/")
    controller.page.locator("[name=kind][value=budget]").check()
    file = {"name": "budsjett.csv", "mimeType": "text/csv", "buffer": download.value.path().read_bytes()}
    controller.page.set_input_files("[name=file]", file)
    press_main(controller)
    controller.page.fill("[name=same_version]", "Budsjett")
    start(controller)
    expect(controller.page.locator("#totals-head")).to_be_visible(timeout=PATIENCE)
    numbers = [int(text) for text in controller.page.locator(".counts dd").all_inner_texts()]
    assert numbers[0] > 50 and numbers[1:] == [0, 0, numbers[0], 0]
    controller.open(version).check()
