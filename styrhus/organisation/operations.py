"""Keeping the organisation: the tree, positions, who holds them, who prepares on their behalf. Each is one transaction.

Every one of them raises ValidationError, keyed by field, when it cannot be done; then nothing has changed.
"""

from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.organisation.access import authority_of, forget, may_appoint, require
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Preparer


@contextmanager
def effective(on: date):
    """What is written to units inside the block holds from this date. Only inside a transaction."""
    before = _say(on.isoformat())
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            _say(before)


def _say(on: str) -> str:
    """Gives what was said before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('styrhus.effective', true)")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('styrhus.effective', %s, true)", [on])
    return before or ""


@transaction.atomic
def keep_position(position: Position, roles: list[PositionRole], *, by) -> Position:
    """Saves a position, and the roles it carries instead of those it had.

    Nobody changes the position they hold: who gives authority and who gets it are two people.
    """
    if position.pk and position.pk in authority_of(by).positions:
        raise PermissionDenied("organisation.edit")
    require(by, "organisation.edit", position)
    position.full_clean()
    position.save()
    _carry(position, roles)
    return position


def _carry(position: Position, roles: list[PositionRole]) -> None:
    """The roles wanted and no others; what is carried already stays as it is."""
    carried = {(role.role, role.reach_id, role.field): role for role in position.roles.all()}
    wanted = {(role.role, role.reach_id, role.field): role for role in roles}
    position.roles.filter(pk__in=[carried[key].pk for key in carried.keys() - wanted.keys()]).delete()
    for key in wanted.keys() - carried.keys():
        wanted[key].position = position
        wanted[key].full_clean()
        wanted[key].save()


@transaction.atomic
def appoint(made: Appointment, *, by) -> Appointment:
    """Puts a person in a position. A second holder on the same day is refused, naming the first."""
    # Locked: of two who appoint at once, the second sees what the first has done.
    made.position = Position.objects.select_for_update(of=("self",)).select_related("unit").get(pk=made.position_id)
    if not may_appoint(by, made.position, deputy=made.is_deputy):
        raise PermissionDenied("organisation.edit")
    _refuse_oneself(made.person, by)
    _refuse_wrong_dates(made)
    _refuse_closed(made.position, made.end)
    _refuse_second_holder(made)
    made.full_clean()
    made.save()
    forget(made.person)
    return made


def _refuse_oneself(person, by) -> None:
    if person.pk == by.pk:
        raise ValidationError({"person": _("You cannot appoint yourself. Ask your leader or HR to do it.")})


def _refuse_wrong_dates(made: Appointment | Preparer) -> None:
    if made.end and made.end < made.start:
        raise ValidationError({"end": _("The last day is before the first. Choose a later last day.")})


def _refuse_closed(position: Position, end: date | None) -> None:
    if position.until and (end is None or end > position.until):
        words = {"day": date_format(position.until)}
        raise ValidationError(
            {"end": _("The position is closed after %(day)s. Choose a last day no later than that.") % words}
        )


def _refuse_second_holder(made: Appointment) -> None:
    """One person in a position on a date, and a deputy who is not the one deputised for."""
    others = made.position.appointments.exclude(pk=made.pk).filter(Q(end__isnull=True) | Q(end__gte=made.start))
    others = others.filter(start__lte=made.end) if made.end else others
    same = others.filter(person=made.person_id).order_by("start").first()
    if same:
        raise ValidationError({"person": _held(same)})
    if made.kind == Appointment.Kind.DEPUTY:
        return
    holder = others.exclude(kind=Appointment.Kind.DEPUTY).select_related("person").order_by("start").first()
    if holder:
        raise ValidationError({"start": _held(holder)})


def _held(held: Appointment) -> str:
    words = {"name": held.person, "start": date_format(held.start), "end": held.end and date_format(held.end)}
    if held.end:
        return (
            _("%(name)s is in this position from %(start)s to %(end)s. Choose other dates, or end that first.") % words
        )
    return _("%(name)s is in this position from %(start)s with no last day. End that first.") % words


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: date, by) -> Appointment:
    """Sets the last day. What has not begun is taken away whole by choosing a day before it begins."""
    held = Appointment.objects.select_for_update(of=("self",)).select_related("position__unit").get(pk=appointment.pk)
    if not may_appoint(by, held.position, deputy=held.kind == Appointment.Kind.DEPUTY):
        raise PermissionDenied("organisation.edit")
    _refuse_closed(held.position, on)
    if on < held.start <= date.today():
        words = {"day": date_format(held.start)}
        raise ValidationError({"end": _("It began on %(day)s. The last day cannot be before that.") % words})
    if on < held.start:
        held.delete()
    else:
        held.end = on
        _refuse_second_holder(held)
        held.save(update_fields=["end"])
    forget(held.person)
    return held


@transaction.atomic
def close(position: Position, *, on: date, by) -> Position:
    """Sets the last day of a position; those in it leave it that day."""
    position = Position.objects.select_for_update(of=("self",)).select_related("unit").get(pk=position.pk)
    require(by, "organisation.edit", position)
    if on < position.since:
        words = {"day": date_format(position.since)}
        raise ValidationError({"until": _("The position began on %(day)s. Choose that day or a later one.") % words})
    later = position.appointments.filter(start__gt=on).select_related("person").first()
    if later:
        words = {"name": later.person.name, "day": date_format(later.start)}
        raise ValidationError(
            {
                "until": _("%(name)s enters the position on %(day)s. Take that away first, or choose a later day.")
                % words
            }
        )
    position.appointments.filter(Q(end__isnull=True) | Q(end__gt=on)).update(end=on)
    position.until = on
    position.save(update_fields=["until"])
    return position


@transaction.atomic
def let_prepare(person: Person, position: Position, *, start: date, end: date | None, by) -> Preparer:
    """Lets a colleague prepare on behalf of a position (på vegne av). Only the one who holds it gives this."""
    if position.pk not in authority_of(by).positions:
        raise PermissionDenied("position.let_prepare")
    # Who comes second waits here, and is told in words.
    Position.objects.select_for_update().get(pk=position.pk)
    made = Preparer(position=position, person=person, start=start, end=end, by=by)
    _refuse_wrong_dates(made)
    if person.pk == by.pk:
        raise ValidationError({"person": _("You answer for this yourself. Choose a colleague.")})
    if not person.has_perm("item.discuss"):
        raise ValidationError({"person": _("Only those who are employed here can prepare on behalf of others.")})
    others = position.preparers.filter(Q(end__isnull=True) | Q(end__gte=start), person=person)
    if (others.filter(start__lte=end) if end else others).exists():
        raise ValidationError({"person": _("%(name)s may do this already in these days.") % {"name": person}})
    made.full_clean()
    made.save()
    forget(person)
    return made


@transaction.atomic
def stop_preparing(preparer: Preparer, *, by) -> None:
    """Takes it back from today; what has not begun disappears. Kept in the trail."""
    if preparer.position_id not in authority_of(by).positions:
        raise PermissionDenied("position.let_prepare")
    yesterday = date.today() - timedelta(days=1)
    if preparer.start > yesterday:
        preparer.delete()
    else:
        preparer.end = yesterday
        preparer.save(update_fields=["end"])
    forget(preparer.person)
