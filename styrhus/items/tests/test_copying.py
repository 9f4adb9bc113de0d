"""Bulk writing: all rows or none, parents and children in pairs, the trail and the rules as ever."""

import tracemalloc
from itertools import count

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from styrhus.items import copying
from styrhus.items.copying import copy_rows
from styrhus.items.models import Item
from styrhus.trail.models import Change
from styrhus.trail.operations import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(world):
    unit, responsible = world.units.school, world.people.principal.position

    def some(number, **fields):
        for place in range(number):
            row = {
                "title": f"Rad {place}",
                "unit_id": unit.pk,
                "responsible_id": responsible.pk,
                "progress": place % 101,
            }
            yield row | fields

    return some


def copied(make):
    return make.Measure.objects.filter(title__startswith="Rad ")


def test_three_thousand_rows_are_written_with_children_that_match(rows, make):
    assert copy_rows(make.Measure, rows(3_000)) == 3_000
    written = {measure.title: measure.progress for measure in copied(make)}
    assert written == {f"Rad {place}": place % 101 for place in range(3_000)}


def test_a_copied_row_is_as_one_that_was_made_by_hand(rows, make, world):
    copy_rows(make.Measure, rows(1))
    thing = copied(make).get()
    assert (thing.kind, thing.state, thing.openness, thing.version) == ("planning.measure", "planned", "internal", 1)
    assert (thing.description, thing.due, thing.field, thing.ended) == ("", None, "", None)
    assert thing.created == thing.updated
    thing.title = "Rad endret"
    thing.full_clean(exclude=["title_key", "words"])
    thing.save()


def test_fields_given_win_over_what_a_kind_begins_with(rows, make):
    copy_rows(make.Measure, rows(1, state="running", openness="open"))
    assert (copied(make).get().state, copied(make).get().openness) == ("running", "open")


def test_more_rows_than_a_batch_are_written_in_batches(rows, make, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 7)
    assert copy_rows(make.Measure, rows(20)) == 20
    assert copied(make).count() == 20


def test_no_rows_is_no_error(make):
    assert copy_rows(make.Measure, []) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_id": 999_999},
        {"title": ""},
        {"progress": 101},
        {"progress": "mye"},
        {"openness": "exempt"},
        {"unit_id": None},
        {"title": "nul\x00"},
        {"due": "31.02.2026"},
    ],
)
def test_one_bad_row_and_none_is_written(rows, make, monkeypatch, wrong):
    """The bad row comes in a later batch, when others are already sent."""
    monkeypatch.setattr(copying, "BATCH", 5)
    with pytest.raises((DatabaseError, ValueError)), transaction.atomic():
        copy_rows(make.Measure, [*rows(12), *rows(1, **wrong)])
        connection.check_constraints()
    assert not copied(make).exists()
    assert not Item.objects.filter(title__startswith="Rad ").exists()


def test_every_copied_row_is_on_the_trail_in_both_tables(rows, make, world):
    with acting(world.people.director):
        copy_rows(make.Measure, rows(10))
    pks = list(copied(make).values_list("pk", flat=True))
    for table in ("items_item", "planning_measure"):
        kept = Change.objects.filter(table_name=table, row_id__in=pks, by=world.people.director.pk, action="I")
        assert kept.count() == 10


def test_the_rows_are_taken_as_they_come_and_memory_stays_flat(rows, make, monkeypatch):
    """Ten times as many rows may not cost twice the memory."""
    monkeypatch.setattr(copying, "BATCH", 200)

    def peak(number):
        tracemalloc.start()
        copy_rows(make.Measure, rows(number, description="x" * 500))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(200)
    assert peak(3_000) < 2 * peak(300)


def test_rows_are_not_read_further_than_the_failing_batch(rows, make, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 5)
    taken = count()

    def watched():
        for row in rows(100, title=""):
            next(taken)
            yield row

    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(make.Measure, watched())
    assert next(taken) == 5


def test_saving_one_by_one_goes_on_after_a_copy(rows, make, world):
    copy_rows(make.Measure, rows(5))
    after = make.measure("Etter", world.units.school, world.people.principal.position)
    assert after.pk > copied(make).last().pk


# -- no item without its child


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def settled(world):
    """The world as if it had been there before this transaction."""
    check_now()
    run("SET CONSTRAINTS ALL DEFERRED")


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_child_cannot_go_and_leave_its_item_behind(world, settled):
    with pytest.raises(IntegrityError, match="left without"), transaction.atomic():
        run("DELETE FROM planning_measure WHERE item_ptr_id = %s", world.things.open.pk)
        check_now()


def test_an_item_cannot_come_without_its_child(world):
    with pytest.raises(IntegrityError, match="has no planning_measure"), transaction.atomic():
        run(
            "INSERT INTO items_item (kind, title, unit_id, responsible_id, field, state, openness, access_code, "
            "exemption_basis, created, updated, version) VALUES ('planning.measure', 'Foreldreløs', %s, %s, '', "
            "'planned', 'internal', '', '', now(), now(), 1)",
            world.units.school.pk,
            world.people.principal.position.pk,
        )
        check_now()


def test_an_item_and_its_child_go_together(world, settled):
    pk = world.things.open.pk
    with transaction.atomic():
        run("DELETE FROM planning_measure WHERE item_ptr_id = %s", pk)
        run("DELETE FROM items_item WHERE id = %s", pk)
        check_now()
    assert not Item.objects.filter(pk=pk).exists()


def test_deleting_a_thing_takes_both(world):
    world.things.open.delete()
    check_now()
    assert not Item.objects.filter(title="Åpen skolegård").exists()
