"""Figures are entered, corrected and refused, and what was typed is still there."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from styrhus.scorecard.checks import Figure
from styrhus.scorecard.models import Measurement, Target
from styrhus.scorecard.operations.measurements import Entry, Unfit, enter
from styrhus.scorecard.queries.due import due_in
from styrhus.scorecard.tests.conftest import a_figure, a_series

pytestmark = pytest.mark.django_db
LAST_YEAR = date.today().year - 1


@pytest.fixture
def school(world):
    return world.units.school


@pytest.fixture
def grid(world, signed_in, school):
    """The principal's page of figures, and a way of sending it."""
    client, address = signed_in(world.people.principal), reverse("scorecard:enter", args=[school.pk])
    return lambda **sent: client.post(address, sent) if sent else client.get(address)


def test_a_correction_keeps_the_old_figure_and_who_wrote_it(world, grid, an_indicator, school):
    series = a_series(an_indicator("sum"), school)
    first = a_figure(series, LAST_YEAR, value=3)
    grid(**{f"s{series.pk}-value": "4,5", f"s{series.pk}-was": first.pk})
    stands = series.measurements.standing().get()
    assert (stands.value, stands.by) == (4.5, world.people.principal)
    assert Measurement.objects.exclude(replaced_in=None).get() == first


def test_the_same_figure_sent_again_changes_nothing(grid, an_indicator, school):
    series = a_series(an_indicator("sum"), school)
    first = a_figure(series, LAST_YEAR, value=3)
    grid(**{f"s{series.pk}-value": "3", f"s{series.pk}-was": first.pk})
    assert list(series.measurements.all()) == [first]


def test_one_wrong_figure_holds_all_and_what_was_typed_stays(grid, an_indicator, school):
    right, wrong = a_series(an_indicator("sum"), school), a_series(an_indicator("ratio", most=100), school)
    sent = {f"s{right.pk}-value": "7", f"s{wrong.pk}-numerator": "12"}
    response = grid(**sent)
    assert response.status_code == 422
    assert b'value="7"' in response.content and b'value="12"' in response.content
    assert not Measurement.objects.exists()
    # 890 per cent: the figure is in another unit.
    assert grid(**sent | {f"s{wrong.pk}-numerator": "89", f"s{wrong.pk}-denominator": "10"}).status_code == 422
    assert not Measurement.objects.exists()


def test_the_second_of_two_is_told(world, grid, an_indicator, school):
    series = a_series(an_indicator("sum"), school)
    a_figure(series, LAST_YEAR, value=3)
    assert grid(**{f"s{series.pk}-value": "8"}).status_code == 422
    assert series.measurements.standing().get().value == 3


def test_a_leap_is_asked_about_and_kept_when_it_is_meant(grid, an_indicator, school):
    series = a_series(an_indicator("sum"), school)
    a_figure(series, LAST_YEAR - 1, value=12)
    sent = {f"s{series.pk}-value": "12000"}
    response = grid(**sent)
    assert response.status_code == 422 and f"s{series.pk}-sure" in response.content.decode()
    assert grid(**sent, **{f"s{series.pk}-sure": "on"}).status_code == 302
    assert series.measurements.standing().get(start__year=LAST_YEAR).value == 12000


def test_an_imported_figure_is_not_asked_for(world, an_indicator, school):
    a_series(an_indicator("sum", is_imported=True), school)
    assert due_in(school, on=date.today(), person=world.people.principal) == []


def test_a_unit_that_was_closed_takes_no_figure(world, make, an_indicator, school):
    branch = make.unit("Nedlagt avdeling", parent=school)
    type(school).objects.filter(pk=branch.pk).update(since=date(2001, 1, 1), until=date(LAST_YEAR - 1, 12, 31))
    branch.refresh_from_db()
    entry = Entry(a_series(an_indicator("sum"), branch), Figure(date(LAST_YEAR, 1, 1), Decimal(1)))
    with pytest.raises(Unfit) as refused:
        enter([entry], on=date.today(), by=world.people.principal)
    assert [field for field, _reason in refused.value.faults[0]] == ["unit"]
    assert not Measurement.objects.exists()


def test_the_questions_do_not_grow_with_the_figures(grid, an_indicator, school, django_assert_max_num_queries):
    for number in range(12):
        a_figure(a_series(an_indicator("sum", title=f"Tall {number}"), school), LAST_YEAR, value=number)
    with django_assert_max_num_queries(20):
        grid()


@pytest.mark.parametrize(("first", "decision", "kept"), [(1, "", 1), (0, "", 0), (0, "PS 12/26", 1)])
def test_a_target_of_a_year_that_has_begun_names_its_decision(world, signed_in, an_indicator, first, decision, kept):
    indicator, year = an_indicator("sum"), date.today().year + first
    sent = {"unit": world.units.municipality.pk, "first_year": year, "last_year": year + 3, "value": "90"}
    client = signed_in(world.people.director)
    client.post(reverse("scorecard:set_target", args=[indicator.pk]), sent | {"decision": decision})
    assert Target.objects.count() == kept


@pytest.mark.parametrize("name", ["scorecard", "indicators"])
def test_cards_and_registers_ask_as_many_questions_of_many_as_of_few(
    world, make, signed_in, an_indicator, django_assert_max_num_queries, name
):
    for _number in range(8):
        series = a_series(an_indicator("sum", focus_area_id=3), make.unit("Skole", parent=world.units.municipality))
        for year in range(2020, LAST_YEAR + 1):
            a_figure(series, year, value=year)
    client = signed_in(world.people.director)
    with django_assert_max_num_queries(20):
        assert client.get(reverse(f"scorecard:{name}")).status_code == 200
