"""A million figures from a file, against PostgreSQL's own COPY of the same rows into the same table."""

import csv
import resource
import tempfile
from datetime import date
from pathlib import Path

from django.db import connection

from bench import measuring
from styrhus.items.copying import copy_rows
from styrhus.kit import loading
from styrhus.organisation.models import Position, Unit
from styrhus.scorecard.models import Indicator, Series

FIGURES, MONTHS, UNITS = 1_000_000, 120, 200
INDICATORS = -(-FIGURES // (MONTHS * UNITS))
COLUMNS = "series_id, start, value, respondents, note, source, at"


def results() -> list[str]:
    """Figures of each month in ten years, in two hundred units. Budget: 20 % of COPY, memory flat."""
    with tempfile.TemporaryDirectory() as folder:
        whole, tenth = Path(folder) / "tall.csv", Path(folder) / "del.csv"
        found: dict[str, float] = {}
        measuring.thrown_away(lambda: _measure(whole, tenth, found))
    share = found["copy"] / found["load"]
    grown = found["memory"]
    return [
        "| a million results | rows/s | the import is |",
        "| --- | --: | --- |",
        f"| PostgreSQL's own COPY into the same table | {_rate(found['copy'])} | |",
        f"| `results`, loaded for the first time | {_rate(found['load'])} | {share:.0%} of it (at least 20 %) "
        f"{measuring.word(share >= 0.2)} |",
        f"| memory, a million rows more than a tenth of them | {grown:.0f} MB | {measuring.word(grown <= 50)} |",
    ]


def _measure(whole: Path, tenth: Path, found: dict[str, float]) -> None:
    units = list(Unit.objects.exclude(code="").filter(until=None, children=None).order_by("pk")[:UNITS])
    if len(units) < UNITS:
        units = _coded(UNITS)
    Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(since=date(2000, 1, 1))
    _indicators(units[0])
    _write(whole, units, FIGURES)
    _write(tenth, units, FIGURES // 10)
    _load(tenth, FIGURES // 10, write=False)
    before = memory()
    found["copy"] = measuring.thrown_away(lambda: _copy(units))
    found["load"] = measuring.seconds(lambda: _load(whole, FIGURES))
    found["memory"] = memory() - before


def _coded(count: int) -> list[Unit]:
    units = list(Unit.objects.filter(until=None, children=None).order_by("pk")[:count])
    for unit in units:
        unit.code = unit.code or f"bench{unit.pk}"
    Unit.objects.bulk_update(units, ["code"], batch_size=500)
    return units


def _indicators(unit: Unit) -> None:
    position = Position.objects.order_by("pk").values_list("pk", flat=True)[0]
    fixed = {"unit_id": unit.pk, "responsible_id": position, "aggregation": "sum", "frequency": "monthly"}
    named = ({"title": f"Måltall {n}", "code": f"bench{n}", "measured_in": "stk", **fixed} for n in range(INDICATORS))
    copy_rows(Indicator, named)


def _figures(units: list[Unit], count: int):
    """By month, as a system that is asked month by month writes them: the dearest order."""
    number = 0
    for indicator in range(INDICATORS):
        for month in range(MONTHS):
            for unit in units:
                if number == count:
                    return
                number += 1
                yield indicator, unit, date(2014 + month // 12, month % 12 + 1, 1), 100 + number % 80


def _write(path: Path, units: list[Unit], count: int) -> None:
    with path.open("w", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(["indikator", "enhet", "periode", "verdi", "kommentar"])
        for indicator, unit, start, value in _figures(units, count):
            writer.writerow([f"bench{indicator}", unit.code, f"{start:%YM%m}", f"{value},5", ""])


def _copy(units: list[Unit]) -> None:
    series = [Series(indicator=each, unit=unit, since=date(2014, 1, 1)) for each in _made() for unit in units]
    keys = {(each.indicator.code, each.unit_id): each.pk for each in Series.objects.bulk_create(series)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        at = cursor.fetchone()[0]
        with cursor.copy(f"COPY scorecard_measurement ({COLUMNS}) FROM STDIN") as copy:
            for indicator, unit, start, value in _figures(units, FIGURES):
                copy.write_row([keys[f"bench{indicator}", unit.pk], start, f"{value}.5", None, "", "", at])


def _made() -> list[Indicator]:
    return list(Indicator.objects.filter(code__startswith="bench").order_by("pk"))


def _load(path: Path, expected: int, *, write: bool = True) -> None:
    kind = loading.kinds()["results"]
    source = [loading.Source(path, path.name)]
    outcome = loading.run(
        loading.Wanted(kind, source, date.today(), lambda table: loading.guess(kind, table.header), write=write)
    )
    if outcome.added != expected:
        raise SystemExit(f"{outcome.added} results were loaded, not {expected}: {outcome.refusals[:3]}")


def memory() -> float:
    """The most that this process has ever taken, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rate(seconds: float) -> str:
    return f"{FIGURES / seconds:,.0f}".replace(",", " ")
