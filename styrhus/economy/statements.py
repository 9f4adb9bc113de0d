"""The statutory statements: which lines they have, and what the lines come to.

The ledger keeps the sign of the accounts: expense +, income −. Here, and nowhere else, it is turned: in a statement
income is positive and expense negative, and every sum line is the plain sum of the lines it lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

SIGN = -1
FILE = Path(__file__).parent / "data" / "statements.yaml"


@dataclass(frozen=True)
class Line:
    number: int
    name_nb: str
    name_en: str
    kind: str
    arts: frozenset[str]
    sum_of: tuple[int, ...]

    @property
    def name(self) -> str:
        """The regulation's own words; it is written in bokmål only."""
        return self.name_en if get_language() == "en" else self.name_nb

    @property
    def is_sum(self) -> bool:
        return bool(self.sum_of)


@dataclass(frozen=True)
class Statement:
    """`section` of FOR-2019-06-07-714."""

    id: str
    name: str
    section: str
    account_class: str
    lines: tuple[Line, ...]

    @property
    def result(self) -> Line:
        """The last line: nothing in a balanced budget."""
        return self.lines[-1]


@dataclass(frozen=True)
class Computed:
    """Amounts in øre with the sign of the statements: by line, and by kind what no line has room for."""

    lines: Mapping[int, int]
    unplaced: Mapping[str, int]


@cache
def statements() -> dict[str, Statement]:
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {each["id"]: _statement(each) for each in read}


def _statement(read: dict) -> Statement:
    lines = tuple(
        Line(
            each["line"],
            each["name_nb"],
            each["name_en"],
            each["kind"],
            frozenset(each.get("arts", ())),
            tuple(each.get("sum_of", ())),
        )
        for each in read["lines"]
    )
    return Statement(read["id"], read["name_nb"], read["section"], read["account_class"], lines)


def compute(statement: Statement, ledger: Mapping[str, int]) -> Computed:
    """What the lines come to. `ledger`: KOSTRA's code of a kind → øre with the sign of the accounts."""
    turned = {art: SIGN * amount for art, amount in ledger.items() if amount}
    found: dict[int, int] = {}
    for line in statement.lines:
        found[line.number] = (
            sum(found[number] for number in line.sum_of)
            if line.is_sum
            else sum(turned.get(art, 0) for art in line.arts)
        )
    known = {art for line in statement.lines for art in line.arts}
    return Computed(found, {art: amount for art, amount in sorted(turned.items()) if art not in known})


# -- the balance sheet


@dataclass(frozen=True)
class BalanceLine:
    number: int
    name_nb: str
    name_en: str
    chapters: tuple[str, ...]
    sum_of: tuple[int, ...]
    # Equity and debt are shown positive; assets keep the sign of the accounts.
    is_turned: bool

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_nb

    @property
    def is_sum(self) -> bool:
        return bool(self.sum_of)


@dataclass(frozen=True)
class BalanceSheet:
    """FOR-2019-06-07-714 § 5-8. A chapter stands on the line with the longest beginning of it."""

    name: str
    section: str
    lines: tuple[BalanceLine, ...]

    def line_of(self, code: str) -> BalanceLine | None:
        fitting = [(len(start), each) for each in self.lines for start in each.chapters if code.startswith(start)]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def compute(self, ledger: Mapping[str, int]) -> dict[int, int]:
        """Line → øre. `ledger`: chapter → øre with the sign of the accounts."""
        found = {line.number: 0 for line in self.lines}
        for code, amount in ledger.items():
            if line := self.line_of(code):
                found[line.number] += SIGN * amount if line.is_turned else amount
        for line in self.lines:
            if line.is_sum:
                found[line.number] = sum(found[number] for number in line.sum_of)
        return found

    def unplaced(self, ledger: Mapping[str, int]) -> dict[str, int]:
        return {code: amount for code, amount in ledger.items() if amount and self.line_of(code) is None}


LOCAL_LENGTH = 5


def chapter(kind: str) -> str:
    """KOSTRA's chapter in a balance account: 2.45.xx is written 245xx here, and 45xx by others."""
    return kind[1:] if len(kind) >= LOCAL_LENGTH and kind.startswith("2") else kind


@cache
def balance_sheet() -> BalanceSheet:
    read = yaml.safe_load((FILE.parent / "balance.yaml").read_text(encoding="utf-8"))
    lines = tuple(
        BalanceLine(
            each["line"],
            each["name_nb"],
            each["name_en"],
            tuple(each.get("chapters", ())),
            tuple(each.get("sum_of", ())),
            each.get("turned", False),
        )
        for each in read["lines"]
    )
    return BalanceSheet(read["name_nb"], read["section"], lines)
