"""Work done from end to end, by more than one person where it takes more than one."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tours.conftest import PHONE

pytestmark = pytest.mark.tour


def new_measure(visitor, title: str):
    visitor.open("/tiltak/ny/")
    visitor.page.fill("[name=title]", title)
    visitor.page.fill("[name=description]", "To voksne ved henting mellom 15 og 16.30.")
    visitor.page.fill("[name=responsible]", "styrer solbakken")
    visitor.page.locator("main form button").first.click()
    visitor.check()
    expect(visitor.page.locator("h1")).to_have_text(title)
    return visitor


def test_a_measure_from_idea_to_done(visit):
    visitor = new_measure(visit().sign_in("siri.braten"), "To voksne ved henting")
    visitor.page.locator("form[action$='/steg/start/'] button").click()
    visitor.check()
    visitor.page.locator("#follow-ups a[href$='/oppfolging/']").click()
    visitor.page.fill("[name=what]", "Spør foreldrene")
    visitor.page.fill("[name=due]", "2030-01-15")
    visitor.page.locator("main form button").first.click()
    visitor.check().see("Spør foreldrene")
    visitor.page.fill("[name=text]", "Dette hjelper, @Ingrid Sæther.")
    visitor.page.locator("#comments form button").click()
    visitor.check().see("Dette hjelper")
    # What has been promised holds the last step until it is done.
    visitor.page.locator("form[action$='/steg/finish/'] button").click()
    visitor.check()
    expect(visitor.page.locator(".ds-error-summary")).to_be_visible()
    visitor.page.go_back()
    visitor.page.locator("#follow-ups form button").click()
    visitor.check()
    visitor.page.locator("form[action$='/steg/finish/'] button").click()
    visitor.check()
    expect(visitor.page.locator(".item-state .status")).to_be_visible()
    told = visit(PHONE).sign_in("ingrid.saether").open("/varsler/")
    told.see("To voksne ved henting")


def test_bad_input_keeps_what_was_typed(visit):
    visitor = visit(PHONE).sign_in("siri.braten").open("/tiltak/ny/")
    visitor.page.fill("[name=description]", "Uten tittel")
    visitor.page.fill("[name=progress]", "mye")
    visitor.page.select_option("[name=openness]", "exempt")
    visitor.page.locator("main form button").first.click()
    visitor.check()
    expect(visitor.page.locator(".ds-error-summary")).to_be_focused()
    expect(visitor.page.locator("[name=description]")).to_have_value("Uten tittel")
    expect(visitor.page.locator("[name=progress]")).to_have_value("mye")
    expect(visitor.page.locator("[name=exemption_basis]")).to_be_visible()


def test_the_second_of_two_is_told_and_shown_both(visit):
    first = new_measure(visit().sign_in("siri.braten"), "Ny port ved parkeringen")
    edit = first.page.url + "endre/"
    second = visit().sign_in("ingrid.saether").open(edit)
    first.open(edit)
    first.page.fill("[name=description]", "Det Siri skrev")
    first.page.locator("main form button").first.click()
    first.check()
    second.page.fill("[name=description]", "Det Ingrid skrev")
    second.page.locator("main form button").first.click()
    second.check().see("Det Siri skrev")
    expect(second.page.locator("[name=description]")).to_have_value("Det Ingrid skrev")
    second.page.locator("main form button").first.click()
    second.check().see("Det Ingrid skrev")


def test_unsaved_work_survives_a_closed_tab(visit):
    visitor = visit().sign_in("siri.braten").open("/tiltak/ny/")
    visitor.page.fill("[name=title]", "Halvferdig tanke")
    context = visitor.page.context
    visitor.page.close()
    page = context.new_page()
    page.goto(f"{visitor.address}/tiltak/ny/")
    expect(page.locator("[name=title]")).to_have_value("Halvferdig tanke")


def test_sorting_and_filtering_swap_the_register_alone(visit):
    visitor = visit().sign_in("ingrid.saether").open("/tiltak/")
    visitor.page.evaluate("document.body.dataset.same = 'yes'")
    visitor.page.locator("#sort-title").click()
    expect(visitor.page.locator("th[aria-sort=ascending] #sort-title")).to_be_visible()
    visitor.page.select_option("[name=state]", "overdue")
    visitor.page.locator(".filters button").click()
    expect(visitor.page.locator("tbody tr").first).to_be_visible()
    assert visitor.page.evaluate("document.body.dataset.same") == "yes"
    visitor.page.locator("tbody th a").first.click()
    expect(visitor.page.locator("#comments")).to_be_visible()


def test_a_view_is_saved_and_found_again(visit):
    visitor = visit().sign_in("siri.braten").open("/tiltak/?state=done")
    visitor.page.locator("a[href*='/ting/visning/']").click()
    visitor.page.fill("[name=name]", "Det vi ble ferdige med")
    visitor.page.locator("main form button").first.click()
    visitor.check()
    visitor.open("/tiltak/").press("Det vi ble ferdige med", role="link")
    assert "state=done" in visitor.page.url


def test_the_register_as_a_spreadsheet(visit):
    page = visit().sign_in("ingrid.saether").open("/tiltak/?state=all").page
    with page.expect_download() as waiting:
        page.locator(".exports a").nth(1).click()
    sheet = load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active
    assert sheet.max_row > 50
    assert sheet["A1"].value == "Tittel"


def test_a_file_is_kept_and_given_back_as_it_was(visit):
    visitor = new_measure(visit().sign_in("siri.braten"), "Nytt reglement")
    content = b"Dato;Tekst\n01.02.2026;\xc3\xa6\xc3\xb8\xc3\xa5\n"
    visitor.page.set_input_files("#id_file", {"name": "møte.csv", "mimeType": "text/csv", "buffer": content})
    visitor.page.locator("#files form button").click()
    visitor.check()
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="møte.csv").click()
    assert waiting.value.path().read_bytes() == content
    visitor.page.set_input_files("#id_file", {"name": "side.pdf", "mimeType": "application/pdf", "buffer": b"<script>"})
    visitor.page.locator("#files form button").click()
    visitor.check()
    expect(visitor.page.locator(".ds-error-summary")).to_be_visible()


def test_a_chart_is_drawn_and_has_its_table(visit):
    visitor = visit().sign_in("ingrid.saether").open("/tiltak/diagram/")
    expect(visitor.page.locator("[data-chart] svg")).to_be_visible()
    visitor.page.locator("figure summary").click()
    expect(visitor.page.locator("figure table")).to_be_visible()
    visitor.check()


def test_the_administrator_looks_at_the_screen_of_another(visit):
    visitor = visit().sign_in("priya.raman").open("/support/?q=Siri")
    visitor.page.locator("a[href^='/support/']").last.click()
    visitor.page.fill("[name=reason]", "Finner ikke knappen")
    visitor.page.locator("main form button").first.click()
    visitor.check()
    expect(visitor.page.locator(".banner[data-color=danger]")).to_be_visible()
    visitor.page.locator(".banner[data-color=danger] button").click()
    visitor.check()
    expect(visitor.page.locator(".banner[data-color=danger]")).to_have_count(0)
