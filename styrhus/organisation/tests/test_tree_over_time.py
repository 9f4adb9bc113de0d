"""The tree on any date: kept by the database, whatever is written to the units."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.organisation.models import Succession, Unit, UnitKind, UnitPeriod
from styrhus.organisation.operations import effective
from styrhus.organisation.queries import dates_of_change, tree, unit_as_on

pytestmark = pytest.mark.django_db
START = date(2020, 1, 1)
TODAY = date.today()
A_DAY = timedelta(days=1)


def old_unit(name, parent=None, **fields) -> Unit:
    return Unit.objects.create(name=name, kind=UnitKind.OPERATING_UNIT, parent=parent, since=START, **fields)


def change(unit, on, **fields) -> None:
    with transaction.atomic(), effective(on):
        Unit.objects.filter(pk=unit.pk).update(**fields)


def told(unit) -> list[tuple]:
    return list(unit.periods.order_by("since").values_list("name", "code", "since", "until"))


def test_a_new_unit_has_one_period_from_its_first_day():
    assert told(old_unit("Solsiden", code="1")) == [("Solsiden", "1", START, None)]


def test_many_units_in_one_statement_have_a_period_each():
    Unit.objects.bulk_create(Unit(name=f"E{n}", kind=UnitKind.BODY, since=START) for n in range(5))
    assert UnitPeriod.objects.filter(since=START).count() == 5


def test_a_change_holds_from_the_day_that_is_said():
    unit = old_unit("Solsiden", code="3001")
    change(unit, date(2024, 1, 1), name="Solsida", code="3101")
    assert told(unit) == [
        ("Solsiden", "3001", START, date(2023, 12, 31)),
        ("Solsida", "3101", date(2024, 1, 1), None),
    ]


def test_a_change_without_a_day_holds_from_today():
    unit = old_unit("Solsiden")
    Unit.objects.filter(pk=unit.pk).update(name="Solsida")
    assert [period[2] for period in told(unit)] == [START, TODAY]


def test_the_day_that_is_said_is_forgotten_after_the_block():
    unit = old_unit("Solsiden")
    with transaction.atomic(), effective(date(2024, 1, 1)):
        pass
    Unit.objects.filter(pk=unit.pk).update(name="Solsida")
    assert told(unit)[-1][2] == TODAY


def test_a_block_within_a_block_leaves_the_day_of_the_outer_one():
    unit = old_unit("Solsiden")
    with transaction.atomic(), effective(date(2024, 1, 1)):
        with effective(date(2022, 1, 1)):
            pass
        Unit.objects.filter(pk=unit.pk).update(name="Solsida")
    assert told(unit)[-1][2] == date(2024, 1, 1)


def test_two_changes_on_one_day_are_one():
    unit = old_unit("Solsiden")
    change(unit, date(2024, 1, 1), name="Midlertidig")
    change(unit, date(2024, 1, 1), name="Solsida")
    assert [period[0] for period in told(unit)] == ["Solsiden", "Solsida"]


def test_what_is_changed_back_on_the_same_day_leaves_one_period():
    unit = old_unit("Solsiden")
    change(unit, date(2024, 1, 1), name="Solsida")
    change(unit, date(2024, 1, 1), name="Solsiden")
    assert told(unit) == [("Solsiden", "", START, None)]


def test_a_later_period_keeps_what_an_earlier_change_did_not_touch():
    unit = old_unit("Solsiden", code="1")
    change(unit, date(2024, 1, 1), name="Solsida")
    change(unit, date(2022, 1, 1), code="2")
    assert told(unit) == [
        ("Solsiden", "1", START, date(2021, 12, 31)),
        ("Solsiden", "2", date(2022, 1, 1), date(2023, 12, 31)),
        ("Solsida", "2", date(2024, 1, 1), None),
    ]


def test_no_change_holds_from_before_the_unit_was_there():
    unit = old_unit("Solsiden")
    change(unit, date(2010, 1, 1), name="Solsida")
    assert told(unit) == [("Solsida", "", START, None)]


def test_a_closed_unit_has_no_period_after_its_last_day():
    unit = old_unit("Solsiden")
    change(unit, date(2024, 1, 1), name="Solsida")
    Unit.objects.filter(pk=unit.pk).update(until=date(2023, 6, 30))
    assert told(unit) == [("Solsiden", "", START, date(2023, 6, 30))]


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2019, 1, 1), None), (date(2021, 1, 1), None), (date(2010, 1, 1), date(2012, 1, 1))],
)
def test_new_dates_of_a_unit_are_new_dates_of_its_history(since, until):
    unit = old_unit("Solsiden")
    Unit.objects.filter(pk=unit.pk).update(since=since, until=until)
    assert told(unit) == [("Solsiden", "", since, until)]


def test_a_write_that_changes_nothing_people_see_makes_no_period():
    unit = old_unit("Solsiden")
    below = old_unit("Trinnet", unit)
    change(unit, date(2024, 1, 1), parent=old_unit("Området"))
    unit.refresh_from_db()
    unit.save()
    assert len(told(unit)) == 2
    assert len(told(below)) == 1


def test_two_periods_of_a_unit_never_overlap():
    unit = old_unit("Solsiden")
    with pytest.raises(IntegrityError, match="one_period_of_a_unit_at_a_time"):
        UnitPeriod.objects.create(unit=unit, name="To", kind=UnitKind.BODY, since=date(2023, 1, 1))


def test_a_period_is_never_empty():
    unit = old_unit("Solsiden", until=date(2021, 1, 1))
    with pytest.raises(IntegrityError, match="unit_period_is_not_empty"):
        UnitPeriod.objects.create(
            unit=unit, name="To", kind=UnitKind.BODY, since=date(2023, 1, 1), until=date(2022, 1, 1)
        )


def test_history_stays_when_an_import_is_undone_because_it_comes_back_from_the_trail():
    unit = old_unit("Solsiden")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('styrhus.undoing', 'on', true)")
        Unit.objects.filter(pk=unit.pk).update(name="Solsida")
        cursor.execute("SELECT set_config('styrhus.undoing', '', true)")
    assert [period[0] for period in told(unit)] == ["Solsiden"]


def commit() -> None:
    """Asks what is asked when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_no_unit_outlives_what_it_is_part_of(world):
    with pytest.raises(IntegrityError, match="outlives"), transaction.atomic():
        Unit.objects.filter(pk=world.units.school.pk).update(until=TODAY)
        commit()


