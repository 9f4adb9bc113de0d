"""Says who acts, so that the trail can; and plays a transaction backwards."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import batched, groupby

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from psycopg.types.json import Jsonb

from styrhus.trail.models import Change

BATCH = 2_000
OBSTACLES_TOLD = 20


def set_actor(person_id: int | None) -> None:
    """Names who acts on this connection until it is said again; None for the program itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('styrhus.actor', %s, false)", [str(person_id or "")])


def forget_values(table: str, row: int, instead: dict) -> None:
    """Puts other values in place of what the trail holds of some columns of one row; who and when stay."""
    for change in Change.objects.select_for_update().filter(table_name=table, row_id=row):
        for held in (change.before, change.after):
            if held:
                held |= {column: value for column, value in instead.items() if column in held}
        change.save(update_fields=["before", "after"])


def forget_rows(rows: Iterable[tuple[str, int]]) -> None:
    """Empties what the trail holds of these rows (table, key); that there was a row, who and when stay."""
    tables: dict[str, list[int]] = {}
    for table, key in rows:
        tables.setdefault(table, []).append(key)
    with connection.cursor() as cursor:
        for table, keys in tables.items():
            cursor.execute(
                "UPDATE trail_change SET before = CASE WHEN before IS NOT NULL THEN '{}'::jsonb END, "
                "after = CASE WHEN after IS NOT NULL THEN '{}'::jsonb END WHERE table_name = %s AND row_id = ANY(%s)",
                [table, keys],
            )


@contextmanager
def acting(person):
    """Everything written inside the block is kept on the trail as this person's work."""
    set_actor(person.pk)
    try:
        yield
    finally:
        if connection.is_usable():
            set_actor(None)


# -- undoing


@dataclass(frozen=True)
class Obstacle:
    """A row that has been changed since (`by_table` empty), or that a row of another table refers to."""

    table: str
    row: int
    by_table: str = ""
    by_row: int | None = None


class CannotUndo(Exception):
    """Something was built on what would be taken back. Nothing is changed.

    `reasons` are the words of a kind that says itself what stands in the way, instead of obstacles.
    """

    def __init__(self, obstacles: Iterable[Obstacle] = (), reasons: Iterable[str] = ()):
        self.obstacles, self.reasons = list(obstacles), list(reasons)
        super().__init__(f"{len(self.obstacles) + len(self.reasons)} obstacles")


def undo(number: int, at: datetime, *, cancelled: Collection[int] = ()) -> int:
    """Plays everything that one transaction wrote backwards, the newest first; returns how many rows that was.

    A transaction is known by its number and its moment: numbers begin again in a restored base. `cancelled` are
    transactions that have been undone themselves, and those that undid them: together they changed nothing. The trail
    keeps the undoing like any other change, so that it can be undone in its turn. Raises CannotUndo.
    """
    played = Change.objects.filter(transaction=number, at=at)
    try:
        with transaction.atomic():
            _refuse_changed_since(number, at, cancelled)
            with _playing_backwards():
                count = _play(played.order_by("-id").iterator(BATCH))
            # Asked again: what was played is locked by now, and nobody can have come in between.
            _refuse_changed_since(number, at, cancelled)
            _refuse_referred_to(number, at)
            _check_constraints()
    except IntegrityError as error:
        raise CannotUndo from error
    return count


