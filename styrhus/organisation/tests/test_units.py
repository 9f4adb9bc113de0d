"""The tree: its path is kept by the database, whatever is done to it."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.organisation.models import Unit, UnitKind
from styrhus.organisation.queries import tree

pytestmark = pytest.mark.django_db


def expected_path(unit) -> str:
    above = expected_path(Unit.objects.get(pk=unit.parent_id)) if unit.parent_id else "/"
    return f"{above}{unit.pk}/"


def assert_paths_follow_parents():
    for unit in Unit.objects.all():
        assert unit.path == expected_path(unit)


def test_a_new_unit_gets_the_path_of_its_parents(make):
    top = make.unit("Kommunen")
    middle = make.unit("Området", parent=top)
    assert make.unit("Skolen", parent=middle).path == f"/{top.pk}/{middle.pk}/{Unit.objects.last().pk}/"


def test_moving_a_unit_takes_its_whole_subtree_along(make, world):
    units = world.units
    Unit.objects.filter(pk=units.school.pk).update(parent=units.other_school)
    assert make.again(units.department).path == expected_path(make.again(units.department))
    assert make.again(units.department).path.startswith(make.again(units.other_school).path)


def test_a_unit_that_becomes_a_root_has_only_itself_in_its_path(make, world):
    Unit.objects.filter(pk=world.units.school.pk).update(parent=None)
    assert make.again(world.units.school).path == f"/{world.units.school.pk}/"
    assert_paths_follow_parents()


def test_a_path_written_by_hand_is_put_right(make, world):
    Unit.objects.filter(pk=world.units.department.pk).update(path="/1/nonsense/")
    assert_paths_follow_parents()


@pytest.mark.parametrize("below", ["municipality", "area", "school", "department"])
def test_a_unit_cannot_be_placed_under_itself_at_any_depth(world, below):
    top, target = world.units.municipality, getattr(world.units, below)
    with pytest.raises(IntegrityError, match="under itself"), transaction.atomic():
        Unit.objects.filter(pk=top.pk).update(parent=target)
    assert_paths_follow_parents()


def chain(parents: list, number: int) -> list:
    above = []
    while number is not None:
        above.append(number)
        number = parents[number]
    return above


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(0, 10_000), min_size=2, max_size=9),
    moves=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=6),
)
def test_in_any_tree_after_any_moves_the_path_is_the_chain_of_parents(db, sizes, moves):
    with transaction.atomic():
        parents = [None] + [size % (place + 1) for place, size in enumerate(sizes)]
        units = []
        for above in parents:
            units.append(
                Unit.objects.create(name="E", kind=UnitKind.BODY, parent=None if above is None else units[above])
            )
        for mover, target in ((a % len(units), b % len(units)) for a, b in moves):
            moved = move(units[mover], units[target])
            assert moved == (mover not in chain(parents, target))
            parents[mover] = target if moved else parents[mover]
        assert_paths_follow_parents()
        transaction.set_rollback(True)


def move(unit, parent) -> bool:
    try:
        with transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(parent=parent)
    except IntegrityError:
        return False
    return True


def test_a_unit_ends_no_earlier_than_it_begins(make):
    with pytest.raises(IntegrityError, match="unit_ends_after_it_begins"):
        Unit.objects.create(name="Kort", kind=UnitKind.BODY, since="2026-02-01", until="2026-01-31")


def test_a_unit_without_a_name_is_refused(db):
    with pytest.raises(IntegrityError, match="unit_has_a_name"):
        Unit.objects.create(name="", kind=UnitKind.BODY)


def test_a_unit_with_units_under_it_cannot_be_deleted(world):
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM organisation_unit WHERE id = %s", [world.units.school.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_below_holds_the_unit_itself_and_everything_under_it(world):
    units = world.units
    assert set(Unit.objects.below(units.school)) == {units.school, units.department}


def test_above_goes_from_the_top_down_to_the_unit(world):
    units = world.units
    assert list(Unit.objects.above(units.department)) == [
        units.municipality,
        units.area,
        units.school,
        units.department,
    ]


def test_the_tree_holds_every_unit_once_in_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        nodes = tree()
    assert {node.unit.pk: node.below for node in nodes} == {
        unit.pk: unit.children.count() for unit in Unit.objects.all()
    }
    assert len(nodes) == Unit.objects.count()


def test_every_branch_of_the_tree_ends_where_it_began(world):
    depth = 0
    for node in tree():
        assert node.depth == depth
        depth += bool(node.below) - node.ends
    assert depth == 0


def test_units_side_by_side_stand_in_norwegian_order(make):
    top = make.unit("Kommunen", UnitKind.MUNICIPALITY)
    for name in ("Ås skole", "Berg skole", "Ærlig skole", "aker skole", "Østre skole"):
        make.unit(name, parent=top)
    assert [node.unit.name for node in tree()][1:] == [
        "aker skole",
        "Berg skole",
        "Ærlig skole",
        "Østre skole",
        "Ås skole",
    ]


def test_the_municipality_comes_before_other_units_at_the_top(make):
    make.unit("Alfa KF", UnitKind.MUNICIPAL_ENTERPRISE)
    make.unit("Øvre kommune", UnitKind.MUNICIPALITY)
    assert [node.unit.name for node in tree()] == ["Øvre kommune", "Alfa KF"]
