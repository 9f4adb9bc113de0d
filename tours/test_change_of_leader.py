"""A change of leader, in the browser of the one who leaves and in that of the one who comes."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.tour


def test_a_leader_hands_over_and_the_next_one_confirms(visit):
    leaver, comer = visit().sign_in("wenche.brovig"), visit().sign_in("olena.kovalenko")
    comer.see("Wenche Brøvig forbereder overleveringen")
    leaver.press("Overlever", role="link")
    leaver.page.fill("#id_word", "Lykke til med Solgløtt.")
    leaver.page.locator("summary", has_text="Skriv et ord").first.click()
    leaver.page.locator("textarea[name^=item-]").first.fill("Haster før jul")
    leaver.press("Lagre og overlever").press("Kvitter for overlevert").see("Olena Kovalenko har fått varsel")
    comer.open("/").press("Les og bekreft", role="link").see("Lykke til med Solgløtt.").see("Haster før jul")
    comer.press("Bekreft mottatt", role="link").press("Bekreft mottatt").see("Wenche Brøvig har fått varsel")
    comer.open("/")
    expect(comer.page.get_by_role("link", name="Les og bekreft")).to_have_count(0)
    leaver.open("/varsler/").see("Lederskifte")


def test_who_prepares_on_behalf_of_a_leader_is_named_beside_the_leader(visit):
    leader = visit().sign_in("siri.braten").open("/mine-stillinger/")
    leader.page.locator("main .rows-list a[href^='/organisasjon/stillinger/']").first.click()
    leader.check().see("Leila Haddad")
    leader.press("La en kollega forberede", role="link")
