"""Ties the table of a kind to the table of items, from that kind's own migration."""

from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


def child_of_item(table: str) -> list[migrations.RunSQL]:
    """No child may go and leave its item behind, and what the child holds is on the trail."""
    return [
        migrations.RunSQL(
            f'CREATE CONSTRAINT TRIGGER item_goes_with_child AFTER DELETE ON "{table}" '
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION item_goes_with_child()",
            f'DROP TRIGGER item_goes_with_child ON "{table}"',
        ),
        keep_trail(table, key="item_ptr_id"),
    ]
