"""What a unit has been granted and has spent: sums of the balances that the database keeps, never of the lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from styrhus.economy import kostra
from styrhus.economy.models import Book, Code, Dimension, Extract, Version
from styrhus.economy.queries.months import chain
from styrhus.organisation.models import Unit, UnitKind

# KOSTRA's code of a kind, of the code that holds in the year of the figure; empty where it has none.
BY_KIND = """
    SELECT coalesce(kind.kostra, ''), extract.book, extract.year, extract.month, sum(balance.amount)::bigint
    FROM economy_extract extract
    JOIN economy_balance balance ON balance.extract_id = extract.id
    LEFT JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    WHERE extract.id = ANY(%(extracts)s) AND balance.account_class = %(class)s {within}
    GROUP BY 1, 2, 3, 4
"""
WITHIN = """
    AND balance.cost_centre IN (
        SELECT centre.code FROM economy_code centre JOIN organisation_unit unit ON unit.id = centre.unit_id
        WHERE centre.dimension = 'cost_centre' AND unit.path LIKE %(path)s || '%%'
            AND extract.year BETWEEN centre.first_year AND coalesce(centre.last_year, 9999)
    )
"""
BY_PLACE = """
    SELECT place.id, coalesce(kind.kostra, ''), extract.book, extract.year, extract.month, sum(balance.amount)::bigint
    FROM unnest(%(places)s::bigint[], %(paths)s::text[]) AS place (id, path)
    JOIN organisation_unit unit ON unit.path LIKE place.path || '%%'
    JOIN economy_code centre ON centre.unit_id = unit.id AND centre.dimension = 'cost_centre'
    JOIN economy_extract extract ON extract.id = ANY(%(extracts)s)
        AND extract.year BETWEEN centre.first_year AND coalesce(centre.last_year, 9999)
    JOIN economy_balance balance ON balance.extract_id = extract.id AND balance.cost_centre = centre.code
        AND balance.account_class = %(class)s
    LEFT JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    GROUP BY 1, 2, 3, 4, 5
