"""The accounts and the budgets of Fjordvik, loaded as the finance people load them: from files, month by month."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from styrhus.demo.budget import load_budget
from styrhus.demo.organisation import email_of
from styrhus.demo.sources import read
from styrhus.economy.models import Code, Dimension, Forecast
from styrhus.economy.queries.money import Money, by_kind, total, year_asked
from styrhus.imports.models import Import
from styrhus.imports.operations import load_files
from styrhus.kit.loading import Source, guess, kinds
from styrhus.organisation.models import Appointment, Person, Unit
from styrhus.trail.operations import acting

SOURCE = "Regnskapssystemet"
# Kind, what it is called, and its share of what is granted, in thousandths.
PAY = (
    ("10100", "Fastlønn", 700),
    ("10200", "Vikarer", 60),
    ("10400", "Overtid", 12),
    ("10900", "Pensjon", 128),
    ("10990", "Arbeidsgiveravgift", 100),
)
GOODS = (
    ("11150", "Matvarer", 160),
    ("11000", "Kontormateriell", 120),
    ("11200", "Forbruksmateriell", 340),
    ("12000", "Inventar og utstyr", 200),
    ("12400", "Driftsavtaler og reparasjoner", 180),
)
FEES, REFUNDS = (("16000", "Brukerbetaling", 1000),), (("17000", "Refusjon fra staten", 1000),)
GROUPS = (("pay", PAY), ("goods", GOODS), ("fees", FEES), ("refunds", REFUNDS))
# What is booked in each month, in per cent of a twelfth: holiday pay in June, little bought in July.
SEASON = (98, 97, 101, 99, 103, 60, 78, 104, 112, 114, 116, 118)
FORECASTS = (
    ("Oppvekst", 1.0, "Barnevernet bruker mer enn bevilget. Resten går opp."),
    ("Kultur og frivillighet", 1.0, ""),
    ("Eiendom", 0.98, "Vi utsetter malingen av Nes ungdomsskole til neste år."),
)
HEADER = ("år", "måned", "ansvar", "art", "arttekst", "funksjon", "beløp", "tekst")


def load_economy(today: date) -> None:
    """Last year whole, this year as far as it is booked, and the budget of both. In transactions of their own."""
    granted = read("money")
    by = Person.objects.get(email=email_of("Thi Lan Nguyen"))
    with acting(by), tempfile.TemporaryDirectory() as folder:
        _place(granted, today.year - 1)
        for year in (today.year - 1, today.year):
            _load("budget", _budget(granted, year), Path(folder), {"version": "Opprinnelig budsjett"}, by)
            last = 12 if year < today.year else max(today.month - 1, 1)
            _load("ledger", _booked(granted, year, last), Path(folder), {}, by)
            _load("balance", _balance(year, last), Path(folder), {}, by)
        _load("budget", _budget(granted, today.year, 102), Path(folder), {"version": "Regulert budsjett"}, by)
        load_budget(today, by)
    _forecast(today)


def _forecast(today: date) -> None:
    """Some leaders have said what the year will come to; some have not."""
    of = year_asked(str(today.year), "", "", this_year=today.year)
    for name, more, comment in FORECASTS:
        unit = Unit.objects.get(name=name)
        stands = total(by_kind(unit, of)[0], "")
        leader = Appointment.objects.in_force(today).filter(position__unit=unit, position__leads=True).first()
        if leader and of.last_month:
            Forecast.objects.create(
                unit=unit,
                year=of.year,
                month=of.last_month,
                amount=round(stands.expected * more, -7),
                computed=stands.expected,
                budget=stands.budget,
                comment=comment,
                by=leader.person,
            )
            _forecast_last_year(unit, of.year - 1, stands, leader.person)


def _forecast_last_year(unit: Unit, year: int, stands: Money, by: Person) -> None:
    """What was said in April and in August, so that it can be seen how near it was."""
    for month, share in ((4, 104), (8, 101)):
        said, counted = stands.last_year * share // 100, stands.last_year * (share + 2) // 100
        made = Forecast(unit=unit, year=year, month=month, amount=said, computed=counted, budget=stands.budget, by=by)
        made.save()


def _place(granted: list[dict], year: int) -> None:
    units = {unit.name: unit for unit in Unit.objects.all()}
    Code.objects.bulk_create(
        Code(
            dimension=Dimension.COST_CENTRE,
            code=each["cost_centre"],
            name=each["unit"],
            first_year=year,
            unit=units[each["unit"]],
        )
        for each in granted
    )


def _balance(year: int, month: int) -> Iterator[tuple]:
    """What the municipality owns and owes, in thousand kroner: more of both this year."""
    grown = 104 if year == date.today().year else 100
    for kind, name, thousands in read("balance"):
        yield (year, month, "8000", kind, name, "", thousands * grown * 10, "")


def _load(kind: str, rows: Iterator[tuple], folder: Path, same: dict[str, str], by: Person) -> None:
    source = "Balansen" if kind == "balance" else SOURCE
    kind = "ledger" if kind == "balance" else kind
    rows_of = list(rows)
    file = folder / f"{kind}-{rows_of[0][0]}-{same.get('version', source)}.csv".replace(" ", "-")
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerows([HEADER, *rows_of])
    load_files(
        Import(kind=kind, source=source, by=by, same=same),
        [Source(file, file.name)],
        mapping=lambda table: guess(kinds()[kind], table.header),
        write=True,
    )


def _budget(granted: list[dict], year: int, per_cent: int = 100) -> Iterator[tuple]:
    for each, kind, name, thousandths in _parts(granted):
        amount = round(thousandths * per_cent / 100)
        yield (year, 0, each["cost_centre"], kind, name, each["function"], amount, "")


def _booked(granted: list[dict], year: int, last: int) -> Iterator[tuple]:
    for each, kind, name, thousandths in _parts(granted):
        # Income does not grow by what is spent too much.
        drift = 100 + (each["drift"] if thousandths > 0 else 0) * (1 if year == date.today().year else 0.4)
        for month in range(1, last + 1):
            wave = 1 + ((int(each["cost_centre"]) * 7 + int(kind) * 3 + month * 13) % 21 - 10) / 250
            amount = thousandths / 12 * SEASON[month - 1] / 100 * drift / 100 * wave
            yield (
                year,
                month,
                each["cost_centre"],
                kind,
                name,
                each["function"],
                f"{amount:.2f}".replace(".", ","),
                name,
            )


def _parts(granted: list[dict]) -> Iterator[tuple[dict, str, str, int]]:
    """Each unit's kinds with what is granted of them, in kroner."""
    for each in granted:
        for group, kinds_of in GROUPS:
            for kind, name, share in kinds_of:
                if granted_of := each.get(group, 0) * share:
                    yield each, kind, name, granted_of
        for common in each.get("kinds", ()):
            yield each, common["kind"], common["name"], common["amount"] * 1_000
