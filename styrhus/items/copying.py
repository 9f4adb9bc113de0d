"""Bulk writing of items: two COPYs in one transaction, ids reserved first."""

from collections.abc import Iterable
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

BATCH = 5_000


def copy_rows(model, rows: Iterable[dict]) -> int:
    """Writes many things of one kind by COPY and returns how many.

    Each row is a dict of field names (foreign keys as `unit_id`) to database values. Memory stays flat: rows are
    taken in batches. The trail, the constraints and the rule that no item lacks its child hold as for any other write.
    """
    written = 0
    rows = iter(rows)
    with transaction.atomic():
        while batch := list(islice(rows, BATCH)):
            _copy_batch(model, batch)
            written += len(batch)
    return written


def _copy_batch(model, batch: list[dict]) -> None:
    now = timezone.now()
    fixed = {
        "kind": model.kind_name(),
        "state": model.flow.start,
        "openness": model.default_openness,
        "update_every": model.default_update_every,
        "created": now,
        "updated": now,
    }
    parent, child = _defaults(model._meta.get_parent_list()[0]) | fixed, _defaults(model)
    ids = _reserve_ids(len(batch))
    _copy("items_item", "id", model, parent, zip(ids, batch, strict=True))
    _copy(model._meta.db_table, "item_ptr_id", model, child, zip(ids, batch, strict=True))


def _defaults(model) -> dict:
    """What a row holds where it says nothing, by attribute name in the order of the table's own columns."""
    fields = model._meta.local_concrete_fields
    return {field.attname: field.get_default() for field in fields if not field.primary_key and not field.generated}


def _reserve_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('items_item', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, key: str, model, defaults: dict, numbered: Iterable[tuple[int, dict]]) -> None:
    columns = [key, *(model._meta.get_field(name).column for name in defaults)]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    pairs = tuple(defaults.items())
    # COPY goes past Django's cursor: what it raises is made Django's own here.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
    ):
        for number, row in numbered:
            copy.write_row([number, *(row.get(name, default) for name, default in pairs)])
