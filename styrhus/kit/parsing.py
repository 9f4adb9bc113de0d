"""Values as people and systems write them in files.

Each function takes a text that is not empty, and raises Unfit with a reason.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

LANGUAGES = ("nb", "nn", "en")
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
NUMBER = re.compile(r"[0-9]+|[0-9]{1,3}([.,][0-9]{3})+")
# What nearly every number of a Norwegian ledger looks like, when its spaces are gone.
PLAIN = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
MONTHS = ("jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "okt", "nov", "des")
YES = frozenset({"ja", "j", "yes", "y", "x", "1", "true", "sann", "sant"})
NO = frozenset({"nei", "n", "no", "0", "false", "usann", "usant", "-"})
# Day 0 of Excel's calendar, which believes that 1900 was a leap year.
EXCEL_BEGINS = date(1899, 12, 30)
EXCEL_DAYS = range(10_000, 80_000)


class Unfit(ValueError):
    """The text cannot be this kind of value. Says why, and what would fit."""


def text(longest: int) -> Callable[[str], str]:
    """One line of text, at most so long. Signs that no one can see or keep are refused."""

    def parse(written: str) -> str:
        written = written.strip()
        if not written.isprintable():
            written = " ".join(written.split())
            _refuse_unseen(written)
        if len(written) > longest:
            raise Unfit(
                _("The text has %(length)s characters; there is room for %(longest)s.")
                % {"length": len(written), "longest": longest}
            )
        return written if written.isascii() else unicodedata.normalize("NFC", written)

    return parse


def _refuse_unseen(written: str) -> None:
    """Control characters, halves of characters, and marks that turn the direction of writing."""
    for sign in written:
        if unicodedata.category(sign) in ("Cc", "Cs", "Cn") or sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            raise Unfit(
                _("The text holds a sign that cannot be kept (%(code)s). Take it away.")
                % {"code": f"U+{ord(sign):04X}"}
            )


def whole_number(written: str) -> int:
    number = decimal(written)
    if number != number.to_integral_value():
        raise Unfit(_("“%(text)s” is not a whole number.") % {"text": written})
    return int(number)


def decimal(written: str) -> Decimal:
    """A number in Norwegian writing: 1 234 567,89, 1.234,50, (12), −5, 5-.

    A single comma divides off decimals. A single point before three figures could mean either, and is refused.
    """
    plain = "".join(written.split())
    if PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    bare = SPACES.sub("", written).replace("−", "-").removeprefix("kr").removesuffix("kr")
    negative = bare[:1] in ("-", "(") or bare[-1:] == "-"
    bare = bare.strip("-+()")
    whole, sign, fraction = _divided(bare, written)
    if not NUMBER.fullmatch(whole or (sign and "0")) or (sign and not NUMBER.fullmatch(fraction)):
        raise Unfit(_("“%(text)s” is not a number.") % {"text": written})
    try:
        number = Decimal(f"{whole.replace('.', '').replace(',', '') or 0}.{fraction or 0}")
    except InvalidOperation as error:
        raise Unfit(_("“%(text)s” is not a number.") % {"text": written}) from error
    return -number if negative else number


def _divided(bare: str, written: str) -> tuple[str, str, str]:
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma == point:
        return bare, "", ""
    last = "," if comma > point else "."
    other_too = comma >= 0 and point >= 0
    if bare.count(last) > 1 and not other_too:
        return bare, "", ""
    whole, sign, fraction = bare.rpartition(last)
    if last == "." and not other_too and len(fraction) == 3 and whole not in ("", "0"):
        raise Unfit(
            _("“%(text)s” can be read in two ways. Write %(thousands)s or %(decimals)s.")
            % {"text": written, "thousands": whole + fraction, "decimals": f"{whole},{fraction}"}
        )
    return whole, sign, fraction


@lru_cache(4096)
def day(written: str) -> date:
    """A date: 04.12.2026, 2026-12-04, 20261204, 4. des. 2026, or a spreadsheet's own number of days."""
    try:
        return _day(written.strip())
    except (ValueError, OverflowError) as error:
        raise Unfit(_("“%(text)s” is not a date. Write it as 04.12.2026 or 2026-12-04.") % {"text": written}) from error


def _day(written: str) -> date:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?", written):
        return date(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})", written):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if re.fullmatch(r"(?:19|20)\d{6}", written):
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    if written.isdecimal() and int(written) in EXCEL_DAYS:
        return EXCEL_BEGINS + timedelta(days=int(written))
    found = re.fullmatch(r"(\d{1,2})\.?[\s-]*([^\W\d_]+)\.?[\s-]*(\d{4}|\d{2})", written)
    if not found:
        raise ValueError(written)
    return date(_year(found[3]), _month(found[2].casefold()), int(found[1]))


def _year(written: str) -> int:
    """Two figures mean the century in which they lie nearest to our own time: 68 is 2068, 69 is 1969."""
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year < 69 else 1900)


def _month(name: str) -> int:
    name = {"may": "mai", "dec": "des", "oct": "okt"}.get(name[:3], name)
    # "ma" is mai (and mai alone): "mar" has been met before it.
    return next((place for place, start in enumerate(MONTHS, start=1) if name.startswith(start)), 0)


def yes_no(written: str) -> bool:
    answer = written.strip().casefold()
    if answer not in YES | NO:
        raise Unfit(_("“%(text)s” is neither no nor yes.") % {"text": written})
    return answer in YES


def email(written: str) -> str:
    address = written.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unfit(_("“%(text)s” is not an e-mail address.") % {"text": written}) from error
    return address


def organisation_number(written: str) -> str:
    """Nine figures, the last a check on the others (mod 11, as Brønnøysundregistrene gives them)."""
    figures = SPACES.sub("", written).upper().removeprefix("NO").removesuffix("MVA")
    if not re.fullmatch(r"[0-9]{9}", figures):
        raise Unfit(_("“%(text)s” is not an organisation number: it has nine figures.") % {"text": written})
    weighed = sum(int(figure) * weight for figure, weight in zip(figures, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    if weighed % 11:
        raise Unfit(_("“%(text)s” is not an organisation number: its last figure does not fit.") % {"text": written})
    return figures


def choice(choices: Iterable[tuple[str, Any]]) -> Callable[[str], str]:
    """One of a few, by its code or by its word in any of the languages."""
    listed = [(code, label) for code, label in choices]

    @cache
    def words() -> dict[str, str]:
        found: dict[str, str] = {}
        for language in LANGUAGES:
            with translation.override(language):
                found |= {str(label).casefold(): code for code, label in listed}
        return found | {code.casefold(): code for code, _label in listed}

    def parse(written: str) -> str:
        code = words().get(written.strip().casefold())
        if code is None:
            allowed: str | Promise = ", ".join(str(label) for _code, label in listed)
            raise Unfit(_("“%(text)s” is none of: %(allowed)s.") % {"text": written, "allowed": allowed})
        return code

    return parse
