"""What a file may hold, as a context declares it, and the one way in which every file is loaded.

A context writes an `imports.py` with a `Kind` for each sort of file and a `Loader` that decides and writes;
`config/loading.py` lists the kinds. A dry run is the same walk without the writing, so it says what a load would do.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from styrhus.kit.layouts import Known, Layout
from styrhus.kit.parsing import LANGUAGES, Unfit
from styrhus.kit.reading import Broken, Table, open_table, plain

ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"
BATCH = 5_000
REFUSALS_KEPT = 1_000
SAMPLES_KEPT = 200


@dataclass(frozen=True)
class Field:
    """One thing that a row may say.

    `parse` makes a value of a text that is not empty, or raises Unfit. A `required` field has a column, and a value on
    every row. `summed` fields are added up as control totals. `synonyms` are other names that its column may have.
    What is `one_for_all` may be said once for the whole file instead of in a column. A field with a `heading` may stand
    in several columns, a year or a month in each: `heading` gives what a column's name says (field → value), or None.
    """

    name: str
    label: str | Promise
    parse: Callable[[str], Any]
    required: bool = False
    summed: bool = False
    help: str | Promise = ""
    synonyms: tuple[str, ...] = ()
    one_for_all: bool = False
    heading: Callable[[str], dict[str, Any] | None] | None = None


@dataclass(slots=True)
class Row:
    """One row of a file and what is decided about it. `values` holds the mapped fields; None where nothing stands."""

    file: int
    line: int
    values: dict[str, Any]
    label: str = ""
    outcome: str = UNCHANGED
    # What would be changed: field name → (before, after), as values that can be shown.
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    # (field name or "", reason)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    # Whatever the loader wants to remember from deciding to writing.
    thing: Any = None

    def __getitem__(self, name: str):
        """The value, None where the file has no such column or says nothing."""
        return self.values.get(name)

    def refuse(self, name: str, reason: str) -> None:
        self.outcome = REFUSED
        self.refusals.append((name, reason))

    @property
    def is_refused(self) -> bool:
        return self.outcome == REFUSED

    def add(self) -> None:
        self.outcome = ADDED

    def change(self, changes: dict[str, tuple[Any, Any]]) -> None:
        """What differs from what is there; nothing differs: the row changes nothing."""
        self.outcome, self.changes = (CHANGED if changes else UNCHANGED), changes


class Loader:
    """One run of one kind: decides about rows and writes them. What it must remember between batches lives on it."""

    # Tells these files, read in this way, from all others; and where they come from.
    mark: str = ""
    source: str = ""
    # How the first file is laid out: its columns in order, each with the field it gives or "".
    layout: tuple[tuple[str, str], ...] = ()
    same: Mapping[str, str] = {}

    def __init__(self, mapped: frozenset[str], on: date):
        """`mapped` are the fields that the file has a column for: what it does not speak of is never changed."""
        self.mapped, self.on = mapped, on

    def decide(self, rows: list[Row]) -> None:
        """Says of every row that is not refused already whether it is added, changed, unchanged or refused, and why.

        Looks up what is there with a number of queries that does not grow with the rows. Writes nothing.
        """
        raise NotImplementedError

    def write(self, rows: list[Row]) -> None:
        """Writes the rows that are added or changed, in bulk. Called right after `decide`, in the one transaction."""
        raise NotImplementedError

    def finish(self) -> None:
        """What is worked out from all that was written. Called once, after the last `write`."""

    def notes(self) -> list[str]:
        """What the one who loads should know of the file as a whole, though nothing is refused."""
        return []

    def changes_nothing(self) -> bool:
        """Whether all that was read turned out, at the end, to stand there already: then nothing of it is kept."""
        return False

    def controls(self) -> "list[Control]":
        """Totals to hold against the system that the file comes from."""
        return []


@dataclass(frozen=True)
class Control:
    """A total by what a field says: (what, how many rows, sum), in the order in which they are shown."""

    heading: str
    lines: list[tuple[str, int, Decimal]]


@dataclass(frozen=True)
class Kind:
    """A sort of file. `whole` kinds see all rows at once (trees do); others in batches, with flat memory."""

    name: str
    label: str | Promise
    help: str | Promise
    fields: tuple[Field, ...]
    loader: type[Loader]
    whole: bool = False
    permission: str = "import.load"
    # How the kind is undone itself, where its rows are not on the trail: gets the import, with its `transaction`.
    undo: Callable[[Any], None] | None = None
    # Records without dividers that the kind knows.
    layouts: tuple[Layout, ...] = ()

    def field(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.fields]


class NotMapped(Exception):
    """The columns do not give what the kind needs. Says what is missing."""


@dataclass
class Source:
    """A file to load: where it lies, what it is called, and which sheet of it."""

    path: Path
    name: str
    sheet: str = ""


@dataclass
class Outcome:
    """What came of a load or a dry run."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    # The first of them: rows that are refused, and rows that are added or changed.
    refusals: list[dict] = field(default_factory=list)
    samples: list[dict] = field(default_factory=list)
    # Field name → how many rows say something of it, and their sum where it is summed.
    totals: dict[str, dict] = field(default_factory=dict)
    mapping: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    written: bool = False
    transaction: int | None = None
    at: datetime | None = None

    def changes_nothing(self) -> None:
        """All that would have been added or changed stands there already."""
        self.unchanged += self.added + self.changed
        self.added = self.changed = 0
        self.samples.clear()


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of file, by its name: the list is `config/loading.py`."""
    place, _dot, listed = settings.FILE_KINDS.rpartition(".")
    found = {}
    for dotted in getattr(import_module(place), listed):
        module, _dot, name = dotted.rpartition(".")
        kind = getattr(import_module(module), name)
        found[kind.name] = kind
    return found


# -- which column is what


@cache
def _words(kind: Kind) -> dict[str, str]:
    """Everything a column may be called, as `plain` writes it → the field."""
    found: dict[str, str] = {}
    for each in reversed(kind.fields):
        found |= {plain(word): each.name for word in each.synonyms}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {plain(str(each.label)): each.name for each in kind.fields}
    return found | {plain(each.name): each.name for each in kind.fields}


def opened_as(kind: Kind, source: Source, *, leave_stray: bool = False):
    """The table of a file as the kind reads it: a context manager."""
    return open_table(
        source.path,
        source.name,
        sheet=source.sheet,
        known=Known(known_names(kind), kind.layouts),
        leave_stray=leave_stray,
    )


def known_names(kind: Kind) -> frozenset[str]:
    return frozenset(_words(kind))


def guess(kind: Kind, header: list[str], remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Column → field: as remembered from last time, else by name; each field once."""
    remembered = remembered or {}
    found: dict[str, str] = {}
    for column in header:
        name = remembered[column] if column in remembered else _words(kind).get(plain(column), "")
        if name in kind.names and (name not in found.values() or kind.field(name).heading):
            found[column] = name
    return found | _by_heading(kind, [column for column in header if column not in remembered], found)


