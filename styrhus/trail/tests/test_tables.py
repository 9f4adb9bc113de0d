"""Every table is on the trail or on the short list, with a reason."""

import pytest
from django.db import connection

from styrhus.trail.tables import NOT_KEPT

pytestmark = pytest.mark.django_db
KEPT_EVENTS = {"trail_insert", "trail_update", "trail_delete"}


def all_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}


def triggers() -> dict[str, set]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'trail_keep' AND t.tgenabled = 'O'"
        )
        found = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
        return found


def unexplained(tables) -> set[str]:
    return tables - triggers().keys() - NOT_KEPT.keys()


def test_every_table_is_kept_or_has_a_reason_not_to_be():
    assert unexplained(all_tables()) == set()


def test_a_new_table_without_trail_or_reason_is_found():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE new_and_forgotten (id bigint)")
    assert unexplained(all_tables()) == {"new_and_forgotten"}


def test_the_short_list_names_no_table_that_is_gone():
    assert NOT_KEPT.keys() - all_tables() == set()


def test_no_table_is_both_kept_and_excused():
    assert triggers().keys() & NOT_KEPT.keys() == set()


def test_each_excuse_says_why():
    assert all(len(reason.split()) > 1 or reason == "short-lived" for reason in NOT_KEPT.values())


def test_a_kept_table_keeps_inserts_updates_and_deletes():
    assert {table: names for table, names in triggers().items() if names != KEPT_EVENTS} == {}
