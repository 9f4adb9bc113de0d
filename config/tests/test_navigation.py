"""The frame of every page: whose house it is, and what the reader has not read."""

import pytest
from django.utils import timezone

from styrhus.items.models import Notification

pytestmark = pytest.mark.django_db


def tell(person, **fields) -> None:
    Notification.objects.create(person=person, reason="step", **fields)


def test_the_frame_names_the_municipality_and_counts_what_one_has_not_read(world, signed_in):
    for person, read in [("teacher", None), ("teacher", None), ("teacher", timezone.now()), ("principal", None)]:
        tell(getattr(world.people, person), read=read)
    page = signed_in(world.people.teacher).get("/varsler/").context
    assert (page["municipality"], page["unread_notifications"]) == ("Fjordvik kommune", 2)


def test_the_municipality_is_the_oldest_root(world, make, signed_in):
    make.unit("Annen kommune")
    assert signed_in(world.people.teacher).get("/varsler/").context["municipality"] == "Fjordvik kommune"


def test_a_house_without_units_has_no_name(make, signed_in):
    assert signed_in(make.person()).get("/varsler/").context["municipality"] is None