def _by_heading(kind: Kind, header: list[str], found: Mapping[str, str]) -> dict[str, str]:
    """The columns that are one year or month each, where no column holds the figure already."""
    for each in kind.fields:
        if each.heading and each.name not in found.values():
            return {column: each.name for column in header if column not in found and each.heading(column)}
    return {}


def said_by_headings(kind: Kind, mapping: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Column → what its name says (field → value), of columns that are one year or month each. Raises NotMapped."""
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(mapping.values()):
        columns = [column for column, held in mapping.items() if held == name]
        said = {column: _said_by(kind.field(name), column) for column in columns}
        # A single column is the figure itself, where another column says when it was.
        if len(columns) == 1 and not said[columns[0]].keys() - set(mapping.values()):
            continue
        if silent := [column for column in columns if not said[column]]:
            raise NotMapped(_not_told_apart(kind.field(name), silent[0]))
        found |= said
    return found


def _said_by(field: Field, column: str) -> dict[str, Any]:
    return (field.heading(column) if field.heading else None) or {}


def _not_told_apart(field: Field, column: str) -> str:
    if field.heading is None:
        return _("Two columns are matched with the same field.")
    words = _("“%(column)s” says no year or month, and other columns are matched with %(field)s too.")
    return words % {"column": column, "field": field.label}


def check_mapping(kind: Kind, mapping: Mapping[str, str], same: Mapping[str, str]) -> None:
    """Raises NotMapped. `same` is field → text: what is said once for the whole file."""
    headings = said_by_headings(kind, mapping)
    given = [*mapping.values(), *same, *(name for said in headings.values() for name in said)]
    missing = [each for each in kind.fields if each.required and each.name not in given]
    if missing:
        reason = _("No column is matched with: %(fields)s.") % {
            "fields": ", ".join(str(each.label) for each in missing)
        }
        if any(each.one_for_all for each in missing):
            reason += " " + _("What is the same on every row can be said once for the whole file.")
        raise NotMapped(reason)
    if twice := same.keys() & set(given[: len(mapping)]):
        said = {"field": kind.field(min(twice)).label}
        raise NotMapped(_("%(field)s is both in a column and said once for the whole file.") % said)


def _said_once(kind: Kind, same: Mapping[str, str]) -> dict[str, Any]:
    """The values of what is said once for the whole file. Raises NotMapped."""
    found = {}
    for name, written in same.items():
        try:
            found[name] = kind.field(name).parse(written)
        except Unfit as unfit:
            raise NotMapped(f"{kind.field(name).label}: {unfit}") from unfit
    return found


# -- the walk


@dataclass
class Wanted:
    """A load that is asked for.

    With refused rows and without `allow_refused` nothing is kept. `report` is told now and then how many rows are read,
    and how great a share. `before_commit` belongs to the same transaction, and is called only when that is kept.
    """

    kind: Kind
    sources: list[Source]
    on: date
    mapping: Callable[[Table], dict[str, str]]
    write: bool
    allow_refused: bool = False
    # Field → text: what every row of every file says.
    same: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    # What stands after the last column of a row is left out, instead of the row being refused.
    leave_stray: bool = False
    report: Callable[[int, float], None] = lambda rows, share: None
    before_commit: Callable[[Outcome], None] = lambda outcome: None


def run(wanted: Wanted) -> Outcome:
    """Reads the files and decides row by row; writes too, in one transaction, when wanted and no row forbids it.

    Raises Unreadable or NotMapped with nothing done.
    """
    outcome = Outcome()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A load takes the time it takes, one of a kind at a time.
            cursor.execute("SET LOCAL statement_timeout = 0")
            if wanted.write:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('styrhus.load'), hashtext(%s))", [wanted.kind.name]
                )
        walk = _Walk(wanted, outcome)
        begun = transaction.savepoint_create()
        with ExitStack() as opened:
            walk.through(opened)
        if walk.loader.changes_nothing():
            transaction.savepoint_rollback(begun)
            outcome.changes_nothing()
        if wanted.write and not walk.is_held:
            _sign(outcome)
            wanted.before_commit(outcome)
        else:
            transaction.set_rollback(True)
    return outcome


def _sign(outcome: Outcome) -> None:
    """The trail knows what was written by the transaction's number and moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint, now()")
        outcome.transaction, outcome.at = cursor.fetchone()
    outcome.written = True


class _Walk:
    """Through all rows of all files, a batch at a time."""

    def __init__(self, wanted: Wanted, outcome: Outcome):
        self.wanted, self.kind, self.outcome = wanted, wanted.kind, outcome
        self.files = [source.name for source in wanted.sources]

    @property
    def is_held(self) -> bool:
        """Nothing more is written: a row is refused, and that was not allowed."""
        return bool(self.outcome.refused) and not self.wanted.allow_refused

    def through(self, opened: ExitStack) -> None:
        self.tables = [self._open(source, opened) for source in self.wanted.sources]
        self.mappings = [self._matched(table) for table in self.tables]
        self.same = _said_once(self.kind, self.wanted.same)
        mapped = frozenset(name for each in self.mappings for name in each.values()) | self.same.keys()
        self.loader = self.kind.loader(mapped, self.wanted.on)
        self.loader.mark, self.loader.source = self._mark(), self.wanted.source
        first = self.mappings[0] if self.mappings else {}
        self.loader.layout = tuple((each, first.get(each, "")) for table in self.tables[:1] for each in table.header)
        self.loader.same = self.wanted.same
        self.counted = [each for each in self.kind.fields if each.name in mapped]
        self.outcome.totals = {each.name: _nothing_of(each) for each in self.counted}
        rows = self._rows()
        for batch in [list(rows)] if self.kind.whole else map(list, batched(rows, BATCH)):
            self._take(batch)
        if self.wanted.write and not self.is_held:
            self.loader.finish()
        self.outcome.notes, self.outcome.controls = self.loader.notes(), self.loader.controls()

    def _open(self, source: Source, opened: ExitStack) -> Table:
        return opened.enter_context(opened_as(self.kind, source, leave_stray=self.wanted.leave_stray))

    def _mark(self) -> str:
        """Raises NotMapped where one file is given twice."""
        sums: dict[str, str] = {}
        for source in self.wanted.sources:
            with source.path.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            if digest in sums:
                said = {"one": sums[digest], "other": source.name}
                raise NotMapped(_("“%(one)s” and “%(other)s” are the same file. Take one of them away.") % said)
            sums[digest] = source.name
        way = [sorted(sums), self.mappings, dict(self.wanted.same), [source.sheet for source in self.wanted.sources]]
        return hashlib.sha256(json.dumps(way, sort_keys=True).encode()).hexdigest()

    def _matched(self, table: Table) -> dict[str, str]:
        mapping = self.wanted.mapping(table)
        check_mapping(self.kind, mapping, self.wanted.same)
        if absent := mapping.keys() - set(table.header):
            raise NotMapped(_("The file has no column “%(column)s”.") % {"column": sorted(absent)[0]})
        self.outcome.mapping.append(mapping)
        return mapping

    def _rows(self) -> Iterator[Row]:
        count = 0
        for number, (table, mapping) in enumerate(zip(self.tables, self.mappings, strict=True)):
            for row in _parsed(self.kind, number, table, mapping, self.same):
                count += 1
                if not count % BATCH:
                    self._report(count, (number + table.share()) / len(self.tables))
                yield row

    def _report(self, rows: int, share: float) -> None:
        """What is seen as a whole is read first and decided after: reading it is half of the way."""
        self.wanted.report(rows, share / 2 if self.kind.whole else share)

    def _take(self, batch: list[Row]) -> None:
        self.loader.decide(batch)
        self._count(batch)
        if self.wanted.write and not self.is_held:
            self.loader.write(batch)

    def _count(self, batch: list[Row]) -> None:
        outcome = self.outcome
        outcome.read += len(batch)
        for row in batch:
            setattr(outcome, row.outcome, getattr(outcome, row.outcome) + 1)
            if row.refusals:
                self._keep_refusals(row)
            elif row.outcome != UNCHANGED and len(outcome.samples) < SAMPLES_KEPT:
                outcome.samples.append(self._sample(row))
        for each in self.counted:
            filled = [value for row in batch if (value := row.values.get(each.name)) is not None]
            total = outcome.totals[each.name]
            total["filled"] += len(filled)
            if each.summed:
                total["sum"] += sum(filled)

    def _keep_refusals(self, row: Row) -> None:
        columns = {each.name: str(each.label) for each in self.kind.fields}
        columns |= {name: column for column, name in self.mappings[row.file].items()}
        for name, reason in row.refusals[: max(0, REFUSALS_KEPT - len(self.outcome.refusals))]:
            told = {"line": row.line, "column": columns.get(name, name), "reason": reason}
            self.outcome.refusals.append(told | self._file_of(row))

    def _sample(self, row: Row) -> dict:
        told = {"line": row.line, "outcome": row.outcome, "label": row.label}
        changes = {
            str(self.kind.field(name).label): [shown(was), shown(now)] for name, (was, now) in row.changes.items()
        }
        return told | {"changes": changes} | self._file_of(row)

    def _file_of(self, row: Row) -> dict[str, str]:
        """Which of several files; one file needs no telling."""
        return {"file": self.files[row.file]} if len(self.files) > 1 else {}


def _nothing_of(field: Field) -> dict:
    return {"filled": 0} | ({"sum": Decimal(0)} if field.summed else {})


def shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value.isoformat() if isinstance(value, date) else str(value)


def _parsed(kind: Kind, file: int, table: Table, mapping: dict[str, str], same: dict[str, Any]) -> Iterator[Row]:
    if said_by_headings(kind, mapping):
        return _parsed_across(kind, file, table, mapping, same)
    return _parsed_plain(kind, file, table, mapping, same)


def _parsed_plain(kind: Kind, file: int, table: Table, mapping: dict[str, str], same: dict[str, Any]) -> Iterator[Row]:
    """The rows with values instead of texts. Written for speed: a ledger has millions of them."""
    places = {column: place for place, column in enumerate(table.header)}
    wanted = [(name, places[column], kind.field(name)) for column, name in mapping.items()]
    columns = [(name, place, each.parse, each.required) for name, place, each in wanted]
    for line, cells in table.rows:
        row = Row(file, line, dict(same))
        if type(cells) is Broken:
            row.refuse("", cells.reason)
            yield row
            continue
        values = row.values
        for name, place, parse, required in columns:
            written = cells[place]  # type: ignore[index]
            if not written or written.isspace():
                values[name] = None
                if required:
                    row.refuse(name, _("Nothing is written here."))
                continue
            try:
                values[name] = parse(written)
            except Unfit as unfit:
                values[name] = None
                row.refuse(name, str(unfit))
        yield row


def _parsed_across(kind: Kind, file: int, table: Table, mapping: dict[str, str], same: dict[str, Any]) -> Iterator[Row]:
    """A row for each year or month of a line: the line without the other columns. An empty one says nothing."""
    headings = said_by_headings(kind, mapping)
    usual = {column: name for column, name in mapping.items() if column not in headings}
    for line in table.rows:
        for column, said in headings.items():
            broken = type(line[1]) is Broken
            if not broken and not line[1][table.header.index(column)].strip():  # type: ignore[index]
                continue
            alone = Table(table.header, iter([line]))
            yield from _parsed_plain(kind, file, alone, usual | {column: mapping[column]}, same | said)
            if broken:
                break
