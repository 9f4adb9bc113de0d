"""The figures that the statutory statements are made of, for the whole municipality."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from styrhus.economy import kostra
from styrhus.economy.models import Book, Extract, Version
from styrhus.economy.queries.months import chain_in
from styrhus.economy.statements import SIGN, Computed, Statement, compute

# Of a code that KOSTRA does not have, its own.
BY_ART = """
    SELECT extract.book, extract.version_id, extract.year,
        CASE WHEN %(by_kostra)s THEN coalesce(nullif(kind.kostra, ''), balance.kind) ELSE balance.kind END,
        sum(balance.amount)::bigint
    FROM economy_extract extract
    JOIN economy_balance balance ON balance.extract_id = extract.id
    LEFT JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    WHERE extract.id = ANY(%(extracts)s) AND balance.account_class = %(class)s
    GROUP BY 1, 2, 3, 4
"""
VERSIONS = 3


@dataclass(frozen=True)
class Column:
    """One column of a statement. `ledger` is what is booked in the class, with the sign of the statements."""

    label: str
    computed: Computed
    ledger: int

    @property
    def missing(self) -> int:
        """What is in the ledger and on no line."""
        return sum(self.computed.unplaced.values())

    def of(self, number: int) -> int:
        return self.computed.lines[number]


def years_with_figures() -> list[int]:
    standing = Extract.objects.standing().exclude(book=Book.REPORTED)
    return sorted(set(standing.values_list("year", flat=True)), reverse=True)


@dataclass(frozen=True)
class Asked:
    """A column that is asked for: accounts or a budget of a year. `keys`: what a version is made of, itself first."""

    label: str
    book: str
    year: int
    keys: tuple[tuple[str, int | None, int], ...]


def asked_for(year: int) -> tuple[list[Asked], list[int]]:
    """Accounts, the budget as it stands now and as it stood before, and the accounts of last year; and the extracts."""
    standing = Extract.objects.standing().exclude(book=Book.REPORTED).filter(year__in=(year, year - 1))
    extracts = [each for each in standing if each.book == Book.ACCOUNTS or each.year == year]
    based_on = dict(Version.objects.filter(year=year).values_list("pk", "based_on"))
    names = dict(Version.objects.filter(year=year).values_list("pk", "name"))
    used = {each.version_id for each in extracts if each.version_id}
    shown = sorted((pk for pk in names if used & set(chain_in(based_on, pk))), reverse=True)[:VERSIONS]
    budgets = [
        Asked(
            f"{names[pk]} {year}", Book.BUDGET, year, tuple((Book.BUDGET, key, year) for key in chain_in(based_on, pk))
        )
        for pk in shown
    ]
    asked = [_accounts(year), *budgets, _accounts(year - 1)]
    return asked, [each.pk for each in extracts]


def _accounts(year: int) -> Asked:
    return Asked(_("Accounts %(year)s") % {"year": year}, Book.ACCOUNTS, year, ((Book.ACCOUNTS, None, year),))


def columns(statement: Statement, year: int) -> list[Column]:
    return columns_of(statement, *asked_for(year))


def columns_of(statement: Statement, asked: Sequence[Asked], extracts: Sequence[int]) -> list[Column]:
    """The columns that there are figures of."""
    ledgers = ledgers_of(extracts, statement.account_class)
    found = [(each.label, _together(ledgers, each)) for each in asked if any(key in ledgers for key in each.keys)]
    return [_column(statement, label, ledger) for label, ledger in found]


def _together(ledgers: dict[tuple, dict[str, int]], asked: Asked) -> dict[str, int]:
    """A version's own lines and those of what it builds on."""
    sums: Counter[str] = Counter()
    for key in asked.keys:
        sums.update(ledgers.get(key, {}))
    return dict(sums)


def ledgers_of(extracts: Sequence[int], account_class: str, *, by_kostra: bool = True) -> dict[tuple, dict[str, int]]:
    """(book, version, year) → KOSTRA's code of a kind, or the kind itself → øre with the sign of the accounts."""
    found: defaultdict[tuple, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(BY_ART, {"extracts": list(extracts), "class": account_class, "by_kostra": by_kostra})
        for book, version, year, art, amount in cursor.fetchall():
            found[book, version, year][art] = amount
    return dict(found)


def _column(statement: Statement, label: str, ledger: dict[str, int]) -> Column:
    return Column(label, compute(statement, ledger), SIGN * sum(ledger.values()))


def art_in_words(art: str) -> str:
    listed = kostra.kinds().get(art)
    return f"{art} {listed.name}" if listed else art
