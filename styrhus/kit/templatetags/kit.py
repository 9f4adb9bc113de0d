"""Small pieces of every page."""

from functools import cache

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import localize
from django.utils.module_loading import import_string

register = template.Library()
NO_BREAK_SPACE = "\u00a0"


@register.filter
def percent(value, decimals=0):
    """8,9 %, with a space that does not break."""
    return (
        f"{localize(round(value, decimals) if decimals else int(value))}{NO_BREAK_SPACE}%" if value is not None else "–"
    )


@cache
def _panels() -> dict:
    return import_string(settings.PANELS)


@register.inclusion_tag("kit/panels.html", takes_context=True)
def panels(context, page: str, key):
    """What other contexts show on this page about the thing with this key: `config/panels.py` says which."""
    person = context["request"].user
    kind = getattr(context.get("item"), "kind", "")
    offered = [
        {"label": panel.label, "url": reverse(panel.url, args=[key])}
        for panel in _panels().get(page, ())
        if (not panel.kinds or kind in panel.kinds) and (not panel.permission or person.has_perm(panel.permission))
    ]
    # A page may have panels in two places: their headings must not share a name.
    return {"panels": offered, "place": page.replace(":", "-")}
