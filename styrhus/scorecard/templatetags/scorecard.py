"""Figures and trends as people read them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

register = template.Library()
WIDTH, HEIGHT, EDGE = 96, 28, 4


@register.filter
def amount(value, decimals=0):
    """A figure with so many decimals, in the reader's own writing."""
    return "–" if value is None else number_format(value, decimal_pos=int(decimals), force_grouping=True)


@register.simple_tag
def trend(results):
    """The last results as a small line, with the latest marked; in words for who does not see it."""
    values = [each.value for each in results if each.value is not None]
    if len(values) < 2:
        return ""
    points = list(_points(values))
    words = {"first": number_format(values[0], 1), "last": number_format(values[-1], 1), "count": len(values)}
    label = _("From %(first)s to %(last)s over %(count)s figures") % words
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="3"/></svg>',
        *(WIDTH, HEIGHT, WIDTH, HEIGHT, label, line),
        *(f"{each:.1f}" for each in points[-1]),
    )


def _points(values: list[Decimal]):
    low, high = min(values), max(values)
    span = float(high - low) or 1.0
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    for place, value in enumerate(values):
        yield EDGE + place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * float(value - low) / span
