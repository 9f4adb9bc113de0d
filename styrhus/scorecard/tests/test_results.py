"""Figures of many units become one by the indicator's own rule."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items.copying import copy_rows
from styrhus.scorecard.models import Indicator, Series, Target, Withheld
from styrhus.scorecard.operations.withholding import withhold
from styrhus.scorecard.queries.results import aims, judged, results, sees_small
from styrhus.scorecard.status import Status
from styrhus.scorecard.tests.conftest import a_figure, a_series

pytestmark = pytest.mark.django_db
YEAR = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}
PARTS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 5000)), min_size=1, max_size=6)


@pytest.fixture
def municipality(world):
    return world.units.municipality


def rolled(unit, indicator, person):
    return results([unit], [indicator.pk], person=person, **YEAR)[unit.pk, indicator.pk][0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=PARTS)
def test_a_ratio_of_sums_is_never_a_mean_of_ratios(world, make, an_indicator, municipality, parts):
    with transaction.atomic():
        indicator = an_indicator("ratio")
        for lost, possible in parts:
            a_figure(a_series(indicator, make.unit("Enhet", parent=municipality)), numerator=lost, denominator=possible)
        found = rolled(municipality, indicator, world.people.director)
        whole = Fraction(100 * sum(lost for lost, _of in parts), sum(of for _lost, of in parts))
        assert abs(Fraction(found.value) - whole) < Fraction(1, 10**9)
        assert found.units == len(parts)
        transaction.set_rollback(True)


def test_a_mean_of_answers_weighs_each_unit_by_its_answers(world, make, an_indicator, municipality):
    indicator = an_indicator("weighted_mean")
    for value, weight in ((4, 90), (2, 10)):
        a_figure(a_series(indicator, make.unit("Skole", parent=municipality)), value=value, weight=weight)
    assert rolled(municipality, indicator, world.people.director).value == Decimal("3.8")


def test_what_is_not_added_up_is_the_units_own_alone(world, make, an_indicator, municipality):
    indicator, school = an_indicator("none"), make.unit("Skole", parent=municipality)
    a_figure(a_series(indicator, school), value=3)
    found = results([municipality, school], [indicator.pk], person=world.people.director, **YEAR)
    assert set(found) == {(school.pk, indicator.pk)}


def test_a_corrected_figure_is_not_counted_twice(world, make, an_indicator, municipality):
    indicator = an_indicator("sum")
    series = a_series(indicator, make.unit("Skole", parent=municipality))
    first = a_figure(series, value=3)
    type(first).objects.filter(pk=first.pk).update(replaced_in=1, replaced_at=first.at)
    a_figure(series, value=4)
    assert rolled(municipality, indicator, world.people.director).value == 4


def test_no_series_lies_in_another_of_what_is_added_up(make, an_indicator, municipality):
    indicator, school = an_indicator("sum"), make.unit("Skole", parent=municipality)
    a_series(indicator, school)
    for unit in (municipality, make.unit("Trinn", parent=school)):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_series(indicator, unit)
    a_series(an_indicator("none"), municipality)


def test_a_small_group_is_seen_by_its_leader_and_by_hr_alone(world, make, an_indicator, municipality):
    indicator = an_indicator("weighted_mean", min_respondents=5)
    schools = [make.unit(f"Skole {number}", parent=municipality) for number in range(3)]
    for school, answers in zip(schools, (3, 20, 40), strict=True):
        a_figure(a_series(indicator, school), value=4, weight=answers, respondents=answers)
    withhold([(indicator, date(2025, 1, 1))])
    assert set(Withheld.objects.values_list("unit", flat=True)) == {schools[0].pk, schools[1].pk}
    leader = make.holder("unit_manager", schools[0], leads=True)
    hr = make.holder("hr_chief", municipality)
    for person, seen in ((world.people.director, False), (leader, True), (hr, True)):
        found = results(schools[:1], [indicator.pk], person=person, **YEAR)[schools[0].pk, indicator.pk][0]
        assert (found.value is not None) == seen
        assert judged(found, None) == (Status.NO_TARGET if seen else Status.HIDDEN)
    assert sees_small(leader, schools) == {schools[0].pk}


def test_a_unit_aims_at_its_own_target_else_at_the_nearest_above(make, an_indicator, municipality):
    indicator, area = an_indicator("sum"), make.unit("Oppvekst", parent=municipality)
    school, other = make.unit("Skole", parent=area), make.unit("Annen", parent=area)
    for unit, value in ((municipality, 10), (school, 12)):
        Target.objects.create(indicator=indicator, unit=unit, first_year=2025, last_year=2028, value=value)
    found = aims([school, other], [indicator], {2026, 2029})
    assert tuple(found[2026][unit.pk, indicator.pk].value for unit in (school, other)) == (12, 10)
    assert found[2029] == {}


def test_two_targets_of_a_unit_never_hold_in_the_same_year(an_indicator, municipality):
    fixed = {"indicator": an_indicator("sum"), "unit": municipality, "value": 1}
    Target.objects.create(first_year=2025, last_year=2027, **fixed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(first_year=2027, last_year=2028, **fixed)


def test_many_series_begun_at_once_take_few_locks(world, an_indicator):
    """The server has room for some ten thousand locks in all; a large municipality begins more series than that."""
    model = an_indicator()
    fixed = {"unit_id": model.unit_id, "responsible_id": model.responsible_id, "aggregation": "sum"}
    copy_rows(Indicator, ({"title": f"Mange {n}", "measured_in": "stk", **fixed} for n in range(600)))
    many = Indicator.objects.filter(title__startswith="Mange")
    Series.objects.bulk_create(Series(indicator=each, unit=world.units.school, since=date(2020, 1, 1)) for each in many)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] < 300
