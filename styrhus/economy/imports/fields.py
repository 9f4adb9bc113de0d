"""What a file of money may say, and how it is written there."""

import re
from contextlib import suppress
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.models.ledger import LAST_MONTH
from styrhus.kit.loading import Field
from styrhus.kit.parsing import MONTHS, Unfit, choice, day, decimal, text, whole_number
from styrhus.kit.reading import Layout

FIRST_YEAR, LAST_YEAR = 1986, 2100
MOST = Decimal(10) ** 14
YEAR = re.compile(r"(?:19|20)\d\d")
CLOSED_YEAR = re.compile(r"FY\s?(\d\d)[-/]\d\d", re.I)
PERIOD = re.compile(r"((?:19|20)\d\d)[-./ ]?[MPmp]?(0?[1-9]|1[0-3])")
HEADING = re.compile(r"(?:[^\d]*\s|[^\d\s]{0,3})?((?:19|20)\d\d)(?:[-./ ]?[MPmp]?(0[1-9]|1[0-3]))?(?:\s[^\d]*)?")
MONTH_NAME = re.compile(r"([a-zæøå]{3,9})\.?(?:\s*((?:19|20)\d\d))?", re.I)
INCOME, EXPENSE = "income", "expense"
AS_BOOKED, INCOME_POSITIVE = "accounts", "income_positive"


def year(written: str) -> int:
    """2016, also as “FY15-16”, which begins in 2015."""
    told = written.strip()
    if found := CLOSED_YEAR.fullmatch(told):
        return 2000 + int(found[1])
    if not YEAR.fullmatch(told) or not FIRST_YEAR <= int(told) <= LAST_YEAR:
        raise Unfit(_("“%(text)s” is not a year.") % {"text": written})
    return int(told)


def month(written: str) -> tuple[int | None, int]:
    """(year, month): 3, mars, 201603, 2016-03. 13 is the closing of the year, 0 the whole of it."""
    told = written.strip()
    if told.isdecimal() and len(told) <= 2 and int(told) <= LAST_MONTH:
        return None, int(told)
    if found := PERIOD.fullmatch(told):
        return int(found[1]), int(found[2])
    if found := MONTH_NAME.fullmatch(told):
        return (int(found[2]) if found[2] else None), _named(found[1], written)
    raise Unfit(_("“%(text)s” is not a month. Write it as 3, mars or 2016-03.") % {"text": written})


def _named(name: str, written: str) -> int:
    name = {"may": "mai", "dec": "des", "oct": "okt"}.get(name.casefold()[:3], name.casefold())
    number = next((place for place, start in enumerate(MONTHS, start=1) if name.startswith(start)), 0)
    if not number:
        raise Unfit(_("“%(text)s” is not a month. Write it as 3, mars or 2016-03.") % {"text": written})
    return number


def quarter(written: str) -> int:
    number = whole_number(written)
    if not 1 <= number <= 4:
        raise Unfit(_("“%(text)s” is not a quarter.") % {"text": written})
    return number


def kroner(written: str) -> Decimal:
    amount = decimal(written)
    if abs(amount) >= MOST:
        raise Unfit(_("The amount is larger than can be kept."))
    return amount


def said_by_heading(column: str) -> dict | None:
    """The year or month that a column is about: “2012”, “Budsjett 2013”, “2016-03”, “mars”, “mars 2016”."""
    told = " ".join(column.split())
    if MONTH_NAME.fullmatch(told):
        with suppress(Unfit):
            return {"month": month(told)}
    if found := HEADING.fullmatch(told):
        return {"month": (int(found[1]), int(found[2]))} if found[2] else {"year": int(found[1])}
    return None


def account_class(written: str) -> str:
    told = written.strip()
    if told not in ("0", "1", "2", "3", "4", "5"):
        raise Unfit(_("“%(text)s” is no account class: 0 investment, 1 operations, 2 balance.") % {"text": written})
    return told


def scale(written: str) -> int:
    number = whole_number(written)
    if number not in (1, 1_000, 1_000_000):
        raise Unfit(_("Write 1, 1000 or 1000000: how many kroner each figure stands for."))
    return number


def direction(written: str) -> str:
    told = written.strip().casefold()
    if told.startswith(("inntekt", "income", "revenue")):
        return INCOME
    if told.startswith(("utgift", "kostnad", "expense", "expenditure")):
        return EXPENSE
    raise Unfit(_("“%(text)s” is neither income nor expense.") % {"text": written})


SIGNS = (
    (AS_BOOKED, gettext_lazy("income is negative, as in the accounts")),
    (INCOME_POSITIVE, gettext_lazy("income is positive")),
)
CODE, NAME = text(80), text(200)

