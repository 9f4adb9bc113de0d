"""What is due in the archive: when the time of a rule is over, and when an exemption has had its day."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.items import operations
from styrhus.items.models import Item
from styrhus.records.due import REASSESS, RETENTION, dated, things_due
from styrhus.records.rules import rules_of_kinds

pytestmark = pytest.mark.django_db
TODAY = date.today()
YEARS = rules_of_kinds()["planning.measure"].years


def years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


LONG_AGO = years_from(TODAY, -YEARS)


def end(thing, day: date) -> None:
    moment = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    Item.objects.filter(pk=thing.pk).update(state="done", ended=moment)


@pytest.fixture
def keeper(world, make):
    return make.holder("records_manager", world.units.municipality, name="Arne Arkiv")


@pytest.fixture
def old(world):
    end(world.things.internal, LONG_AGO)
    return world.things.internal


@pytest.fixture
def exempt(world, keeper):
    """An exemption in the field of records that has had its day."""
    day = TODAY - timedelta(days=3)
    Item.objects.filter(pk=world.things.exempt.pk).update(field="records", reassess_on=day)
    return world.things.exempt


def due(person, on=TODAY) -> list[str]:
    return [thing.title for thing in things_due(person, on).order_by("day", "pk")]


def test_a_thing_is_due_on_the_day_its_time_is_over_and_not_before(old, keeper):
    assert due(keeper) == ["Internkontroll"]
    assert due(keeper, TODAY - timedelta(days=1)) == []


def test_what_has_not_ended_and_what_is_kept_for_ever_is_never_due(world, keeper):
    assert due(keeper, TODAY + timedelta(days=300)) == []


def test_an_exemption_is_due_when_its_day_has_passed(exempt, keeper):
    (found,) = things_due(keeper, TODAY)
    assert (found.title, found.day, found.over) == ("Personalsak", TODAY - timedelta(days=3), None)


def test_what_is_due_for_both_stands_once_with_both_reasons_by_the_first_day(exempt, keeper, signed_in):
    end(exempt, LONG_AGO - timedelta(days=9))
    page = signed_in(keeper).get(reverse("records:due"))
    (line,) = page.context["lines"]
    assert line.count("ds-tag") == 2
    (found,) = things_due(keeper, TODAY)
    assert found.day == found.over == found.again - timedelta(days=6)


def test_exemptions_that_the_reader_may_not_see_are_not_told_of(world, keeper, signed_in):
    Item.objects.filter(pk=world.things.exempt.pk).update(reassess_on=TODAY)
    assert due(keeper) == []
    exported = signed_in(keeper).get(reverse("records:due"), {"format": "csv"})
    assert "Personalsak" not in b"".join(exported).decode()
    assert signed_in(keeper).get(reverse("records:of_thing", args=[world.things.exempt.pk])).status_code == 404


@settings(max_examples=30, deadline=None)
@given(day=st.dates(date(1990, 1, 1), date(2020, 12, 31)))
def test_years_are_counted_as_people_count_them(day, request):
    world = request.getfixturevalue("world")
    end(world.things.internal, day)
    assert dated(Item.objects.filter(pk=world.things.internal.pk)).get().over_on == years_from(day, YEARS)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, 2),
        ({"reason": RETENTION}, 1),
        ({"reason": REASSESS}, 1),
        ({"q": "intern"}, 1),
        ({"kind": "planning.measure"}, 2),
        ({"kind": "delegation.authorisation"}, 0),
    ],
)
def test_the_register_is_narrowed(old, exempt, keeper, signed_in, sent, expected):
    assert len(signed_in(keeper).get(reverse("records:due"), sent).context["lines"]) == expected


def test_queries_do_not_grow_with_the_rows(world, make, keeper, signed_in, capture_queries):
    client, counts = signed_in(keeper), []
    for number in (1, 20):
        for each in range(number):
            thing = make.measure(f"Gammelt {number} {each}", world.units.school, world.people.head.position)
            end(thing, LONG_AGO)
        with capture_queries() as captured:
            assert client.get(reverse("records:due")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


def test_the_page_of_a_thing_leads_to_its_files_for_who_removes(world, make, keeper, signed_in, text_file):
    item = world.things.internal.as_item
    file = operations.attach(item, text_file(), content_type="text/plain", by=world.people.principal)
    panel = reverse("records:of_thing", args=[item.pk])
    link = reverse("records:remove_file", args=[item.pk, file.pk])
    assert link in signed_in(keeper).get(panel).content.decode()
    officer = make.holder("data_protection_officer", world.units.municipality)
    assert link not in signed_in(officer).get(panel).content.decode()
    assert panel in signed_in(keeper).get(world.things.internal.get_absolute_url()).content.decode()
    assert panel not in signed_in(world.people.teacher).get(world.things.internal.get_absolute_url()).content.decode()
