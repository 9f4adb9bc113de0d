"""Reads the trail."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from styrhus.trail.models import Change

# A row of a table: the table's name and the row's key.
Key = tuple[str, int]
# Rows as the tables hold them, by key: column → value.
Rows = dict[Key, dict]


def changes_of(rows: list[Key]):
    """What happened to these rows (table name, row id), the newest first."""
    wanted = Q(pk__in=[])
    for table, row in rows:
        wanted |= Q(table_name=table, row_id=row)
    return Change.objects.filter(wanted).select_related("by").order_by("-id")


def rows_of(found: QuerySet) -> Rows:
    """The rows of one table as they are now, without what the database makes of other columns, as on the trail."""
    fields = [field for field in found.model._meta.local_concrete_fields if not field.generated]
    columns = [field.column for field in fields]
    values = found.order_by().values_list("pk", *(field.attname for field in fields))
    return {(found.model._meta.db_table, pk): dict(zip(columns, row, strict=True)) for pk, *row in values}


def row_of(thing) -> dict:
    """What an object that has been read holds, its parent's columns too."""
    fields = [field for field in thing._meta.concrete_fields if not field.generated]
    return {field.column: getattr(thing, field.attname) for field in fields}


def changes_since(at: datetime, rows: Iterable[Key], held: Iterable[tuple[str, dict]] = ()) -> list[Change]:
    """What has happened since `at` to these rows, the newest first.

    Also to rows that have been deleted since, found by what they `held`: (table name, column → value).
    """
    since, keys = Change.objects.filter(at__gte=at).order_by("-id"), set(rows)
    gone = Q(pk__in=[])
    for table, values in held:
        gone |= Q(action=Change.DELETE, table_name=table, before__contains=values)
    found = list(since.filter(_about(keys) | gone))
    unknown = {(change.table_name, change.row_id) for change in found} - keys
    return list(since.filter(_about(keys | unknown))) if unknown else found


def _about(rows: Iterable[Key]) -> Q:
    keys: dict[str, list[int]] = {}
    for table, key in rows:
        keys.setdefault(table, []).append(key)
    wanted = Q(pk__in=[])
    for table, numbers in keys.items():
        wanted |= Q(table_name=table, row_id__in=numbers)
    return wanted


def played_back(rows: Rows, changes: Iterable[Change]) -> Rows:
    """The rows as they stood before these changes (the newest first). A row that came with one of them is left out."""
    stood = {key: dict(row) for key, row in rows.items()}
    for change in changes:
        key = change.table_name, change.row_id
        if change.action == Change.INSERT:
            stood.pop(key, None)
        elif change.action == Change.DELETE:
            stood[key] = dict(change.before or {})
        elif key in stood:
            stood[key] |= change.before or {}
    return stood


def rebuilt(model: type[Model], row: dict):
    """The object that a row (or the rows of a child and its parent in one) was, for reading only."""
    fields = [field for field in model._meta.concrete_fields if not field.generated and field.column in row]
    values = [field.to_python(row[field.column]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)
