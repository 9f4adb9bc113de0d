"""Bulk writing of items: two COPYs in one transaction, ids reserved first."""

from collections.abc import Iterable, Iterator
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
    ids = _reserve_ids(len(batch))
    parent_fields = _fields(model._meta.get_parent_list()[0])
    child_fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    fixed = {
        "kind": model.kind_name(),
        "state": model.flow.start,
        "openness": model.default_openness,
        "created": now,
        "updated": now,
        "version": 1,
    }
    parent_rows = ((pk, *_values(parent_fields, fixed | row)) for pk, row in zip(ids, batch, strict=True))
    child_rows = ((pk, *_values(child_fields, row)) for pk, row in zip(ids, batch, strict=True))
    _copy("items_item", ["id", *(field.column for field in parent_fields)], parent_rows)
    _copy(model._meta.db_table, ["item_ptr_id", *(field.column for field in child_fields)], child_rows)


def _fields(model) -> list:
    return [field for field in model._meta.local_concrete_fields if not field.primary_key and not field.generated]


def _values(fields, row: dict) -> Iterator:
    for field in fields:
        yield row[field.attname] if field.attname in row else field.get_default()


def _reserve_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('items_item', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, columns: list[str], rows: Iterator) -> None:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    # COPY goes past Django's cursor: what it raises is made Django's own here.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