"""


WHOLE_YEAR = 12
# Less of last year than this was booked by now, and it tells nothing of the rest.
LEAST_SHARE = 0.04
FAR_OFF = 0.02
TOLD = 5
# Ten thousand kroner.
LEAST_TOLD = 10_000 * 100


@dataclass
class Money:
    """Amounts in øre with the sign of the accounts: what is booked this year and last, and the budget of the year."""

    label: str
    accounts: int = 0
    budget: int = 0
    # What is granted by the same month, where the budget is spread over the months.
    budget_then: int = 0
    last_year: int = 0
    # What was booked last year by the same month.
    last_year_then: int = 0
    # The last month that is booked this year; 0 where the figures are of the whole year.
    month: int = 0
    # KOSTRA's code of a kind → the money of that kind, where it is a sum of several.
    kinds: "dict[str, Money]" = field(default_factory=dict)

    @property
    def expected(self) -> int:
        """What the year comes to if each kind goes on as last year did; without a last year to go by, evenly."""
        if self.kinds:
            return sum(kind.expected for kind in self.kinds.values())
        if not 0 < self.month < WHOLE_YEAR:
            return self.accounts
        if self.last_year and LEAST_SHARE <= (share := self.last_year_then / self.last_year) <= 1 / LEAST_SHARE:
            return round(self.accounts / share)
        return round(self.accounts * WHOLE_YEAR / self.month)

    @property
    def deviation(self) -> int:
        """More spent than granted is above nought, and so is income that is lacking."""
        return self.expected - self.budget

    @property
    def is_far_off(self) -> bool:
        """More than the limit beyond what is granted; without a budget there is nothing to hold it against."""
        return bool(self.budget) and self.deviation > abs(self.budget) * FAR_OFF

    @property
    def is_income(self) -> bool:
        return (self.budget or self.accounts) < 0

    @property
    def used(self) -> int | None:
        """Per cent of the budget; None where there is none."""
        return round(100 * self.accounts / self.budget) if self.budget else None

    def add_kind(self, code: str, of: "Year", *told) -> None:
        """`told`: book, year, month and amount."""
        if code not in self.kinds:
            listed = kostra.kinds().get(code)
            self.kinds[code] = Money(f"{code} {listed.name}" if listed else "")
        self.kinds[code].add(of, *told)
        self.add(of, *told)

    def add(self, of: "Year", book: str, year: int, month: int, amount: int) -> None:
        self.month = of.last_month
        if book == Book.BUDGET:
            self.budget += amount
            self.budget_then += amount if 0 < month <= of.last_month else 0
        elif year == of.year:
            self.accounts += amount
        else:
            self.last_year += amount
            self.last_year_then += amount if month <= of.last_month else 0

    def take_in(self, other: "Money") -> None:
        self.accounts += other.accounts
        self.budget += other.budget
        self.budget_then += other.budget_then
        self.last_year += other.last_year
        self.last_year_then += other.last_year_then
        self.month = other.month


@dataclass(frozen=True)
class Year:
    """What there are figures of in a year, and which of it is looked at."""

    year: int
    years: Sequence[int]
    version: Version | None
    versions: Sequence[Version]
    account_class: str
    extracts: Sequence[Extract]

    @property
    def keys(self) -> list[int]:
        return [each.pk for each in self.extracts]

    @property
    def months(self) -> list[int]:
        """The months that are booked."""
        return sorted({each.month for each in self.extracts if each.book == Book.ACCOUNTS and each.year == self.year})

    @property
    def is_phased(self) -> bool:
        """Whether the budget is spread over the months."""
        return any(each.book == Book.BUDGET and each.month for each in self.extracts)

    @property
    def last_month(self) -> int:
        return min(max(self.months, default=0), WHOLE_YEAR)


def year_asked(asked: str, version: str, account_class: str, *, this_year: int) -> Year:
    """The year and the version that are asked for; else the latest year with figures, and its last version."""
    standing = list(Extract.objects.standing().exclude(book=Book.REPORTED).select_related("version"))
    years = sorted({each.year for each in standing}, reverse=True)
    default = max((each for each in years if each <= this_year), default=years[0] if years else this_year)
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else default
    versions = sorted({each.version for each in standing if each.version and each.year == year}, key=_by_pk)
    chosen = next((each for each in versions if str(each.pk) == version), versions[-1] if versions else None)
    accounts = [each for each in standing if each.book == Book.ACCOUNTS and each.year in (year, year - 1)]
    of_chosen = chain(chosen) if chosen else []
    budget = [each for each in standing if each.version_id in of_chosen]
    looked_at = account_class if account_class in ("0", "1") else "1"
    return Year(year, years, chosen, versions, looked_at, accounts + budget)


def _by_pk(version: Version) -> int:
    return version.pk


def is_whole(unit: Unit) -> bool:
    """Whether a unit is the municipality, whose figures are all there are. A municipal enterprise is a root too."""
    return unit.parent_id is None and unit.kind == UnitKind.MUNICIPALITY


def by_kind(unit: Unit, of: Year) -> tuple[list[Money], dict[int, int]]:
    """The money of a unit and those below it by group of kinds; and what is booked in each month.

    Of the municipality itself nothing is left out, also what no unit has been found for.
    """
    within = "" if is_whole(unit) else WITHIN
    with connection.cursor() as cursor:
        cursor.execute(
            BY_KIND.format(within=within), {"extracts": of.keys, "class": of.account_class, "path": unit.path}
        )
        rows = cursor.fetchall()
    found: dict[str, Money] = {}
    months: defaultdict[int, int] = defaultdict(int)
    for code, book, year, month, amount in rows:
        listed = kostra.kinds().get(code)
        name = listed.series if listed else ""
        found.setdefault(name, Money(name)).add_kind(code, of, book, year, month, amount)
        if book == Book.ACCOUNTS and year == of.year:
            months[month] += amount
    order = list(dict.fromkeys(each.series for each in kostra.kinds().values()))
    shown = sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] else len(order))
    return [_sorted(series) for _name, series in shown], dict(months)


def _sorted(series: Money) -> Money:
    series.kinds = dict(sorted(series.kinds.items()))
    return series


def total(of: Iterable[Money], label: str) -> Money:
    whole = Money(label)
    for each in of:
        whole.take_in(each)
        whole.kinds |= each.kinds
    return whole


def largest_deviations(series: Iterable[Money]) -> list[Money]:
    """The kinds that are the farthest from what is granted by the end of the year, either way."""
    kinds = [kind for each in series for kind in each.kinds.values() if kind.label and kind.budget]
    worth_telling = [kind for kind in kinds if abs(kind.deviation) >= LEAST_TOLD]
    return sorted(worth_telling, key=lambda kind: -abs(kind.deviation))[:TOLD]


def by_unit(units: Sequence[Unit], of: Year) -> list[tuple[Unit, Money]]:
    """Each of the units with those below it; what has no money is left out."""
    found: dict[int, Money] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            BY_PLACE,
            {
                "places": [unit.pk for unit in units],
                "paths": [unit.path for unit in units],
                "extracts": of.keys,
                "class": of.account_class,
            },
        )
        for pk, *told in cursor.fetchall():
            code, *more = told
            found.setdefault(pk, Money("")).add_kind(code, of, *more)
    return [(unit, found[unit.pk]) for unit in units if unit.pk in found]


def centres_of(unit: Unit, year: int):
    """The cost centres of a unit and those below it in a year: their codes."""
    found = Code.objects.of_year(year).filter(dimension=Dimension.COST_CENTRE)
    return found.filter(unit__path__startswith=unit.path)
