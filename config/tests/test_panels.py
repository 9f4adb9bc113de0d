"""Panels: what one context shows on another's page."""

import pytest
from django.urls import reverse

from config.panels import PANELS

pytestmark = pytest.mark.django_db
ALL = [(page, panel) for page, panels in PANELS.items() for panel in panels]


@pytest.fixture
def page(world, signed_in):
    url = reverse("organisation:position", args=[world.people.principal.position.pk])
    return lambda person: signed_in(person).get(url)


@pytest.mark.parametrize(("place", "panel"), ALL)
def test_every_panel_has_an_address_and_is_a_page_of_its_own(world, make, signed_in, place, panel):
    about = world.things.internal if place in ("items:page", "planning:plan") else world.people.principal.position
    url = reverse(panel.url, args=[about.pk])
    reader = signed_in(make.holder("records_manager", world.units.municipality))
    whole = reader.get(url)
    fetched = reader.get(url, headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in fetched.content
    assert fetched.content.strip()


def test_a_page_shows_its_panels_with_a_link_that_needs_no_script(world, page):
    shown = page(world.people.teacher).content.decode()
    url = reverse("items:answered_for", args=[world.people.principal.position.pk])
    assert f'hx-get="{url}"' in shown
    assert f'href="{url}"' in shown


def test_a_panel_that_one_may_not_open_has_no_place_on_the_page(world, signed_in):
    office = world.people.councillor.position
    shown = signed_in(world.people.councillor).get(office.get_absolute_url()).content.decode()
    assert "hx-get" not in shown.split('id="main"')[1]
