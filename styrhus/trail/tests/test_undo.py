"""A transaction played backwards leaves everything as it stood before it."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.trail.models import Change
from styrhus.trail.operations import CannotUndo, undo

pytestmark = pytest.mark.django_db
Person, Position, Unit = (apps.get_model("organisation", name) for name in ("Person", "Position", "Unit"))


def written_since(mark: int) -> tuple[int, object]:
    """The number and moment of what was written after a row of the trail. In a test all is one transaction, so it gets
    a number of its own afterwards, as if it had been another."""
    number = mark + 1_000_000_000
    fresh = Change.objects.filter(pk__gt=mark)
    fresh.update(transaction=number)
    at = fresh.values_list("at", flat=True).first()
    return number, at


def mark() -> int:
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def stands() -> dict:
    """Every row of three tables; one of them is written by triggers alone."""
    found = {}
    with connection.cursor() as cursor:
        for table in ("organisation_unit", "organisation_unitperiod", "organisation_position"):
            cursor.execute(f"SELECT id, to_jsonb(row) FROM {table} row ORDER BY id")
            found[table] = dict(cursor.fetchall())
    return found


def test_what_was_inserted_goes(make):
    before, start = stands(), mark()
    make.unit("Under", parent=make.unit("Over"))
    undo(*written_since(start))
    assert stands() == before


def test_what_was_changed_twice_is_as_it_was_first(make):
    unit = make.unit("Først")
    before, start = stands(), mark()
    for name in ("Så", "Sist"):
        Unit.objects.filter(pk=unit.pk).update(name=name)
    undo(*written_since(start))
    assert stands() == before


def test_what_was_deleted_comes_back_with_its_number(make):
    unit = make.unit("Borte")
    before, start = stands(), mark()
    Unit.objects.filter(pk=unit.pk).delete()
    undo(*written_since(start))
    assert stands() == before


def test_a_branch_that_was_moved_goes_home_with_all_below(make):
    one, other = make.unit("En"), make.unit("To")
    branch = make.unit("Grein", parent=one)
    make.unit("Kvist", parent=branch)
    before, start = stands(), mark()
    Unit.objects.filter(pk=branch.pk).update(parent=other)
    undo(*written_since(start))
    assert stands() == before


def test_two_that_changed_places_change_back(make):
    over = make.unit("Over")
    under = make.unit("Under", parent=over)
    before, start = stands(), mark()
    Unit.objects.filter(pk=under.pk).update(parent=None)
    Unit.objects.filter(pk=over.pk).update(parent=under)
    undo(*written_since(start))
    assert stands() == before


def test_an_undo_can_be_undone(make):
    unit = make.unit("Før")
    start = mark()
    Unit.objects.filter(pk=unit.pk).update(name="Etter")
    make.unit("Ny")
    after, first = stands(), written_since(start)
    start = mark()
    undo(*first)
    undo(*written_since(start), cancelled=[first[0]])
    assert stands() == after


def test_a_row_that_was_changed_since_refuses_the_whole(make):
    start = mark()
    unit, other = make.unit("Ny"), make.unit("Annen")
    first = written_since(start)
    start = mark()
    Unit.objects.filter(pk=unit.pk).update(name="Rettet")
    written_since(start)
    after = stands()
    with pytest.raises(CannotUndo) as refused:
        undo(*first)
    assert ("organisation_unit", unit.pk) in [(each.table, each.row) for each in refused.value.obstacles]
    assert stands() == after
    assert Unit.objects.filter(pk=other.pk).exists()


def test_a_row_that_another_refers_to_refuses_the_whole(make):
    start = mark()
    unit = make.unit("Ny")
    first = written_since(start)
    position = make.position("Leder", unit)
    with pytest.raises(CannotUndo) as refused:
        undo(*first)
    obstacle = refused.value.obstacles[0]
    assert (obstacle.row, obstacle.by_table, obstacle.by_row) == (unit.pk, "organisation_position", position.pk)
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_what_was_itself_undone_stands_in_nobodys_way(make):
    start = mark()
    unit = make.unit("Ny")
    first = written_since(start)
    start = mark()
    Unit.objects.filter(pk=unit.pk).update(name="Endret")
    second = written_since(start)
    start = mark()
    undo(*second)
    third = written_since(start)
    with pytest.raises(CannotUndo):
        undo(*first)
    undo(*first, cancelled=[second[0], third[0]])
    assert not Unit.objects.filter(pk=unit.pk).exists()


def test_a_transaction_with_the_same_number_at_another_moment_is_another(make):
    start = mark()
    unit = make.unit("Ny")
    number, at = written_since(start)
    assert undo(number, at.replace(year=2001)) == 0
    assert Unit.objects.filter(pk=unit.pk).exists()


STEP = st.tuples(
    st.sampled_from(["insert", "rename", "move", "delete", "position"]), st.integers(0, 30), st.integers(0, 30)
)


def do(step: tuple[str, int, int]) -> None:
    """One random change, left out where the database forbids it."""
    what, one, other = step
    units = list(Unit.objects.order_by("pk"))
    first, second = units[one % len(units)], units[other % len(units)]
    if what == "insert":
        Unit.objects.create(name=f"Ny {one}", kind="department", parent=first)
    elif what == "rename":
        Unit.objects.filter(pk=first.pk).update(name=f"Navn {other}")
    elif what == "move" and not second.path.startswith(first.path):
        Unit.objects.filter(pk=first.pk).update(parent=second)
    elif what == "delete" and not Unit.objects.filter(parent=first).exists() and len(units) > 1:
        Position.objects.filter(unit=first).delete()
        Unit.objects.filter(pk=first.pk).delete()
    elif what == "position":
        Position.objects.create(title=f"Stilling {other}", unit=first)


@given(st.lists(STEP, max_size=15))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_was_done_can_be_undone(make, steps):
    with transaction.atomic():
        top = make.unit("Topp")
        make.unit("Midt", parent=top)
        before, start = stands(), mark()
        for step in steps:
            do(step)
        if mark() > start:
            undo(*written_since(start))
        assert stands() == before
        transaction.set_rollback(True)


def test_a_person_that_was_changed_keeps_a_password_that_the_trail_never_knew(make):
    person = make.person("Før")
    Person.objects.filter(pk=person.pk).update(password="secret")
    start = mark()
    Person.objects.filter(pk=person.pk).update(name="Etter")
    undo(*written_since(start))
    assert list(Person.objects.filter(pk=person.pk).values_list("name", "password")) == [("Før", "secret")]