def test_a_unit_may_be_closed_together_with_those_below_in_any_order(world):
    Unit.objects.filter(pk=world.units.school.pk).update(until=TODAY)
    Unit.objects.filter(pk=world.units.department.pk).update(until=TODAY)
    commit()


def test_no_unit_is_placed_under_one_that_is_closed_before_it(world, make):
    Unit.objects.filter(pk=world.units.harbour.pk).update(until=TODAY)
    with pytest.raises(IntegrityError, match="outlives"), transaction.atomic():
        Unit.objects.create(name="Ny", kind=UnitKind.DEPARTMENT, parent=world.units.harbour)
        commit()


def test_a_unit_does_not_succeed_itself(world):
    with pytest.raises(IntegrityError, match="unit_does_not_succeed_itself"):
        Succession.objects.create(old=world.units.school, new=world.units.school, on=TODAY)


def names_on(on) -> list[tuple[str, int]]:
    return [(node.unit.name, node.depth) for node in tree(on)]


def test_the_tree_on_a_date_is_the_one_that_stood_then():
    top = old_unit("Kommunen")
    area, school = old_unit("Oppvekst", top), old_unit("Solsiden", top)
    change(school, date(2024, 1, 1), parent=area, name="Solsida")
    assert names_on(date(2023, 12, 31)) == [("Kommunen", 0), ("Oppvekst", 1), ("Solsiden", 1)]
    assert names_on(date(2024, 1, 1)) == names_on(TODAY) == [("Kommunen", 0), ("Oppvekst", 1), ("Solsida", 2)]
    assert names_on(START - A_DAY) == []


def test_the_tree_on_a_date_takes_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree(date(2023, 1, 1))


