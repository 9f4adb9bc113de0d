"""What search marks in its answers."""

from urllib.parse import urlencode

from django import template

from styrhus.items.words import marked

register = template.Library()
register.filter("marked", marked)


@register.simple_tag
def querystring_of(**asked) -> str:
    """The query of an address, without what is empty."""
    return urlencode({name: value for name, value in asked.items() if value})
