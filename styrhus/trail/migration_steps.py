"""Puts a table on the trail, from that table's own migration."""

from django.db import migrations


def keep_trail(table: str, *, key: str = "id", without: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Statement-level triggers on one table. `key` is its primary key; `without` names columns never kept (secrets)."""
    arguments = ", ".join(f"'{name}'" for name in (key, *without))
    triggers = [
        ("insert", "INSERT", "NEW TABLE AS new_rows"),
        ("update", "UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("delete", "DELETE", "OLD TABLE AS old_rows"),
    ]
    return migrations.RunSQL(
        [
            f'CREATE TRIGGER trail_{name} AFTER {event} ON "{table}" REFERENCING {rows} '
            f"FOR EACH STATEMENT EXECUTE FUNCTION trail_keep({arguments})"
            for name, event, rows in triggers
        ],
        [f'DROP TRIGGER trail_{name} ON "{table}"' for name, _event, _rows in triggers],
    )
