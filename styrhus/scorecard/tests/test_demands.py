"""What is red asks for a comment and a measure; so does what is yellow twice in a row."""

from datetime import date

import pytest
from django.db.models import F
from django.urls import reverse

from styrhus.items.models import Item, Link
from styrhus.planning.models import Measure
from styrhus.scorecard.models import Measurement, Target
from styrhus.scorecard.queries.demands import RED_WITHOUT_ANSWER, demands_in
from styrhus.scorecard.tests.conftest import a_figure, a_series

pytestmark = pytest.mark.django_db
LAST_YEAR = date.today().year - 1


@pytest.fixture
def measured(world, an_indicator):
    """An indicator in the school that aims at ten and is yellow down to eight, with these figures, the latest last."""

    def make(*values, **fields):
        indicator = an_indicator("sum", tolerance=2, **fields)
        school = world.units.school
        Target.objects.create(indicator=indicator, unit=school, value=10, first_year=2000, last_year=LAST_YEAR + 1)
        series = a_series(indicator, school)
        for back, value in enumerate(reversed(values)):
            a_figure(series, LAST_YEAR - back, value=value)
        return indicator

    return make


def asked_of(world) -> list[tuple[bool, bool, bool]]:
    found = demands_in([world.units.school], on=date.today(), person=world.people.principal)
    return [(each.is_red, each.without_comment, each.without_measure) for each in found]


@pytest.mark.parametrize(
    ("values", "asks"),
    [((12, 7), [True]), ((12, 9), []), ((9, 9), [False]), ((7, 9), [False]), ((7, 12), []), ((12, 12), [])],
)
def test_red_asks_at_once_and_yellow_the_second_time(world, measured, values, asks):
    measured(*values)
    assert [red for red, _comment, _measure in asked_of(world)] == asks


def test_an_imported_figure_asks_for_a_measure_alone(world, measured):
    measured(7, is_imported=True, source="KOSTRA")
    assert asked_of(world) == [(True, False, True)]


def test_a_red_figure_is_kept_and_what_it_lacks_is_told_at_once(world, signed_in, measured):
    indicator = measured(12)
    series = indicator.series.get()
    Measurement.objects.update(start=F("start") - 366)
    Measurement.objects.update(start=date(LAST_YEAR - 1, 1, 1))
    client, address = signed_in(world.people.principal), reverse("scorecard:enter", args=[world.units.school.pk])
    answer = client.post(address, {f"s{series.pk}-value": "3"}, follow=True)
    assert series.measurements.filter(start=date(LAST_YEAR, 1, 1), value=3).exists()
    page = answer.content.decode()
    assert reverse("scorecard:new_measure", args=[indicator.pk]) in page and 'data-color="danger"' in page
    stands = series.measurements.standing().get(start=date(LAST_YEAR, 1, 1))
    client.post(
        address, {f"s{series.pk}-value": "3", f"s{series.pk}-was": stands.pk, f"s{series.pk}-note": "Mye sykdom"}
    )
    assert asked_of(world) == [(True, False, True)]


def test_a_measure_made_of_an_indicator_follows_it_up_and_answers_for_it(world, signed_in, measured):
    indicator = measured(3)
    client = signed_in(world.people.principal)
    address = reverse("scorecard:new_measure", args=[indicator.pk]) + f"?enhet={world.units.school.pk}"
    shown = client.get(address).context["form"]
    principal = world.people.principal.position
    fields = {
        "title": shown.initial["title"],
        "unit": world.units.school.pk,
        "responsible": principal.pk,
        "progress": 0,
    }
    answer = client.post(address, fields | {"openness": "internal", "due": f"{LAST_YEAR + 2}-01-01"})
    assert answer.status_code == 302, answer.context["form"].errors
    link = Link.objects.get(target=indicator.pk)
    assert (link.source_id, link.kind) == (Measure.objects.latest("pk").pk, "follows_up")
    assert asked_of(world) == [(True, True, False)]


def test_the_register_of_gaps_finds_it_until_it_is_answered(world, measured):
    indicator = measured(3)

    def is_found():
        return RED_WITHOUT_ANSWER.find(Item.objects.all(), date.today()).filter(pk=indicator.pk).exists()

    assert is_found()
    Measurement.objects.update(note="Mye sykdom")
    assert is_found()
    measure = Measure.objects.create(
        kind=Measure.kind_name(),
        title="Rekruttere",
        state="running",
        unit=world.units.school,
        responsible=world.people.principal.position,
    )
    Link.objects.create(source=measure.as_item, target=Item.objects.get(pk=indicator.pk), kind="follows_up")
    assert not is_found()


def test_the_colour_of_a_small_group_is_told_to_its_leader_alone(world, measured):
    indicator = measured(3)
    indicator.withheld.create(unit=world.units.school, start=date(LAST_YEAR, 1, 1))
    assert len(asked_of(world)) == 1
    assert not demands_in([world.units.school], on=date.today(), person=world.people.director)
    assert not RED_WITHOUT_ANSWER.find(Item.objects.all(), date.today()).exists()
