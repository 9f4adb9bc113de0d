"""Finds a text wherever the database holds what people wrote, and takes it out.

The places are asked of the database itself, so that a table made tomorrow is swept too. Small and capital letters are
the same.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.apps import apps
from django.db import connection

MARK = "fjernet"
SHORTEST = 4
# Tables that the program fills for itself. The cache is emptied, sessions are over within twelve hours.
OWN_TABLES = {
    "auth_group", "auth_permission", "django_content_type", "django_migrations", "django_session", "kit_cache",
    "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers",
}  # fmt: skip
# Columns in which the program keeps its own words and sums: nothing that people wrote.
OWN_COLUMNS = {
    "imports_import": {"kind", "state"},
    "imports_importfile": {"sha256", "stored_as"},
    "imports_importrow": {"outcome"},
    "imports_mapping": {"kind"},
    "items_attachment": {"content_type", "sha256"},
    "items_event": {"step", "source", "target"},
    "items_item": {"kind", "state"},
    "items_savedview": {"register"},
    "jobs_job": {"result"},
    "mfa_authenticator": {"type", "data"},
    "organisation_person": {"password", "language"},
    "organisation_unit": {"path"},
    "procrastinate_jobs": {"queue_name", "task_name", "lock", "queueing_lock"},
    "records_askedremoval": {"counts"},
    "records_disposal": {"kind", "title_sum", "counts"},
    "records_export": {"sha256"},
    "records_removal": {"fingerprints", "counts"},
    "trail_change": {"table_name", "action"},
    "usersessions_usersession": {"session_key"},
}
# Here the names inside a JSON text are the program's: columns and arguments.
OWN_JSON_NAMES = {"trail_change", "procrastinate_jobs"}

PLACES = """
SELECT c.relname, a.attname, t.typname IN ('json', 'jsonb'), t.typname IN ('_text', '_varchar'), k.attname,
       CASE WHEN t.typname = 'varchar' AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
       EXISTS (SELECT 1 FROM pg_index u WHERE u.indrelid = c.oid AND u.indisunique AND a.attnum = ANY (u.indkey))
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
JOIN pg_type t ON t.oid = a.atttypid
    AND t.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', '_text', '_varchar')
JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
-- The trail comes last: to change a row that is kept leaves its mark there.
ORDER BY c.relname = 'trail_change', c.relname, a.attname
"""


@dataclass(frozen=True)
class Place:
    """One column; `key` names its table's primary key, `size` its longest text."""

    table: str
    column: str
    is_json: bool
    is_list: bool
    key: str
    size: int | None
    is_unique: bool

    def __str__(self):
        return f"{self.table}.{self.column}"


def places() -> list[Place]:
    """Every column that people's words can have come into."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES)
        found = [Place(*row) for row in cursor.fetchall()]
    return [place for place in found if not _is_own(place)]


def _is_own(place: Place) -> bool:
    if place.table in OWN_TABLES or place.column in OWN_COLUMNS.get(place.table, ()) or place.column == place.key:
        return True
    return (place.table, place.column) in _chosen_columns()


def _chosen_columns() -> set[tuple[str, str | None]]:
    """Columns that hold one of a list of words."""
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.choices
    }


def folded(text: str) -> str:
    """In small letters, one for one, as the database does it."""
    return "".join(letter.lower()[0] for letter in text)


def ways_of_writing(value: str) -> list[str]:
    """The text as it may stand: as it is, with letters put together or apart, and in an address."""
    ways = [value, *(unicodedata.normalize(form, value) for form in ("NFC", "NFD"))]
    ways += [encode(way) for way in list(ways) for encode in (quote, quote_plus)]
    return sorted({folded(way) for way in ways}, key=len, reverse=True)


def without(text: str, ways: list[str], mark: str) -> str:
    """The text with the mark wherever one of these folded ways of writing stands."""
    for way in ways:
        while (place := folded(text).find(way)) >= 0:
            text = text[:place] + mark + text[place + len(way) :]
    return text


def _cleaned(value: Any, clean: Callable[[str], str], names_too: bool) -> Any:
    """Any JSON value, cleaned all the way down."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each, clean, names_too) for each in value]
    if isinstance(value, dict):
        return {clean(name) if names_too else name: _cleaned(each, clean, names_too) for name, each in value.items()}
    if isinstance(value, int | float) and not isinstance(value, bool) and clean(str(value)) != str(value):
        return clean(str(value))
    return value


