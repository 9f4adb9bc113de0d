"""What a context looks for that is not as it should be; `config/controls.py` names them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Control:
    """One thing that may be wrong. `find` narrows a question about items to those where it is, on a date.

    Who answers for the finding is who answers for the item. What is found is decided by everything there is, also by
    what the reader may not see: a goal that an exempt measure follows up lacks nothing.
    """

    name: str
    label: str | Promise
    find: Callable[[QuerySet, date], QuerySet]


@cache
def controls() -> tuple[Control, ...]:
    """All of them, in the order in which a goal becomes a result."""
    return tuple(import_string(name) for name in import_string(settings.CONTROLS))
