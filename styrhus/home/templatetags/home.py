"""What search marks in its answers."""

from urllib.parse import urlencode

from django import template
from django.utils.formats import localize

from styrhus.home.queries import COUNT_AT_MOST
from styrhus.items.words import marked

register = template.Library()
register.filter("marked", marked)


@register.filter
def counted(number: int) -> str:
    """A number that was counted to a limit: 1 000+ where there are more."""
    return f"{localize(COUNT_AT_MOST)}+" if number > COUNT_AT_MOST else localize(number)


@register.simple_tag
def querystring_of(**asked) -> str:
    """The query of an address, without what is empty."""
    return urlencode({name: value for name, value in asked.items() if value})