def _tell_nobody(_place: Place) -> None:
    """Nobody follows the sweep."""


@dataclass(frozen=True)
class Watch:
    """Who follows a sweep: told of each place before it is swept; `spare`: rows (table, key) that are left alone."""

    on_place: Callable[[Place], None] = _tell_nobody
    spare: frozenset[tuple[str, int]] = frozenset()


UNWATCHED = Watch()


class Sweep:
    """One text, or several of the same person, sought in every place. Raises nothing but what the database does."""

    def __init__(self, values: list[str], mark: str = MARK, *, watch: Watch = UNWATCHED):
        self.ways = sorted({way for value in values for way in ways_of_writing(value)}, key=len, reverse=True)
        self.mark = mark
        self.watch = watch
        self.items: set[int] = set()
        self.chapters: set[int] = set()

    def counted(self) -> Counter:
        """Place → number of rows that hold the text."""
        counts: Counter = Counter()
        for place in self._places():
            counts[str(place)] = sum(1 for _row in self._rows(place))
        return +counts

    def carried_out(self) -> Counter:
        """Takes the text out everywhere; place → number of rows. The caller's transaction holds it together."""
        self._let_the_logs_be_changed()
        counts: Counter = Counter()
        for place in self._places():
            for key, value in list(self._rows(place)):
                self._write(place, key, value)
                counts[str(place)] += 1
        self._raise_versions()
        return counts

    def _places(self) -> Iterator[Place]:
        for place in places():
            self.watch.on_place(place)
            yield place

    def _rows(self, place: Place) -> Iterator[tuple]:
        ways = [self._as_json(way) for way in self.ways] if place.is_json or place.is_list else self.ways
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT "{place.key}", "{place.column}" FROM "{place.table}" WHERE EXISTS (SELECT 1 '  # noqa: S608
                f"FROM unnest(%s::text[]) way WHERE strpos("
                f'lower({self._as_text(place)} COLLATE pg_c_utf8) COLLATE "C", way) > 0)',
                [ways],
            )
            rows = cursor.fetchall()
        found = [(key, value) for key, value in rows if (place.table, key) not in self.watch.spare]
        # The text of a JSON value also holds names and signs that are nobody's words.
        return (row for row in found if self._new(place, *row) != self._old(place, row[1]))

    def _old(self, place: Place, value):
        return json.dumps(json.loads(value) if isinstance(value, str) else value) if place.is_json else value

    def _as_text(self, place: Place) -> str:
        return f'to_jsonb("{place.column}")::text' if place.is_list else f'"{place.column}"::text'

    def _as_json(self, way: str) -> str:
        return json.dumps(way, ensure_ascii=False)[1:-1]

    def _write(self, place: Place, key, value) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{place.table}" SET "{place.column}" = %s WHERE "{place.key}" = %s',  # noqa: S608
                [self._new(place, key, value), key],
            )
        if place.table == "items_item" or place.key == "item_ptr_id":
            self.items.add(key)
        if place.table == "writing_chapter":
            self.chapters.add(key)

    def _new(self, place: Place, key, value):
        if place.is_json:
            value = json.loads(value) if isinstance(value, str) else value
            return json.dumps(_cleaned(value, self._clean, place.table not in OWN_JSON_NAMES))
        if place.is_list:
            return [self._clean(each) for each in value]
        # What may stand once only is told apart by the row's number.
        new = without(value, self.ways, f"{self.mark}-{key}" if place.is_unique else self.mark)
        return new[: place.size] if place.size else new

    def _clean(self, text: str) -> str:
        return without(text, self.ways, self.mark)

    def _let_the_logs_be_changed(self) -> None:
        """Append-only logs ask for this before they let a row be changed; it holds for this transaction only."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('styrhus.removal', 'on', true)")

    def _raise_versions(self) -> None:
        """Who has the old text in an open form is told of a change, and cannot save it back unseen."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE items_item SET version = version + 1 WHERE id = ANY(%s)", [list(self.items)])
            cursor.execute("UPDATE writing_chapter SET version = version + 1 WHERE id = ANY(%s)", [list(self.chapters)])


def texts() -> Iterator[str]:
    """Every text that people wrote, wherever it stands; what lies in JSON is told bit by bit."""
    for place in places():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT DISTINCT to_jsonb("{place.column}")::text FROM "{place.table}"')  # noqa: S608
            for (value,) in cursor.fetchall():
                yield from _strings(json.loads(value) if value else None)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, int | float):
        yield str(value)
