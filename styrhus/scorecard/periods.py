"""How often something is measured, and which days one figure is about. A period is known by its first day."""

import re
from datetime import date, timedelta

from django.db import models
from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.parsing import Unfit


class Frequency(models.TextChoices):
    MONTHLY = "monthly", gettext_lazy("Every month")
    QUARTERLY = "quarterly", gettext_lazy("Every quarter")
    FOUR_MONTHLY = "four_monthly", gettext_lazy("Every tertial")
    HALF_YEARLY = "half_yearly", gettext_lazy("Every half-year")
    YEARLY = "yearly", gettext_lazy("Every year")
    BIENNIAL = "biennial", gettext_lazy("Every second year")
    FOUR_YEARLY = "four_yearly", gettext_lazy("Every fourth year")


F = Frequency
# Months from one figure to the next, and months that one figure is about: a survey every second year is of its year.
APART = {
    F.MONTHLY: 1,
    F.QUARTERLY: 3,
    F.FOUR_MONTHLY: 4,
    F.HALF_YEARLY: 6,
    F.YEARLY: 12,
    F.BIENNIAL: 24,
    F.FOUR_YEARLY: 48,
}
LENGTH = {frequency: min(months, 12) for frequency, months in APART.items()}

MONTH_WORDS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
MONTH_WORDS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR = r"(?P<year>(?:19|20)\d\d)"
# How people and offices write a part of a year: the letters, and how many months the part has.
PARTS = {"m": 1, "q": 3, "k": 3, "kv": 3, "kvartal": 3, "quarter": 3, "t": 4, "tertial": 4} | {
    "h": 6,
    "halvår": 6,
    "s": 6,
}
LETTERS = "|".join(sorted(PARTS, key=len, reverse=True))
WRITTEN = (
    # 2024M01, 2024K1, 2024 Q1, 2024-T2
    re.compile(rf"{YEAR}[\s-]*(?P<letter>{LETTERS})\s*(?P<part>\d\d?)", re.IGNORECASE),
    # 1. kvartal 2024, 2. tertial 2024, T2 2024, Q1 2024
    re.compile(rf"(?P<part>\d\d?)\.?\s*(?P<letter>{LETTERS})\.?\s*{YEAR}", re.IGNORECASE),
    re.compile(rf"(?P<letter>{LETTERS})\s*(?P<part>\d)\.?[\s/-]*{YEAR}", re.IGNORECASE),
    # 2024-01, 2024/01, 202401 and 01.2024
    re.compile(rf"{YEAR}[-/.]?(?P<part>0[1-9]|1[0-2])"),
    re.compile(rf"(?P<part>0?[1-9]|1[0-2])[-/.]{YEAR}"),
)
NAMED = re.compile(rf"(?P<month>[a-zæøå]{{3,9}})\.?\s*{YEAR}", re.IGNORECASE)
# 2015/16, 2015-2016: a school year or a financial year, known by the year it begins in.
SPLIT = re.compile(rf"{YEAR}\s*[/–-]\s*(?P<end>\d\d|\d{{4}})")
DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d\d?)\.(?P<m2>\d\d?)\.(?P<y2>\d{4})")


def start_of(day: date, frequency: str) -> date:
    """The first day of the period that a day lies in."""
    length = LENGTH[Frequency(frequency)]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def later(start: date, months: int) -> date:
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(years, month + 1, 1)


def end_of(start: date, frequency: str) -> date:
    """The last day that the figure is about."""
    return later(start, LENGTH[Frequency(frequency)]) - timedelta(days=1)


def next_after(start: date, frequency: str) -> date:
    """The first day of the period that the next figure is about."""
    return later(start, APART[Frequency(frequency)])


def latest_ended(on: date, frequency: str) -> date:
    """The first day of the last period that is over: what can be measured on a date."""
    return later(start_of(on, frequency), -LENGTH[Frequency(frequency)])


def in_words(start: date, frequency: str) -> str:
    """A period as people write it: "januar 2026", "2. tertial 2026", "2026"."""
    length = LENGTH[Frequency(frequency)]
    number = (start.month - 1) // length + 1
    year = {"number": number, "year": start.year}
    match length:
        case 1:
            return f"{MONTH_NAMES[start.month]} {start.year}"
        case 3:
            return _("Q%(number)s %(year)s") % year
        case 4:
            return _("T%(number)s %(year)s") % year
        case 6:
            return _("H%(number)s %(year)s") % year
    return str(start.year)


def parse(written: str, frequency: str) -> date:
    """The first day of the period that is written, in any usual shape. Raises Unfit, which says what is wanted."""
    text = " ".join(written.split())
    start, length = _read(text)
    wanted = LENGTH[Frequency(frequency)]
    if start is None:
        raise Unfit(_("“%(written)s” is no period. Write it like this: %(example)s.") % _said(text, frequency))
    # A day stands for the period it lies in.
    if length and length != wanted:
        raise Unfit(
            _("“%(written)s” is another sort of period than the indicator is measured by, such as %(example)s.")
            % _said(text, frequency)
        )
    return start_of(start, frequency)


def _said(text: str, frequency: str) -> dict[str, str]:
    return {"written": text[:40], "example": in_words(start_of(date(2026, 1, 1), frequency), frequency)}


def _read(text: str) -> tuple[date | None, int]:
    """First day and months of what is written; a single day has no length; (None, 0) where it cannot be read."""
    if re.fullmatch(YEAR, text):
        return date(int(text), 1, 1), 12
    for pattern in WRITTEN:
        if found := pattern.fullmatch(text):
            return _part(found)
    if found := NAMED.fullmatch(text):
        return _named_month(found)
    if found := SPLIT.fullmatch(text):
        return _split_year(found)
    if found := DAY.fullmatch(text):
        return _day(found)
    return None, 0


def _part(found: re.Match) -> tuple[date | None, int]:
    length = PARTS[found.groupdict().get("letter", "m").lower()]
    number = int(found["part"])
    if not 1 <= number <= 12 // length:
        return None, 0
    return date(int(found["year"]), (number - 1) * length + 1, 1), length


def _named_month(found: re.Match) -> tuple[date | None, int]:
    word = found["month"].lower()[:3]
    for words in (MONTH_WORDS, MONTH_WORDS_EN):
        if word in words:
            return date(int(found["year"]), words.index(word) + 1, 1), 1
    return None, 0


def _split_year(found: re.Match) -> tuple[date | None, int]:
    year = int(found["year"])
    if int(found["end"]) % 100 != (year + 1) % 100:
        return None, 0
    return date(year, 1, 1), 12


def _day(found: re.Match) -> tuple[date | None, int]:
    parts = found["y"] or found["y2"], found["m"] or found["m2"], found["d"] or found["d2"]
    try:
        return date(*map(int, parts)), 0
    except ValueError:
        return None, 0