VERSION = Field(
    "version",
    gettext_lazy("Budget version"),
    text(100),
    one_for_all=True,
    required=True,
    help=gettext_lazy("Such as Original budget. A new name makes a new version."),
    synonyms=("versjon", "budsjettversjon", "budsjett"),
)
LINES = (
    Field(
        "year",
        gettext_lazy("Year"),
        year,
        one_for_all=True,
        synonyms=("år", "aar", "aargang", "budsjettår", "regnskapsår", "budget_year", "fiscal_year"),
    ),
    Field(
        "month",
        gettext_lazy("Month"),
        month,
        one_for_all=True,
        help=gettext_lazy("Such as 3, mars or 2016-03. Without it the figures are of the whole year."),
        synonyms=("måned", "månad", "periode", "period", "regnskapsperiode"),
    ),
    Field("date", gettext_lazy("Date"), day, synonyms=("dato", "bilagsdato", "posteringsdato", "payment date")),
    Field("quarter", gettext_lazy("Quarter"), quarter, synonyms=("kvartal",)),
    Field(
        "account_class",
        gettext_lazy("Account class"),
        account_class,
        one_for_all=True,
        help=gettext_lazy("0 investment, 1 operations, 2 balance. Not needed where the kind begins with it."),
        synonyms=("kontoklasse",),
    ),
    Field(
        "cost_centre",
        gettext_lazy("Cost centre"),
        CODE,
        synonyms=("ansvar", "koststed", "kostnadssted", "service cost centre", "department", "avdeling"),
    ),
    Field("cost_centre_name", gettext_lazy("Name of the cost centre"), NAME, synonyms=("ansvar_tekst", "ansvarstekst")),
    Field(
        "kind",
        gettext_lazy("Account kind"),
        CODE,
        synonyms=("art", "konto", "kontonummer", "artskonto", "account detail", "account_category"),
    ),
    Field("kind_name", gettext_lazy("Name of the kind"), NAME, synonyms=("art_tekst", "artstekst", "kontotekst")),
    Field(
        "function",
        gettext_lazy("Function"),
        CODE,
        synonyms=("funksjon", "tjeneste", "tjeneste_nr", "teneste", "funksjon_kapittel"),
    ),
    Field(
        "function_name",
        gettext_lazy("Name of the function"),
        NAME,
        synonyms=("tjeneste_tekst", "tjeneste-tekst", "funksjon_tekst", "tjenestetekst"),
    ),
    Field("project", gettext_lazy("Project"), CODE, synonyms=("prosjekt",)),
    Field("free", gettext_lazy("Free dimension"), CODE, synonyms=("fri_dim", "fri dimensjon", "fund_code", "endrgr")),
    Field(
        "amount",
        gettext_lazy("Amount"),
        kroner,
        required=True,
        summed=True,
        heading=said_by_heading,
        help=gettext_lazy("Expense is positive and income negative, as in the accounts."),
        synonyms=("beløp", "beloep", "belop", "sum", "saldo", "net amount"),
    ),
    Field(
        "direction",
        gettext_lazy("Income or expense"),
        direction,
        synonyms=("inntekt_utgift", "inntekt-utgift", "account_type"),
    ),
    Field(
        "sign",
        gettext_lazy("Sign of income"),
        choice(SIGNS),
        one_for_all=True,
        help=gettext_lazy("Income is negative, as in the accounts, where nothing else is said."),
    ),
    Field(
        "scale",
        gettext_lazy("Kroner for each figure"),
        scale,
        one_for_all=True,
        help=gettext_lazy("1000 where the file counts in thousands."),
        synonyms=("beløp i",),
    ),
    Field("voucher", gettext_lazy("Voucher"), text(40), synonyms=("bilag", "bilagsnr", "bilagsnummer")),
    Field("text", gettext_lazy("Text"), text(400), synonyms=("tekst", "beskrivelse", "description", "posteringstekst")),
    Field("form", gettext_lazy("KOSTRA form"), text(2), synonyms=("skjema",)),
)
# Filbeskrivelse for regnskap, SSB: records of 48 characters, amounts in thousand kroner. Four characters of a function,
# three of a kind; of a balance (0B and the like) chapter and sector stand there.
REPORTS = Layout(
    begins=r"0[A-Y](?:19|20)\d\d[ 1-4][\d ]{6}.{18}[ 0-5]",
    length=48,
    parts=(
        ("skjema", 1, 2),
        ("aargang", 3, 4),
        ("kvartal", 7, 1),
        ("region", 8, 6),
        ("orgnr", 14, 9),
        ("foretaksnr", 23, 9),
        ("kontoklasse", 32, 1),
        ("funksjon_kapittel", 33, 4),
        ("art", 37, 3),
        ("beløp", 40, 9),
    ),
    says=(("beløp i", "1000"),),
)
