"""The rooms of the organisation as those who work in them meet them, each page at a desk and on a small phone."""

import pytest

from tours.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.tour

# Behind a list, the first of its lines is opened too.
FIRST = "tbody th a"
LEADER = [
    "/mine-oppgaver/",
    "/ansvarshelse/",
    "/ansvarshelse/funn/",
    "/ansvarshelse/bekreft/",
    "/organisasjon/stillinger/",
    "/organisasjon/personer/",
    "/fullmakter/",
    "/fullmakter/tre/",
]
ROOMS = {
    "ingrid.saether": [
        *LEADER,
        "/organisasjon/omstilling/",
        "/organisasjon/omstilling/ny/",
        "/organisasjon/enheter/?dato=2024-06-01",
        "/fullmakter/kontroll-mangler/",
        "/fullmakter/myndighet/",
        "/fullmakter/reglement/",
        "/fullmakter/nivaer/",
    ],
    "siri.braten": [*LEADER, "/sok/?q=barnehage", "/sok/?q=finnesikke", "/paaminnelser/"],
    "bjorn.tommeras": ["/mine-oppgaver/", "/organisasjon/personer/", "/fullmakter/", "/sok/?q=turnus"],
    "turid.skare": ["/arkiv/forfalt/", "/arkiv/bevaring/", "/arkiv/eksport/", "/arkiv/fjerning/", "/ansvarshelse/"],
    "priya.raman": [
        "/import/",
        "/import/ny/",
        "/paaminnelser/trapp/",
        "/paaminnelser/avviste-adresser/",
        "/organisasjon/stillinger/ny/",
        "/organisasjon/personer/ny/",
    ],
    "astrid.hoyland": ["/mine-oppgaver/", "/fullmakter/", "/fullmakter/tre/", "/arkiv/bevaring/", "/paaminnelser/"],
}
# What every list of a kind shows is opened by one of those who meet it.
OPENED = {
    "ingrid.saether": ["/ansvarshelse/funn/", "/organisasjon/stillinger/", "/organisasjon/personer/", "/fullmakter/"],
    "priya.raman": ["/import/"],
    "astrid.hoyland": ["/fullmakter/"],
}


def at_both_sizes(visitor) -> None:
    visitor.page.set_viewport_size(PHONE)
    visitor.check()
    visitor.page.set_viewport_size(DESKTOP)


# The one with most rooms of her own in every run of the tests, the others in `make walks`.
USUAL = ("ingrid.saether",)


@pytest.mark.parametrize(
    "name", [name if name in USUAL else pytest.param(name, marks=pytest.mark.long) for name in ROOMS]
)
def test_every_room_of_a_role_is_sound(visit, name):
    visitor = visit().sign_in(name)
    for path in ROOMS[name]:
        at_both_sizes(visitor.open(path))


@pytest.mark.parametrize("name", OPENED)
def test_what_a_list_shows_can_be_opened(visit, name):
    visitor = visit().sign_in(name)
    for path in OPENED[name]:
        first = visitor.open(path).page.locator(FIRST).first
        with visitor.page.expect_navigation():
            first.click()
        at_both_sizes(visitor.check())


@pytest.mark.parametrize("path", ["/mine-oppgaver/", "/sok/?q=plan", "/ansvarshelse/", "/import/", "/fullmakter/"])
def test_no_room_is_open_to_somebody_signed_out(visit, path):
    visitor = visit(PHONE).open(path)
    assert "/konto/logg-inn/" in visitor.page.url
