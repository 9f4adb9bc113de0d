"""Money as people read it."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from styrhus.economy.queries.money import Money
from styrhus.economy.words import ORE, month_in_words, with_ore

register = template.Library()


@register.filter
def kroner(ore: int) -> str:
    """Whole kroner, for tables: the øre stand in the lines and in the files."""
    return number_format(round(ore / ORE), 0, force_grouping=True)


@register.filter
def kroner_and_ore(ore: int) -> str:
    """To the øre, where one figure is held against another."""
    return with_ore(ore)


@register.filter
def month_name(month: int) -> str:
    return month_in_words(month)


@register.simple_tag
def deviation_in_words(money: Money) -> str:
    """What the year comes to against what is granted, as one says it."""
    said = {"amount": kroner(abs(money.deviation)), "budget": kroner(abs(money.budget))}
    if money.is_income and money.deviation > 0:
        return _("%(amount)s kroner less in income than the %(budget)s that are budgeted") % said
    if money.is_income:
        return _("%(amount)s kroner more in income than the %(budget)s that are budgeted") % said
    if money.deviation > 0:
        return _("%(amount)s kroner more spent than the %(budget)s that are granted") % said
    return _("%(amount)s kroner less spent than the %(budget)s that are granted") % said
