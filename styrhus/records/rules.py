"""What a retention rule says. The rules themselves are data in `config/retention.py`."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class Then(TextChoices):
    KEEP = "keep", _("Kept for ever")
    DISPOSE = "dispose", _("Disposed of, when one has asked for it and another has confirmed it")
    DELETE = "delete", _("Deleted by the program itself")
    FOLLOWS = "follows", _("Follows what it belongs to")
    REMOVE = "remove", _("The personal data is removed; who, when and why stay")


@dataclass(frozen=True)
class Rule:
    """How long something is kept after `since`, on which basis, and what happens then (arkivlova §§ 12–13)."""

    name: str | Promise
    then: Then
    since: str | Promise
    # Whole years after the day in `since`; None when there is no end, or when `since` says all of it.
    years: int | None
    archive_basis: str | Promise
    privacy_basis: str | Promise
    # Whether it is handed over to the archive before it may go (avlevering).
    hand_over: bool = False


# Whatever a rule says: these are never disposed of in the program.
NEVER_DISPOSED_OF = {"agreement", "authorisation", "decision", "plan", "regulations", "report"}


@cache
def rules_of_kinds() -> dict[str, Rule]:
    """The rule of each kind of item, by the kind's name."""
    return import_string(f"{settings.RETENTION}.KINDS")


@cache
def rules_of_tables() -> dict[str, Rule]:
    """The rule of each other table that holds what can be traced to a person, by the table's name."""
    return import_string(f"{settings.RETENTION}.TABLES")
