"""Owner health: does anybody stand by what has been promised? One rule, said in Python and in SQL.

A thing is kept when somebody holds the position that answers for it, that person has confirmed or changed it, and did
so within two of its periods. Only what people do counts: who has read what is never known (aml. § 9-1).
"""

import calendar
from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Case, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Appointment, Position

VACANT, NEVER, LATE, KEPT = "vacant", "never", "late", ""
CAUSES = {
    VACANT: _("Vacant position"),
    NEVER: _("Never confirmed"),
    LATE: _("Missed twice"),
}

EXPLAINED = {
    VACANT: _("Nobody holds the position that answers for this."),
    NEVER: _("The one who holds the position now has never confirmed or changed this."),
    LATE: _("The one who holds the position has not confirmed or changed this for two periods."),
    KEPT: _("The one who holds the position has confirmed or changed this in time."),
}


def cause(*, holders: Collection[int], kept_by: int | None, kept_on: date | None, every: int | None, on: date) -> str:
    """Why a thing is not kept, or "". `every` is its period in months; without one nobody is asked to update it."""
    if not holders:
        return VACANT
    if every is None:
        return KEPT
    if kept_by not in holders or kept_on is None:
        return NEVER
    return LATE if on > last_day(kept_on, every) else KEPT


def last_day(kept_on: date, every: int) -> date:
    """The last day before two updates have been missed: two periods after the last one, as PostgreSQL adds months."""
    months = kept_on.year * 12 + kept_on.month - 1 + 2 * every
    year, month = divmod(months, 12)
    return date(year, month + 1, min(kept_on.day, calendar.monthrange(year, month + 1)[1]))


class _LastDay(Func):
    """`last_day` of two columns, in the municipality's own days."""

    template = "((%(expressions)s))::date"
    arg_joiner = " AT TIME ZONE 'Europe/Oslo')::date + make_interval(months => 2 * "
    output_field = DateField()


def with_cause(items: QuerySet, on: date) -> QuerySet:
    """The same rows, each with its `cause` on a date."""
    held = Appointment.objects.in_force(on).filter(position=OuterRef("responsible"))
    return items.annotate(
        cause=Case(
            When(~Exists(held), then=Value(VACANT)),
            When(update_every__isnull=True, then=Value(KEPT)),
            When(kept_at__isnull=True, then=Value(NEVER)),
            When(~Exists(held.filter(person=OuterRef("kept_by"))), then=Value(NEVER)),
            When(_is_late(on), then=Value(LATE)),
            default=Value(KEPT),
        )
    )


def _is_late(on: date):
    return LessThan(_LastDay(F("kept_at"), F("update_every")), Value(on, DateField()))


def found_by_cause(items: QuerySet, on: date, only: str = "") -> Iterator[QuerySet]:
    """What is not kept among open things, the gravest cause first: of one cause, or of them all.

    Each part has an order that an index has, so whoever wants the first of them reads no more than that. Only the last
    part, what was kept once, has its cause worked out for every row.
    """
    vacant = vacant_positions(on)
    if only in ("", VACANT):
        yield items.filter(responsible__in=vacant).order_by("unit_id", "due", "pk")
    if only in ("", NEVER):
        never = items.filter(kept_at__isnull=True, update_every__isnull=False).exclude(responsible__in=vacant)
        yield never.order_by("unit_id", "due", "pk")
    if only != VACANT:
        causes = [only] if only else [NEVER, LATE]
        once = with_cause(items.filter(kept_at__isnull=False), on).filter(cause__in=causes)
        yield once.order_by("-cause", "unit_id", "due", "pk")


def vacant_positions(on: date) -> list[int]:
    """The positions that nobody holds on a date, and those that are closed."""
    held = Appointment.objects.running(on).filter(position=OuterRef("pk"))
    unheld, closed = (Position.objects.filter(so).order_by() for so in (~Exists(held), Q(until__lt=on)))
    return list(unheld.values_list("pk", flat=True).union(closed.values_list("pk", flat=True)).order_by())
