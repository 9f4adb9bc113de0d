"""Whether units are steered alike, and what a card tells of what was said and done."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from styrhus.items.models import Link
from styrhus.planning.models import Measure
from styrhus.scorecard.models import FocusArea, Measurement, Target
from styrhus.scorecard.queries.evenness import evenness
from styrhus.scorecard.tests.conftest import a_figure, a_series

pytestmark = pytest.mark.django_db
LAST_YEAR = date.today().year - 1


@pytest.fixture
def two_schools(world, an_indicator):
    """Of two schools one reaches ten and the other not; the other measures a second indicator late, the first never."""
    first, second = (an_indicator("sum", focus_area=FocusArea.objects.first()) for _each in range(2))
    area = world.units.school.parent
    for indicator in (first, second):
        Target.objects.create(indicator=indicator, unit=area, value=10, first_year=2000, last_year=LAST_YEAR + 1)
        for school in (world.units.school, world.units.other_school):
            a_series(indicator, school)
    good, bad = (first.series.get(unit=unit) for unit in (world.units.other_school, world.units.school))
    a_figure(good, LAST_YEAR, value=12)
    a_figure(bad, LAST_YEAR, value=4, note="Bussen gikk ikke")
    a_figure(second.series.get(unit=world.units.school), LAST_YEAR - 1, value=3)
    return first, area


def test_it_tells_who_measures_who_says_why_and_how_far_apart_they_lie(world, two_schools):
    first, area = two_schools
    units, spreads = evenness(area, on=date.today(), person=world.people.director)
    told = {each.unit: (each.measured, each.commented, each.acted) for each in units}
    shares = {unit: [(share.n, share.of) for share in three] for unit, three in told.items()}
    assert shares[world.units.other_school] == [(1, 2), (0, 0), (0, 0)]
    assert shares[world.units.school] == [(1, 2), (1, 2), (0, 2)]
    spread = next(each for each in spreads if each.indicator == first)
    assert (spread.least, spread.middle, spread.most) == (4, 8, 12)
    assert [count for _status, count in spread.counts] == [1, 1]


def test_a_card_shows_what_was_said_and_what_is_done_about_it(world, two_schools, make, signed_in):
    first, _area = two_schools
    measure = make.measure("Leie buss", world.units.school, world.people.principal.position)
    Link.objects.create(source_id=measure.pk, target_id=first.pk, kind=Link.Kind.FOLLOWS_UP)
    card = reverse("scorecard:unit_scorecard", args=[world.units.school.pk])
    page = signed_in(world.people.principal).get(card).content.decode()
    assert "Bussen gikk ikke" in page
    assert measure.get_absolute_url() in page
    Measurement.objects.filter(note="Bussen gikk ikke").update(note="")
    Measure.objects.filter(pk=measure.pk).update(ended=timezone.now())
    page = signed_in(world.people.principal).get(card).content.decode()
    assert "“" not in page
    assert measure.get_absolute_url() not in page


def test_the_page_asks_as_much_for_many_indicators_as_for_few(
    world, two_schools, an_indicator, signed_in, capture_queries
):
    client, address = signed_in(world.people.director), reverse("scorecard:evenness", args=[two_schools[1].pk])
    client.get(address)
    with capture_queries() as few:
        assert client.get(address).status_code == 200
    for _number in range(5):
        a_figure(a_series(an_indicator("sum"), world.units.school), LAST_YEAR, value=2)
    with capture_queries() as many:
        client.get(address)
    assert len(many) <= len(few) <= 20
