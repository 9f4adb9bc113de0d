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
