"""Writing many rows: items by `copy_rows`, and files by the import kit, each against PostgreSQL's own COPY."""

import csv
import tempfile
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils import timezone

from bench import measuring
from styrhus.items.copying import copy_rows
from styrhus.items.models import Item
from styrhus.kit import loading
from styrhus.kit.reading import open_table
from styrhus.planning.models import Measure

COPIED = 20_000
TREE, LINES = 4_530, 200_000
ITEM, MEASURE = "items_item", "planning_measure"


def items() -> list[str]:
    """`copy_rows` against PostgreSQL's COPY of the same rows. Budget: 20 % of COPY into the tables as they are."""
    made = next(iter(Measure.objects.order_by("pk")[:1].values("unit_id", "responsible_id")))
    work = {
        "ours": lambda: copy_rows(Measure, ({"title": f"Tiltak {number}", **made} for number in range(COPIED))),
        "real": lambda: _without_triggers(made),
        "bare": lambda: _into_bare_tables(made),
    }
    # In turns, and the quickest: what the others on the machine take is not ours.
    rounds = [{name: measuring.thrown_away(each) / COPIED * 1e6 for name, each in work.items()} for _ in range(3)]
    spent = {name: min(each[name] for each in rounds) for name in work}
    share, of_bare = spent["real"] / spent["ours"], spent["bare"] / spent["ours"]
    return [
        f"| writing {_count(COPIED)} measures | µs a row | `copy_rows` is |",
        "| --- | --: | --- |",
        f"| COPY into bare tables: no keys, indexes or constraints | {spent['bare']:.0f} | {of_bare:.0%} of it |",
        f"| PostgreSQL's own COPY: keys, indexes and constraints, no triggers of ours | {spent['real']:.0f} | "
        f"{share:.0%} of it (at least 20 %) {measuring.word(share >= 0.2)} |",
        f"| `copy_rows`: trail and words beyond the title kept too | {spent['ours']:.0f} | |",
    ]


def _into_bare_tables(made: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare_item (LIKE {ITEM}) ON COMMIT DROP")
        cursor.execute(f"CREATE TEMP TABLE bare_measure (LIKE {MEASURE}) ON COMMIT DROP")
        _copy_both(cursor, "bare_item", "bare_measure", made, first=0)


def _without_triggers(made: dict) -> None:
    """Into the tables as they are; foreign keys are asked, for they are not triggers of a user."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ITEM} DISABLE TRIGGER USER")
        cursor.execute(f"ALTER TABLE {MEASURE} DISABLE TRIGGER USER")
        # Above every key that is used, and thrown away with the rest.
        cursor.execute(f"SELECT max(id) + 1 FROM {ITEM}")
        _copy_both(cursor, ITEM, MEASURE, made, first=cursor.fetchone()[0])


def _copy_both(cursor, items: str, measures: str, made: dict, *, first: int) -> None:
    now = timezone.now()
    whole = Measure(kind="planning.measure", state="planned", created=now, updated=now, **made)
    # The titles differ, as ours do: alike ones would be cheaper to sort into an index.
    _copy(cursor, items, *_rows(Item, whole, "id", first, title="Tiltak {}"))
    _copy(cursor, measures, *_rows(Measure, whole, "item_ptr_id", first))


def _rows(model, whole, key: str, first: int, **written):
    """The columns of one table, and its rows: all alike but for the key and what is written with a number."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    row = {field.column: getattr(whole, field.attname) for field in fields}

    def rows():
        for number in range(COPIED):
            own = {name: words.format(number) for name, words in written.items()}
            yield [*(row | {key: first + number} | own).values()]

    return list(row), rows()


def _copy(cursor, table: str, columns: list[str], rows) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def files() -> list[str]:
    """A tree of units loaded from a file, and reading a long file against the COPY of the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        tree, long = Path(folder) / "enheter.csv", Path(folder) / "lang.csv"
        _write(tree, ["kode", "navn", "overordnet"], _units())
        _write(long, ["kode", "navn", "overordnet"], ([n, f"Enhet {n}", n // 10] for n in range(LINES)))
        load = min(measuring.thrown_away(lambda: _load(tree)) for _ in range(2))
        read = min(measuring.seconds(lambda: _read(long)) for _ in range(3))
        bare = min(measuring.thrown_away(lambda: _copy_file(long)) for _ in range(3))
    return [
        "| importing | rows/s |",
        "| --- | --: |",
        f"| `organisation`, {_count(TREE)} units in a tree, loaded | {_count(TREE / load)} |",
        f"| {_count(LINES)} lines of CSV, read as the import kit reads them | {_count(LINES / read)} |",
        f"| the same lines, COPY of the whole file into a bare table | {_count(LINES / bare)} |",
    ]


def _units():
    """Ten under each, as deep as that becomes."""
    return ([f"b{n}", f"Enhet {n}", f"b{(n - 1) // 10}" if n else ""] for n in range(TREE))


def _write(path: Path, header: list[str], rows) -> None:
    with path.open("w", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows([header, *rows])


def _load(path: Path) -> None:
    kind = loading.kinds()["organisation"]
    outcome = loading.run(
        loading.Wanted(
            kind,
            [loading.Source(path, path.name)],
            date.today(),
            lambda table: {column: name for column, name in loading.guess(kind, table.header, {}).items() if name},
            write=True,
        )
    )
    if outcome.added != TREE:
        raise SystemExit(f"{outcome.added} units were loaded: {outcome.refusals[:3]}")


def _read(path: Path) -> None:
    with open_table(path) as table:
        if sum(1 for _ in table.rows) != LINES:
            raise SystemExit("Not every line was read")


def _copy_file(path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare_lines (code text, name text, parent text) ON COMMIT DROP")
        order = "COPY bare_lines FROM STDIN WITH (FORMAT csv, DELIMITER ';', HEADER)"
        with cursor.copy(order) as copy, path.open("rb") as opened:
            while block := opened.read(1 << 16):
                copy.write(block)


def _count(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")
