"""Money, months and extracts in words."""

from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from styrhus.economy.models import Extract

ORE = 100


def in_kroner(ore: int) -> str:
    """1 234 567,89, with øre only where there are any."""
    return number_format(ore / ORE if ore % ORE else ore // ORE, 2 if ore % ORE else 0, force_grouping=True)


def with_ore(ore: int) -> str:
    """1 234 567,00: for columns, where the decimals stand under each other."""
    return number_format(ore / ORE, 2, force_grouping=True)


def month_in_words(month: int) -> str:
    """0 is the whole year, 13 the closing of it."""
    return {0: _("whole year"), 13: _("year-end closing")}.get(month) or str(MONTHS[month])


def what_it_is(extract: Extract) -> str:
    """Accounts, mars 2016; Original budget, whole year 2016."""
    book = extract.version.name if extract.version else extract.get_book_display()
    told = f"{book}, {month_in_words(extract.month)} {extract.year}"
    return f"{told} ({extract.source})" if extract.source else told
