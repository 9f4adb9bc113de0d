"""The figures that the statutory statements are made of, for the whole municipality."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from styrhus.economy import kostra
from styrhus.economy.models import Book, Extract, Version
from styrhus.economy.queries.months import chain
from styrhus.economy.statements import SIGN, Computed, Statement, compute

# Of a code that KOSTRA does not have, its own.
BY_ART = """
    SELECT extract.book, extract.version_id, extract.year,
        coalesce(nullif(kind.kostra, ''), balance.kind), sum(balance.amount)::bigint
    FROM economy_extract extract
    JOIN economy_balance balance ON balance.extract_id = extract.id
    LEFT JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    WHERE extract.id = ANY(%s) AND balance.account_class = %s
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


def columns(statement: Statement, year: int) -> list[Column]:
    """Accounts, the budget as it stands now and as it stood before, and the accounts of last year."""
    standing = Extract.objects.standing().exclude(book=Book.REPORTED).select_related("version")
    extracts = [each for each in standing.filter(year__in=(year, year - 1)) if _is_shown(each, year)]
    ledgers = _ledgers([each.pk for each in extracts], statement.account_class)
    versions = {each.version_id: each.version for each in extracts if each.version}
    newest = sorted(versions, reverse=True)[:VERSIONS]
    asked = [
        (_("Accounts %(year)s") % {"year": year}, (Book.ACCOUNTS, None, year)),
        *((f"{versions[pk].name} {year}", (Book.BUDGET, pk, year)) for pk in newest),
        (_("Accounts %(year)s") % {"year": year - 1}, (Book.ACCOUNTS, None, year - 1)),
    ]
    found = [(label, _with_bases(ledgers, key)) for label, key in asked]
    return [_column(statement, label, ledger) for label, ledger in found if ledger]


def _with_bases(ledgers: dict[tuple, dict[str, int]], key: tuple) -> dict[str, int]:
    """A version's own lines and those of what it builds on."""
    book, version, year = key
    keys = chain(Version(pk=version, year=year)) if version else [None]
    sums: Counter = Counter()
    for each in keys:
        sums.update(ledgers.get((book, each, year), {}))
    return dict(sums)


def _is_shown(extract: Extract, year: int) -> bool:
    return extract.book == Book.ACCOUNTS or extract.year == year


def _ledgers(extracts: Sequence[int], account_class: str) -> dict[tuple, dict[str, int]]:
    found: defaultdict[tuple, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(BY_ART, [list(extracts), account_class])
        for book, version, year, art, amount in cursor.fetchall():
            found[book, version, year][art] = amount
    return dict(found)


def _column(statement: Statement, label: str, ledger: dict[str, int]) -> Column:
    return Column(label, compute(statement, ledger), SIGN * sum(ledger.values()))


def art_in_words(art: str) -> str:
    listed = kostra.kinds().get(art)
    return f"{art} {listed.name}" if listed else art
