"""Money as people read it."""

from django import template
from django.utils.formats import number_format

from styrhus.economy.words import ORE, in_kroner

register = template.Library()


@register.filter
def kroner(ore: int) -> str:
    """Whole kroner, for tables: the øre stand in the lines and in the files."""
    return number_format(round(ore / ORE), 0, force_grouping=True)


@register.filter
def exact(ore: int) -> str:
    return in_kroner(ore)
