"""Money as the pages of plans show it."""

from django import template
from django.utils.translation import gettext as _

from styrhus.planning.forms.fields import in_kroner

register = template.Library()


@register.filter
def kroner(ore) -> str:
    """An amount in øre as "1 250 000 kr"."""
    return "–" if ore is None else _("NOK %(amount)s") % {"amount": in_kroner(ore)}
