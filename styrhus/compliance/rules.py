"""The rules of the legal clock as they stand in `data/deadlines.yaml`, read once. Facts of the law; nothing computed.

The law behind each is in `data/laws.csv`, by the number it has at Lovdata.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

FOLDER = Path(__file__).parent / "data"
NO_BREAK_SPACE = "\u00a0"
CONFIRMED, RECALLED, VERIFY = "confirmed", "recalled", "verify"
SEVERITIES = ("high", "medium", "low", "info")


def in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language[:2], texts["nb"])


@dataclass(frozen=True)
class Comparison:
    """A figure, or its share `per` another, against a limit or `than` another figure."""

    figure: str
    comparison: str
    limit: Decimal | None = None
    than: str = ""
    per: str = ""


@dataclass(frozen=True)
class Timing:
    """When a rule falls due; which fields are used follows from `type` (see the head of the file of rules)."""

    type: str
    month: int = 0
    day: int = 0
    year_offset: int = 0
    event: str = ""
    until_event: str = ""
    amount: int = 0
    unit: str = ""
    count: int = 1
    working_day_after: bool = False
    each_year: bool = False
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Rule:
    id: str
    titles: dict[str, str]
    area: str
    law: str
    section: str
    timing: Timing
    responsible: str
    severity: str
    confidence: str
    # The year it is about, for one that falls due on a fixed date: budget_year, accounting_year, reporting_year.
    reference: str = ""
    about: tuple[str, ...] = ()
    answered_by: str = ""
    answer_about: tuple[str, ...] = ()
    # An event that must have happened in the reference year.
    needs: str = ""
    runs_out: bool = False
    decided_by: str = ""
    applies_to: str = ""
    consequence: str = ""
    valid_from: date | None = None
    notes: dict[str, str] | None = None

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.titles, get_language() or settings.LANGUAGE_CODE)

    @property
    def note(self) -> str:
        return in_language(self.notes, get_language() or settings.LANGUAGE_CODE) if self.notes else ""

    @property
    def is_dated(self) -> bool:
        """Whether it gives deadlines; the others are standing duties and limits."""
        return self.timing.type != "threshold" and (self.timing.type != "immediate" or bool(self.timing.event))

    @property
    def source(self) -> str:
        """The law and the section, as they are cited."""
        name = law_name(self.law)
        return f"{name} {self.section}".replace("§ ", f"§{NO_BREAK_SPACE}")


def _comparison(told: dict[str, Any]) -> Comparison:
    limit = Decimal(str(told["limit"])) if "limit" in told else None
    return Comparison(told["figure"], told["is"], limit, told.get("than", ""), told.get("per", ""))


def _timing(told: dict[str, Any]) -> Timing:
    told = dict(told)
    told["event"] = told.pop("from", told.get("event", ""))
    told["until_event"] = told.pop("to", "")
    told["comparisons"] = tuple(_comparison(each) for each in told.pop("all", ()))
    return Timing(**told)


def _rule(told: dict[str, Any]) -> Rule:
    told = dict(told)
    answer = told.pop("answered_by", {})
    valid_from = told.pop("valid_from", None)
    told.pop("recommends", None)
    told.pop("prerequisites", None)
    return Rule(
        titles=told.pop("title"),
        timing=_timing(told.pop("timing")),
        about=tuple(told.pop("about", ())),
        answered_by=answer.get("event", ""),
        answer_about=tuple(answer.get("about", ())),
        valid_from=date.fromisoformat(valid_from) if valid_from else None,
        notes=told.pop("note", None),
        **told,
    )


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the file."""
    told = yaml.safe_load((FOLDER / "deadlines.yaml").read_text(encoding="utf-8"))
    return {each["id"]: _rule(each) for each in told["rules"]}


def rows_of(name: str) -> list[dict[str, str]]:
    """One of our lists of references, as it stands in its file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def laws() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of("laws")}


def law_name(code: str) -> str:
    """As it is cited in running text: kommuneloven."""
    name = laws()[code]["short_name"]
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def lovdata_address(code: str) -> str:
    """The consolidated text at Lovdata. The data protection regulation stands there with the act that takes it in."""
    kind, _dash, number = code.partition("-")
    if kind == "LOV":
        return f"https://lovdata.no/dokument/NL/lov/{number}"
    if kind == "FOR":
        return f"https://lovdata.no/dokument/SF/forskrift/{number}"
    return "https://lovdata.no/dokument/NL/lov/2018-06-15-38" if code == "EU-2016-679" else ""
