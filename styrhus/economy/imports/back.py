"""A budget as a file for the accounting system, laid out as the file that it came from."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from styrhus.economy.imports.fields import said_by_heading
from styrhus.economy.models import Code, Dimension, Extract, Line, Version
from styrhus.economy.queries.codes import readings
from styrhus.economy.queries.months import chain

ORE = 100
# How a budget that has come from no file is laid out.
USUAL = (
    *(("År", "year"), ("Måned", "month"), ("Kontoklasse", "account_class"), ("Ansvar", "cost_centre"), ("Art", "kind")),
    *(("Funksjon", "function"), ("Prosjekt", "project"), ("Beløp", "amount"), ("Tekst", "text")),
)
# What a line may say, that a layout without room for it gets a column for.
NEEDED = (
    *(("Måned", "month"), ("Kontoklasse", "account_class"), ("Ansvar", "cost_centre"), ("Art", "kind")),
    *(
        ("Funksjon", "function"),
        ("Prosjekt", "project"),
        ("Fri dimensjon", "free"),
        ("Bilag", "voucher"),
        ("Tekst", "text"),
    ),
)
NAMES = {
    "cost_centre_name": (Dimension.COST_CENTRE, "cost_centre"),
    "kind_name": (Dimension.KIND, "kind"),
    "function_name": (Dimension.FUNCTION, "function"),
}


class _Pen:
    def write(self, text: str) -> str:
        return text


def budget_file(version: Version) -> Iterator[str]:
    """The lines of text of the file, one line of the ledger each, in the order in which they stand."""
    writer = csv.writer(_Pen(), delimiter=";", lineterminator="\r\n")
    layout = [tuple(each) for each in version.layout.get("columns", ())] or list(USUAL)
    extracts = {each.pk: each for each in Extract.objects.standing().filter(version__in=chain(version))}
    lines = Line.objects.filter(extract__in=extracts).order_by("extract__month", "pk")
    layout += _columns_lacking(layout, version, extracts, lines)
    written = _Written(version, layout)
    yield "\ufeff" + writer.writerow([column for column, _field in layout])
    for line in lines.iterator(chunk_size=5_000):
        yield writer.writerow(written.row(line, extracts[line.extract_id].month))


def _columns_lacking(layout, version: Version, extracts, lines) -> list[tuple[str, str]]:
    """A column for each thing that some line says, and that the layout has no room for."""
    has = {field for _column, field in layout}
    taken = {column.casefold() for column, _field in layout}
    lacking = []
    for column, field in NEEDED:
        if field in has or column.casefold() in taken:
            continue
        if field == "month":
            is_said = any(each.month for each in extracts.values()) and not _is_by_heading(layout, "month")
        elif field == "account_class":
            is_said = "account_class" not in version.layout.get("same", {}) and not _kinds_tell(lines)
        else:
            is_said = lines.exclude(**{field: ""}).exists()
        if is_said:
            lacking.append((column, field))
    return lacking


def _kinds_tell(lines) -> bool:
    """Whether every kind holds its account class."""
    by_length = readings().get(Dimension.KIND, {})
    pairs = set(lines.order_by().values_list("kind", "account_class").distinct())
    return all(
        (reading := by_length.get(len(kind))) and kind.isdecimal() and reading.account_class(kind) == account_class
        for kind, account_class in pairs
    )


def _is_by_heading(layout, what: str) -> bool:
    return any(field == "amount" and what in (said_by_heading(column) or {}) for column, field in layout)


class _Written:
    """How each thing of a line is written."""

    def __init__(self, version: Version, layout):
        self.version, self.layout = version, layout
        self.same = version.layout.get("same", {})
        self.scale = int(self.same.get("scale") or 1)
        self.turns = self.same.get("sign") == "income_positive"
        self.names: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for code in Code.objects.of_year(version.year):
            self.names[code.dimension][code.code] = code.name

    def row(self, line: Line, month: int) -> list[str]:
        return [self._cell(column, field, line, month) for column, field in self.layout]

    def _cell(self, column: str, field: str, line: Line, month: int) -> str:
        if field == "amount":
            return self._amount(line) if self._is_told_in(column, month) else ""
        if field in NAMES:
            dimension, code = NAMES[field]
            return self.names[dimension].get(getattr(line, code), "")
        said = {
            "year": str(self.version.year),
            "month": str(month),
            "direction": "Inntekt" if line.amount < 0 else "Utgift",
            "version": self.version.name,
            "scale": "1",
        }
        return said[field] if field in said else str(getattr(line, field, "") if field else "")

    def _is_told_in(self, column: str, month: int) -> bool:
        """Whether a column of amounts is that of the year and the month, where its name says one."""
        said = said_by_heading(column) or {}
        is_here = said.get("year", self.version.year) == self.version.year
        return is_here and said.get("month", (None, month))[1] == month

    def _amount(self, line: Line) -> str:
        amount = -line.amount if self.turns and line.amount < 0 else line.amount
        exact = Decimal(amount) / ORE / (1 if "scale" in dict(self.layout).values() else self.scale)
        told = f"{exact:f}"
        whole, _dot, parts = told.partition(".")
        return f"{whole},{parts.ljust(2, '0')}" if parts else f"{whole},00"
