"""KOSTRA's own lists of kinds and functions (FOR-2019-10-18-1412, annexes), and how local codes are read by them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LENGTH = 3
# In these series the third figure is often a division of one's own: 011 and 013 are reported as 010. In the others,
# tax, transfers and finance, every code is a thing of its own, and a code that is not listed is for people to place.
DIVIDED = "0123467"


@dataclass(frozen=True, slots=True)
class Listed:
    """A kind or a function as KOSTRA lists it. `series` is the first figure of a kind, or the area of a function."""

    code: str
    name: str
    series: str
    operations: bool
    investment: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How a local code of some length is read: where its account class stands, if it holds one, and KOSTRA's code.

    Places are counted from 1.
    """

    length: int
    kostra_at: int
    class_at: int | None = None

    def kostra(self, code: str) -> str:
        return code[self.kostra_at - 1 : self.kostra_at - 1 + LENGTH]

    def account_class(self, code: str) -> str:
        return code[self.class_at - 1] if self.class_at else ""


@cache
def kinds() -> dict[str, Listed]:
    return {row["code"]: _listed(row, row["series_name_nb"]) for row in _rows("kostra_arts.csv")}


@cache
def functions() -> dict[str, Listed]:
    return {row["code"]: _listed(row, row["area"]) for row in _rows("kostra_functions.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _listed(row: dict[str, str], series: str) -> Listed:
    return Listed(row["code"], row["name_nb"], series, row["valid_operating"] != "no", row["valid_investment"] != "no")


def read(code: str, readings: Mapping[int, Reading], listed: Mapping[str, Listed]) -> str:
    """KOSTRA's code in a local one, by the rule for its length; empty where there is no rule or no such code."""
    reading = readings.get(len(code))
    found = reading.kostra(code) if reading and code.isdecimal() else ""
    if found and found not in listed and listed is kinds() and found[0] in DIVIDED:
        found = found[:2] + "0"
    return found if found in listed else ""
