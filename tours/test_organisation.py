"""Files in and out again, standing by what was promised, finding, and looking back: each as one journey."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tours.conftest import PHONE

pytestmark = pytest.mark.tour

# A job runs beside the page; on a busy machine it takes a while.
PATIENCE = 30_000
# “Hvem” is a word that nothing is guessed from, and the last line has no address.
STAFF = """Ansattnr;Hvem;E-post
90001;Aslaug Prøvesen;aslaug.provesen@fjordvik.example
90002;Brage Prøvesen;brage.provesen@fjordvik.example
90003;Cato Prøvesen;ingen adresse
"""


def press_main(visitor):
    return follow(visitor, visitor.page.locator("main form button").first)


def follow(visitor, button):
    with visitor.page.expect_navigation():
        button.click()
    return visitor.check()


def start(visitor) -> None:
    """Press what starts a job: the page turns by itself when the job is done, so nothing is checked before that."""
    visitor.page.locator("main form button").first.click()


def counted(visitor) -> list[int]:
    """Rows read, new, changed, unchanged, refused: as soon as the job that counts them is done."""
    counts = visitor.page.locator(".counts dd")
    expect(counts).to_have_count(5, timeout=PATIENCE)
    visitor.check()
    return [int(text) for text in counts.all_inner_texts()]


def people_named(visitor, word: str) -> int:
    visitor.open(f"/organisasjon/personer/?q={word}")
    return int(visitor.page.locator(".found strong").inner_text())


def test_a_file_is_mended_tried_loaded_and_taken_back(visit):
    visitor = visit().sign_in("priya.raman").open("/import/ny/")
    visitor.page.locator("[name=kind][value=people]").check()
    file = {"name": "ansatte.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    visitor.page.set_input_files("[name=file]", file)
    press_main(visitor)
    press_main(visitor)
    expect(visitor.page.locator(".ds-error-summary")).to_be_visible()
    visitor.page.get_by_label("Hvem").select_option("name")
    start(visitor)
    assert counted(visitor) == [3, 2, 0, 0, 1]
    expect(visitor.page.locator("#rows")).to_contain_text("4")
    kept = visitor.page.url
    assert people_named(visitor, "Prøvesen") == 0
    visitor.open(kept).page.locator("main form [type=checkbox]").check()
    start(visitor)
    undo = visitor.page.locator("a[href$='/angre/']")
    expect(undo).to_be_visible(timeout=PATIENCE)
    assert people_named(visitor, "Prøvesen") == 2
    visitor.open(kept)
    start(follow(visitor, undo))
    expect(visitor.page.locator("#state-head")).to_contain_text("Angret", timeout=PATIENCE)
    assert people_named(visitor, "Prøvesen") == 0


def test_a_leader_finds_what_nobody_stands_by_and_confirms_the_own(visit):
    visitor = visit().sign_in("oystein.braekke").open("/ansvarshelse/")
    follow(visitor, visitor.page.locator("a.phase-card").last)
    assert "cause=" in visitor.page.url
    assert int(visitor.page.locator(".found strong").inner_text()) > 0
    follow(visitor, visitor.open("/ansvarshelse/").page.locator(".actions a[href$='/bekreft/']"))
    waiting = visitor.page.url
    before = visitor.page.locator("[name=thing]").count()
    visitor.page.locator("[name=thing]").first.check()
    press_main(visitor)
    assert visitor.open(waiting).page.locator("[name=thing]").count() == before - 1


def tab_to(page, target) -> None:
    for _press in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by keyboard")


def test_something_is_found_by_keyboard_alone(visit):
    visitor = visit().sign_in("siri.braten")
    page = visitor.page
    tab_to(page, page.locator("#search"))
    page.keyboard.type("barnehage")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok/?q=barnehage")
    visitor.check()
    hit = page.locator("main .rows-list a").first
    title = hit.inner_text()
    tab_to(page, hit)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def test_a_calendar_is_made_read_without_a_session_and_closed(visit):
    visitor = visit(PHONE).sign_in("siri.braten").open("/paaminnelser/")
    follow(visitor, visitor.page.locator("form[action$='/kalender/'] button"))
    address = visitor.page.locator("#address").input_value()
    assert "BEGIN:VEVENT" in fetched(address)
    follow(visitor, visitor.page.locator("form[action$='/steng/'] button"))
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(address)
    assert refused.value.code == 404


def test_a_thing_is_read_as_it_stood_and_as_it_is_again(visit):
    visitor = visit().sign_in("siri.braten").open("/tiltak/")
    follow(visitor, visitor.page.locator("tbody th a").first)
    now = visitor.page.url
    follow(visitor, visitor.page.locator("a[href*='/slik-det-stod/']").first)
    expect(visitor.page.locator("#stood-head")).to_be_visible()
    expect(visitor.page.locator("form[action*='/steg/']")).to_have_count(0)
    follow(visitor, visitor.page.locator("section[aria-labelledby=stood-head] a"))
    assert visitor.page.url == now
