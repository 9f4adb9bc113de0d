"""What is written, by whichever way, is kept: who, before and after."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse

from styrhus.trail.models import Change
from styrhus.trail.operations import acting, set_actor
from styrhus.trail.queries import changes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(make):
    return make.unit("Solsiden skole")


@pytest.fixture
def person(make):
    return make.person("Rita Rektor")


def last(on_the_trail, thing):
    return on_the_trail(thing)[-1]


def test_an_insert_is_kept_with_who_did_it(make, person, on_the_trail):
    with acting(person):
        unit = make.unit("Ny")
    kept = on_the_trail(unit)[0]
    assert (kept.action, kept.by_id, kept.before, kept.after) == ("I", person.pk, None, None)


def test_an_update_keeps_the_changed_fields_only_before_and_after(unit, person, on_the_trail):
    with acting(person):
        unit.name = "Solsiden"
        unit.save()
    kept = last(on_the_trail, unit)
    assert (kept.action, kept.by_id) == ("U", person.pk)
    assert (kept.before, kept.after) == ({"name": "Solsiden skole"}, {"name": "Solsiden"})


def test_a_delete_keeps_the_whole_row(unit, person, on_the_trail):
    pk = unit.pk
    with acting(person):
        type(unit).objects.filter(pk=pk).delete()
    kept = last(on_the_trail, unit)
    assert (kept.action, kept.by_id, kept.after) == ("D", person.pk, None)
    assert kept.before["name"] == "Solsiden skole"
    assert kept.before["id"] == pk


def test_a_bulk_update_keeps_every_row(make, on_the_trail):
    units = [make.unit(f"Trinn {number}") for number in range(3)]
    for unit in units:
        unit.name += "!"
    type(units[0]).objects.bulk_update(units, ["name"])
    assert [last(on_the_trail, unit).after for unit in units] == [{"name": f"Trinn {n}!"} for n in range(3)]


def test_a_queryset_update_keeps_every_row_it_touched_and_no_other(make, on_the_trail):
    units = [make.unit(f"Trinn {number}") for number in range(3)]
    type(units[0]).objects.filter(pk__in=[unit.pk for unit in units[:2]]).update(organisation_number="1")
    assert [last(on_the_trail, unit).action for unit in units] == ["U", "U", "I"]


def test_raw_sql_is_kept(unit, person, on_the_trail):
    set_actor(person.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_unit SET name = 'Rå' WHERE id = %s", [unit.pk])
    assert last(on_the_trail, unit).by_id == person.pk
    assert last(on_the_trail, unit).after == {"name": "Rå"}


def test_a_copy_is_kept_row_by_row(person):
    columns = "id, name, kind, organisation_number, code, path, since"
    with (
        acting(person),
        connection.cursor() as cursor,
        cursor.copy(f"COPY organisation_unit ({columns}) FROM STDIN") as copy,
    ):
        for number in (901, 902):
            copy.write_row((number, f"Kopi {number}", "body", "", "", "", "2026-01-01"))
    kept = Change.objects.filter(table_name="organisation_unit", row_id__in=[901, 902])
    assert [(change.action, change.by_id) for change in kept] == [("I", person.pk)] * 2


def test_moving_a_unit_keeps_the_paths_that_the_database_changed_itself(make, unit, on_the_trail):
    below, target = make.unit("Trinn", parent=unit), make.unit("Annen")
    type(unit).objects.filter(pk=unit.pk).update(parent=target)
    assert last(on_the_trail, below).after == {"path": f"/{target.pk}/{unit.pk}/{below.pk}/"}


def test_what_did_not_change_leaves_nothing(unit, on_the_trail):
    unit.save()
    type(unit).objects.update(name="Solsiden skole")
    assert [kept.action for kept in on_the_trail(unit)] == ["I"]


def test_what_is_rolled_back_leaves_nothing(unit, on_the_trail):
    with transaction.atomic():
        type(unit).objects.filter(pk=unit.pk).update(name="Angret")
        transaction.set_rollback(True)
    assert [kept.action for kept in on_the_trail(unit)] == ["I"]


def test_a_password_is_never_kept(make, person, on_the_trail):
    person.set_unusable_password()
    person.name = "Rita R."
    person.save()
    number = person.pk
    person.delete()
    person.pk = number
    for kept in on_the_trail(person):
        assert "password" not in (kept.before or {}) | (kept.after or {})
        assert "last_login" not in (kept.before or {}) | (kept.after or {})
    assert [kept.action for kept in on_the_trail(person)] == ["I", "U", "D"]


def test_a_new_password_alone_leaves_nothing(person, on_the_trail):
    person.set_unusable_password()
    person.save()
    assert [kept.action for kept in on_the_trail(person)] == ["I"]


def test_after_acting_the_program_acts_for_itself(make, person, unit, on_the_trail):
    with acting(person):
        pass
    unit.name = "Programmet"
    unit.save()
    assert last(on_the_trail, unit).by_id is None


def test_after_a_failure_inside_acting_the_program_acts_for_itself(make, person, unit, on_the_trail):
    with pytest.raises(ValueError, match="oops"), acting(person):
        raise ValueError("oops")
    unit.name = "Programmet"
    unit.save()
    assert last(on_the_trail, unit).by_id is None


def test_after_a_broken_transaction_the_program_acts_for_itself(person, unit, on_the_trail):
    with pytest.raises(Exception, match="does not exist"), acting(person), transaction.atomic():
        connection.cursor().execute("SELECT * FROM no_such_table")
    unit.name = "Programmet"
    unit.save()
    assert last(on_the_trail, unit).by_id is None


def test_who_did_it_stays_when_the_person_is_gone(make, person, unit):
    with acting(person):
        unit.name = "Sist endret"
        unit.save()
    number = person.pk
    person.delete()
    assert changes_of([("organisation_unit", unit.pk)])[0].by_id == number


def test_one_statement_is_one_transaction_on_the_trail(make):
    make.unit("En")
    make.unit("To")
    assert Change.objects.filter(table_name="organisation_unit").values("transaction").distinct().count() == 1


def test_a_page_that_writes_keeps_who_was_signed_in(world, signed_in, on_the_trail):
    url = reverse("items:comment", args=[world.things.internal.pk])
    signed_in(world.people.teacher).post(url, {"text": "Sett"})
    comment = apps.get_model("items.comment").objects.get()
    assert on_the_trail(comment)[0].by_id == world.people.teacher.pk


def test_the_next_request_on_the_connection_does_not_write_as_the_last(world, signed_in, unit, on_the_trail):
    url = reverse("items:comment", args=[world.things.internal.pk])
    signed_in(world.people.teacher).post(url, {"text": "Sett"})
    unit.name = "Etterpå"
    unit.save()
    assert last(on_the_trail, unit).by_id is None


def test_both_tables_of_a_thing_are_kept(world, on_the_trail):
    thing = world.things.internal
    thing.title, thing.progress = "Ny tittel", 40
    thing.save()
    assert on_the_trail(thing, "items_item")[-1].after["title"] == "Ny tittel"
    assert on_the_trail(thing, "planning_measure")[-1].after == {"progress": 40}


def test_what_the_database_makes_of_a_title_is_not_kept_beside_it(world, on_the_trail):
    thing = world.things.internal
    thing.title = "Ny tittel"
    thing.save()
    assert on_the_trail(thing, "items_item")[-1].after == {"title": "Ny tittel"}


def test_changes_come_newest_first_and_of_the_asked_rows_only(make, unit):
    make.unit("Annen")
    unit.name = "To"
    unit.save()
    assert [change.action for change in changes_of([("organisation_unit", unit.pk)])] == ["U", "I"]
    assert not changes_of([]).exists()
