"""A million ledger lines from a file, against PostgreSQL's own COPY of them; and sums of five million lines."""

import csv
import tempfile
from datetime import date
from pathlib import Path

from django.db import connection

from bench import measuring
from bench.results import memory
from styrhus.economy.models import Book, Code, Extract
from styrhus.economy.queries.money import by_kind, by_unit, year_asked
from styrhus.kit import loading
from styrhus.organisation.models import Unit

LINES, MANY, YEAR = 1_000_000, 5_000_000, 2031
KINDS = ("10100", "10200", "10400", "10900", "10990", "11150", "11200", "12000", "12400", "13500", "16000", "17000")
COLUMNS = "extract_id, account_class, cost_centre, kind, function, project, free, amount, voucher, text"
# By month, cost centre and kind, as an accounting system gives them.
LINE = """
    INSERT INTO economy_line ({columns})
    SELECT (%(extracts)s::bigint[])[1 + number %% 12], '1', (%(centres)s::text[])[1 + (number / 12) %% %(count)s],
        (%(kinds)s::text[])[1 + (number / 7) %% 12], '20200', '', '', 100 + number %% 90000, 'B' || number, 'Faktura'
    FROM generate_series(1, %(lines)s) AS number
"""
BARE = """
    SELECT unit.id, line.kind, extract.month, sum(line.amount)
    FROM economy_line line
    JOIN economy_extract extract ON extract.id = line.extract_id
    JOIN economy_code centre ON centre.dimension = 'cost_centre' AND centre.code = line.cost_centre
    JOIN organisation_unit unit ON unit.id = centre.unit_id
    WHERE extract.year = %s AND line.account_class = '1'
    GROUP BY 1, 2, 3
"""


def ledger() -> list[str]:
    """Budget: 20 % of COPY, memory flat; the sums never slower than those of the lines themselves."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        measuring.thrown_away(lambda: _import(Path(folder), found))
    measuring.thrown_away(lambda: _sum(found))
    share = found["copy"] / found["load"]
    return [
        "| a million ledger lines | rows/s | the import is |",
        "| --- | --: | --- |",
        f"| PostgreSQL's own COPY into the same table | {_rate(found['copy'])} | |",
        f"| `ledger`, with what the lines come to | {_rate(found['load'])} | {share:.0%} of it (at least 20 %) "
        f"{measuring.word(share >= 0.2)} |",
        f"| memory, a million lines more than a tenth of them | {found['memory']:.0f} MB "
        f"| {measuring.word(found['memory'] <= 50)} |",
        "",
        f"| {MANY:,} lines of a year".replace(",", " ") + " | ms | share of it |",
        "| --- | --: | --: |",
        f"| unit × kind × month, from the lines by bare SQL | {found['bare']:.0f} | |",
        f"| the municipality by kind and month, as its page asks | {found['by_kind']:.0f} "
        f"| {found['by_kind'] / found['bare']:.0%} |",
        f"| the units below the municipality, as its page asks | {found['by_unit']:.0f} "
        f"| {found['by_unit'] / found['bare']:.0%} |",
        f"| an operating unit by kind and month, as its page asks | {found['one']:.0f} "
        f"| {found['one'] / found['bare']:.0%} |",
    ]


def _centres() -> list[Code]:
    units = Unit.objects.filter(until=None, children=None).order_by("pk")[:800]
    made = [
        Code(dimension="cost_centre", code=f"B{place:05}", first_year=2000, unit=unit)
        for place, unit in enumerate(units)
    ]
    return Code.objects.bulk_create(made)


def _import(folder: Path, found: dict[str, float]) -> None:
    centres = [each.code for each in _centres()]
    whole, tenth = folder / "alle.csv", folder / "del.csv"
    _write(whole, centres, LINES)
    _write(tenth, centres, LINES // 10)
    _load(tenth, LINES // 10, write=False)
    before = memory()
    found["copy"] = measuring.thrown_away(lambda: _copy(centres))
    found["load"] = measuring.seconds(lambda: _load(whole, LINES))
    found["memory"] = memory() - before


def _lines(centres: list[str], count: int):
    for number in range(count):
        month = number * 12 // count + 1
        yield month, centres[number % len(centres)], KINDS[number // 7 % 12], 100 + number % 90_000, f"B{number}"


def _write(path: Path, centres: list[str], count: int) -> None:
    with path.open("w", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(["måned", "ansvar", "art", "funksjon", "beløp", "bilag", "tekst"])
        for month, centre, kind, amount, voucher in _lines(centres, count):
            writer.writerow([month, centre, kind, "20200", f"{amount},50", voucher, "Faktura"])


def _copy(centres: list[str]) -> None:
    extracts = _extracts()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE economy_line DISABLE TRIGGER USER")
        with cursor.copy(f"COPY economy_line ({COLUMNS}) FROM STDIN") as copy:
            for month, centre, kind, amount, voucher in _lines(centres, LINES):
                row = (extracts[month - 1], "1", centre, kind, "20200", "", "", amount * 100 + 50, voucher, "Faktura")
                copy.write_row(row)


def _extracts() -> list[int]:
    made = [Extract(book=Book.ACCOUNTS, year=YEAR, month=month, mark="bench") for month in range(1, 13)]
    return [each.pk for each in Extract.objects.bulk_create(made)]


def _load(path: Path, expected: int, *, write: bool = True) -> None:
    kind = loading.kinds()["ledger"]
    asked = loading.Wanted(
        kind,
        [loading.Source(path, path.name)],
        date.today(),
        lambda table: loading.guess(kind, table.header),
        write=write,
        same={"year": str(YEAR)},
    )
    outcome = loading.run(asked)
    if outcome.added != expected:
        raise SystemExit(f"{outcome.added} lines were loaded, not {expected}: {outcome.refusals[:3]}")


def _sum(found: dict[str, float]) -> None:
    centres = [each.code for each in _centres()]
    asked = {"extracts": _extracts(), "centres": centres, "count": len(centres), "kinds": list(KINDS), "lines": MANY}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(LINE.format(columns=COLUMNS), asked)
        cursor.execute("SET CONSTRAINTS economy_extract_sealed IMMEDIATE")
        cursor.execute("ANALYZE economy_line, economy_balance, economy_extract, economy_code")
        found["bare"] = measuring.median_ms(lambda: _all(cursor), 3)
    top = Unit.objects.filter(parent=None, kind="municipality").order_by("pk")[0]
    below = list(Unit.objects.filter(parent=top))
    of = year_asked(str(YEAR), "", "", this_year=YEAR)
    one = Unit.objects.filter(cost_centres__code=centres[0]).get()
    found["by_kind"] = measuring.median_ms(lambda: by_kind(top, of), 5)
    found["by_unit"] = measuring.median_ms(lambda: by_unit(below, of), 5)
    found["one"] = measuring.median_ms(lambda: by_kind(one, of), 5)


def _all(cursor) -> None:
    cursor.execute(BARE, [YEAR])
    cursor.fetchall()


def _rate(seconds: float) -> str:
    return f"{LINES / seconds:,.0f}".replace(",", " ")
