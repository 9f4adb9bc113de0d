"""Small pieces of every page."""

from django import template
from django.utils.formats import date_format, localize

register = template.Library()
NO_BREAK_SPACE = "\u00a0"


@register.filter
def short_date(value):
    """04.12.2026: for tables and forms."""
    return date_format(value, "SHORT_DATE_FORMAT") if value else "–"


@register.filter
def percent(value, decimals=0):
    """8,9 %, with a space that does not break."""
    return (
        f"{localize(round(value, decimals) if decimals else int(value))}{NO_BREAK_SPACE}%" if value is not None else "–"
    )