@contextmanager
def _playing_backwards():
    """Triggers that write history of their own hold still meanwhile: what they wrote is on the trail too."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT set_config('styrhus.undoing', 'on', true)")
        yield
        cursor.execute("SELECT set_config('styrhus.undoing', '', true)")


def _check_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _play(changes: Iterator[Change]) -> int:
    count = 0
    for (action, table, columns), same in groupby(changes, key=_sort_of):
        for batch in batched(same, BATCH):
            PLAY[action](table, columns, batch)
            count += len(batch)
    return count


def _sort_of(change: Change) -> tuple[str, str, tuple[str, ...]]:
    """Changes that one statement can play."""
    return change.action, change.table_name, tuple(sorted(change.before or ()))


@cache
def _models() -> dict:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _names(table: str, columns: Iterable[str]) -> list[str]:
    """The columns that can be written, quoted: the database makes the generated ones itself."""
    made = {field.column for field in _models()[table]._meta.local_concrete_fields if field.generated}
    return [connection.ops.quote_name(column) for column in columns if column not in made]


def _key(table: str) -> str:
    return connection.ops.quote_name(_models()[table]._meta.pk.column)


def _take_away(table: str, _columns, changes: Collection[Change]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{table}" WHERE {_key(table)} = ANY(%s)',  # noqa: S608 - names of our own tables
            [[change.row_id for change in changes]],
        )


def _set_back(table: str, columns, changes: Collection[Change]) -> None:
    """One row at a time and in order: a row may have been changed twice, and a tree must never pass through a ring."""
    names = _names(table, columns)
    if not names:
        return
    pairs = ", ".join(f"{name} = was.{name}" for name in names)
    statement = (
        f'UPDATE "{table}" SET {pairs} FROM jsonb_populate_record(NULL::"{table}", %s) was '  # noqa: S608
        f'WHERE "{table}".{_key(table)} = %s'
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[Jsonb(change.before), change.row_id] for change in changes])  # type: ignore[list-item]


def _put_back(table: str, columns, changes: Collection[Change]) -> None:
    names = ", ".join(_names(table, columns))
    statement = (
        f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE '  # noqa: S608
        f'SELECT {names} FROM jsonb_populate_record(NULL::"{table}", %s)'
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[Jsonb(change.before)] for change in changes])  # type: ignore[list-item]


PLAY = {Change.INSERT: _take_away, Change.UPDATE: _set_back, Change.DELETE: _put_back}

CHANGED_SINCE = """
SELECT DISTINCT later.table_name, later.row_id
FROM trail_change mine
JOIN trail_change later ON later.table_name = mine.table_name AND later.row_id = mine.row_id AND later.id > mine.id
WHERE mine.transaction = %s AND mine.at = %s
    AND later.transaction <> mine.transaction AND later.transaction <> pg_current_xact_id()::text::bigint
    AND NOT later.transaction = ANY(%s)
ORDER BY 1, 2 LIMIT %s
"""


def _refuse_changed_since(number: int, at: datetime, cancelled: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_SINCE, [number, at, list(cancelled), OBSTACLES_TOLD])
        if found := cursor.fetchall():
            raise CannotUndo(Obstacle(table, row) for table, row in found)


REFERRING = """
SELECT referring.relname, field.attname, referred.relname
FROM pg_constraint rule
JOIN pg_class referring ON referring.oid = rule.conrelid
JOIN pg_class referred ON referred.oid = rule.confrelid
JOIN pg_attribute field ON field.attrelid = rule.conrelid AND field.attnum = rule.conkey[1]
WHERE rule.contype = 'f' AND referred.relname = ANY(%s)
ORDER BY 1, 2
"""


def _refuse_referred_to(number: int, at: datetime) -> None:
    """Foreign keys are asked for when a transaction ends, so what is taken away can still be asked who refers to it."""
    inserted = Change.objects.filter(transaction=number, at=at, action=Change.INSERT)
    tables = list(inserted.order_by("table_name").values_list("table_name", flat=True).distinct())
    found: list[Obstacle] = []
    with connection.cursor() as cursor:
        cursor.execute(REFERRING, [tables])
        for table, field, referred in cursor.fetchall():
            cursor.execute(
                f'SELECT {_key(table)}, "{field}" FROM "{table}" referring WHERE "{field}" IN ('  # noqa: S608
                "SELECT row_id FROM trail_change "
                "WHERE transaction = %s AND at = %s AND action = 'I' AND table_name = %s) "
                f'AND NOT EXISTS (SELECT 1 FROM "{referred}" there WHERE there.{_key(referred)} = referring."{field}") '
                "LIMIT %s",
                [number, at, referred, OBSTACLES_TOLD],
            )
            found += [Obstacle(referred, row, table, by) for by, row in cursor.fetchall()]
    if found:
        raise CannotUndo(found[:OBSTACLES_TOLD])
