"""A merger in the browser, from the dry run to the tree of yesterday, and a plan that is taken back."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.tour
TODAY = date.today()


def draft(visitor, title: str, on: date):
    visitor.open("/organisasjon/omstilling/ny/")
    visitor.page.fill("[name=title]", title)
    visitor.page.fill("[name=on]", on.isoformat())
    return send(visitor)


def send(visitor):
    visitor.page.locator("main form .buttons button").first.click()
    return visitor.check()


def choose(visitor, name: str, unit: str):
    # Units are drawn in the depth of the tree.
    value = visitor.page.locator(f"[name={name}] option", has_text=re.compile(rf"^\s*{unit}$")).get_attribute("value")
    visitor.page.select_option(f"[name={name}]", value)


def units_on(visitor, on: date) -> str:
    visitor.open(f"/organisasjon/enheter/?dato={on.isoformat()}")
    return visitor.page.locator("main").text_content()


def test_two_units_become_one_and_yesterday_still_shows_both(visit):
    visitor = draft(visit().sign_in("ingrid.saether"), "PPT inn i helsestasjonen", TODAY)
    address = visitor.page.url
    visitor.press("Slå sammen enheter", role="link")
    choose(visitor, "unit_1", "PPT")
    choose(visitor, "unit_2", "Helsestasjonen")
    choose(visitor, "successor", "Helsestasjonen")
    send(visitor)
    dry_run = visitor.page.locator("main")
    for moved in ("Daniel Åsheim", "Berit Småge", "Lyse ut de to stillingene på nytt"):
        expect(dry_run).to_contain_text(moved)
    visitor.press("Gå videre", role="link")
    send(visitor)
    assert visitor.page.url == address
    visitor.see("Gjennomført")
    assert "PPT" not in units_on(visitor, TODAY)
    assert "PPT" in units_on(visitor, TODAY - timedelta(days=1))
    visitor.page.get_by_role("link", name="PPT", exact=True).click()
    visitor.check()
    alert = visitor.page.locator("main .ds-alert")
    expect(alert).to_contain_text("Enheten er lagt ned")
    expect(alert.get_by_role("link", name="Helsestasjonen")).to_be_visible()


def test_a_plan_that_is_withdrawn_leaves_no_trace_in_the_tree(visit):
    visitor, day = visit().sign_in("ingrid.saether"), TODAY + timedelta(days=20)
    before = units_on(visitor, day)
    draft(visitor, "Byggesak bytter navn", day).press("Gi en enhet nytt navn, ny kode eller type", role="link")
    address = visitor.page.url.rsplit("endring/")[0]
    choose(visitor, "unit", "Byggesak")
    visitor.page.fill("[name=name]", "Byggesak og geodata")
    send(visitor).press("Gå videre", role="link")
    send(visitor).see("Planlagt")
    assert "Byggesak og geodata" in units_on(visitor, day)
    visitor.open(address).press("Trekk", role="link")
    visitor.page.fill("[name=reason]", "Vedtaket ble omgjort")
    send(visitor).see("Trukket")
    assert units_on(visitor, day) == before