def test_a_closed_unit_is_in_no_tree_after_its_last_day():
    unit = old_unit("Solsiden", until=TODAY - A_DAY)
    assert names_on(TODAY) == []
    assert names_on(TODAY - A_DAY) == [("Solsiden", 0)]
    assert unit_as_on(unit, TODAY) is None
    assert unit_as_on(unit, START).name == "Solsiden"


def test_days_of_change_are_those_on_which_something_began_or_had_closed():
    unit = old_unit("Solsiden")
    change(unit, date(2024, 1, 1), name="Solsida")
    Unit.objects.filter(pk=unit.pk).update(until=date(2025, 6, 30))
    assert dates_of_change() == [date(2025, 7, 1), date(2024, 1, 1), START]


DAYS = st.integers(0, 40).map(lambda days: START + timedelta(days=days))
CHANGES = st.lists(
    st.tuples(DAYS, st.integers(0, 3), st.sampled_from(["name", "code", "move", "close", "open"]), st.integers(0, 9)),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_after_any_dated_changes_each_day_has_one_period_of_each_living_unit(db, changes):
    with transaction.atomic():
        units = [old_unit(f"E{number}") for number in range(4)]
        for on, number, what, more in changes:
            try_to_change(units, on, number, what, more)
        for unit in Unit.objects.all():
            assert_one_period_each_day(unit)
        transaction.set_rollback(True)


def try_to_change(units, on, number, what, more) -> None:
    fields = {
        "name": {"name": f"N{more}"},
        "code": {"code": f"{number}-{more}"},
        "move": {"parent": units[more % 4]},
        "close": {"until": on},
        "open": {"until": None},
    }[what]
    try:
        with transaction.atomic(), effective(on):
            Unit.objects.filter(pk=units[number].pk).update(**fields)
            commit()
    except IntegrityError:
        return


def assert_one_period_each_day(unit) -> None:
    periods = list(unit.periods.order_by("since"))
    assert periods[0].since == unit.since
    assert periods[-1].until == unit.until
    assert all(first.until + A_DAY == second.since for first, second in pairwise(periods))
    last = periods[-1]
    if unit.until is None:
        assert (last.name, last.code, last.parent_id) == (unit.name, unit.code, unit.parent_id)
    parent = unit.parent
    assert parent is None or parent.until is None or (unit.until is not None and unit.until <= parent.until)


def page(client, name, *args, **asked) -> str:
    response = client.get(reverse(f"organisation:{name}", args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_tree_as_it_stood(world, signed_in):
    change(old_unit("Gamlebyen skole"), date(2024, 1, 1), name="Nybyen skole")
    client = signed_in(world.people.teacher)
    assert "Gamlebyen skole" in page(client, "units", dato="2023-12-31")
    assert "Gamlebyen skole" not in page(client, "units")


def test_a_date_that_is_none_is_answered_with_why_and_the_tree_of_today(world, signed_in):
    shown = page(signed_in(world.people.teacher), "units", dato="i går")
    assert "ds-error-summary" in shown
    assert world.units.school.name in shown


def test_a_closed_unit_says_since_when_and_who_took_over(world, signed_in):
    old = old_unit("Gamlebyen skole", until=date(2024, 6, 30))
    Succession.objects.create(old=old, new=world.units.school, on=date(2024, 7, 1))
    client = signed_in(world.people.teacher)
    assert "30. jun. 2024" in page(client, "unit", old.pk)
    assert world.units.school.get_absolute_url() in page(client, "unit", old.pk)
    assert old.get_absolute_url() in page(client, "unit", world.units.school.pk)
    assert "Gamlebyen skole" not in page(client, "units")


def test_a_closed_position_and_those_of_a_closed_unit_are_not_found(world, make, signed_in):
    closed = old_unit("Gamlebyen skole", until=TODAY - A_DAY)
    make.position("Vaktmester Nedlagt", closed)
    make.position("Renholder Nedlagt", world.units.school, since=START, until=TODAY - A_DAY)
    make.position("Kokk Nedlagt ikke", world.units.school)
    shown = page(signed_in(world.people.teacher), "find_positions", q="nedlagt")
    assert "Kokk" in shown
    assert "Vaktmester" not in shown
    assert "Renholder" not in shown
