"""Whether a result is where it should be: one pure rule, and how it is said. A status is never only a colour."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    INTERVAL = "interval", _("Within an interval")


class Status(models.TextChoices):
    """In the order of how much it asks of one: the worst first."""

    MISSED = "missed", _("Not reached")
    NEAR = "near", _("Nearly reached")
    MET = "met", _("Reached")
    NO_TARGET = "no_target", _("Without a target value")
    MISSING = "missing", _("The figure is missing")
    HIDDEN = "hidden", _("Too few behind the figure")

    @property
    def look(self) -> str:
        """The shape and colour it is drawn with; what is not judged has neither."""
        return {"met": "ok", "near": "warn", "missed": "bad"}.get(self.value, "none")


# What is judged; the others say why nothing is.
JUDGED = (Status.MISSED, Status.NEAR, Status.MET)


@dataclass(frozen=True)
class Aim:
    """What is aimed at in a year: a value, or an interval with both ends; and how far off is still yellow."""

    direction: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal = Decimal(0)

    @property
    def floor(self) -> Decimal | None:
        """The least that reaches it; None where less is better."""
        return {Direction.HIGHER: self.value, Direction.INTERVAL: self.low}.get(Direction(self.direction))

    @property
    def ceiling(self) -> Decimal | None:
        """The most that reaches it; None where more is better."""
        return {Direction.LOWER: self.value, Direction.INTERVAL: self.high}.get(Direction(self.direction))


def off_by(value: Decimal, aim: Aim) -> Decimal:
    """How far outside what is aimed at a value lies; 0 where it reaches it."""
    short = aim.floor - value if aim.floor is not None else Decimal(0)
    over = value - aim.ceiling if aim.ceiling is not None else Decimal(0)
    return max(short, over, Decimal(0))


def status_of(value: Decimal | None, aim: Aim | None) -> Status:
    """Green where the aim is reached, yellow within the tolerance of it, red beyond; no figure is never green."""
    if value is None:
        return Status.MISSING
    if aim is None:
        return Status.NO_TARGET
    off = off_by(value, aim)
    if off == 0:
        return Status.MET
    return Status.NEAR if off <= aim.tolerance else Status.MISSED


def worst(statuses) -> Status | None:
    """The status of a goal is the worst of its indicators'; what is not judged counts only when nothing is."""
    order = list(Status)
    found = sorted(statuses, key=order.index)
    return found[0] if found else None
