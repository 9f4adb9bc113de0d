"""Planning, withdrawing and carrying out a reorganisation: each as a whole or not at all."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.items.models import MOVED, Event, FollowUp, Item, Notification
from styrhus.items.operations import notify
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Succession, Unit
from styrhus.organisation.operations import effective
from styrhus.organisation.queries import UnitRow, arranged
from styrhus.reorganisation.dry_run import sections_of
from styrhus.reorganisation.models import Change, Part, Reorganisation
from styrhus.reorganisation.projection import Key, Projection
from styrhus.reorganisation.queries import Handover, Plan, day_before, plan_of
from styrhus.reorganisation.references import POSITION_FOLLOWS, UNIT_FOLLOWS

State = Reorganisation.State
ASKED_FOR = ["title", "on", "decision", "decision_url", "discussed_on"]


class Refused(ValidationError):
    """It cannot be done, and nothing has been: the messages say what is in the way."""


@transaction.atomic
def begin(reorganisation: Reorganisation, *, by) -> Reorganisation:
    reorganisation.by = by
    reorganisation.full_clean()
    reorganisation.save()
    return reorganisation


@transaction.atomic
def edit(reorganisation: Reorganisation) -> Reorganisation:
    """Keeps what was changed about a draft: what it is called, from when, and who decided."""
    _locked(reorganisation, State.DRAFT)
    reorganisation.full_clean()
    reorganisation.save(update_fields=ASKED_FOR)
    return reorganisation


@transaction.atomic
def add(reorganisation: Reorganisation, change: Change, *, units: Iterable[Unit] = (), parts: Iterable[Part] = ()):
    """Puts a change last in a draft."""
    _locked(reorganisation, State.DRAFT)
    last = reorganisation.changes.order_by("place").last()
    change.reorganisation, change.place = reorganisation, last.place + 1 if last else 1
    change.save()
    change.units.set(units)
    for place, part in enumerate(parts):
        part.change, part.place = change, place
        part.save()
    return change


@transaction.atomic
def take_away(change: Change) -> None:
    """Takes a change out of a draft, and with it what stands under a unit that it would have made."""
    _locked(change.reorganisation, State.DRAFT)
    change.delete()


@transaction.atomic
def place_parts(change: Change, choices: Iterable) -> None:
    """Where the positions, items and units of a split unit go, in place of what was chosen before."""
    _locked(change.reorganisation, State.DRAFT)
    for part in change.parts.all():
        part.choices.all().delete()
    for choice in choices:
        choice.save()


@transaction.atomic
def plan(reorganisation: Reorganisation, *, by, on: date) -> Reorganisation:
    """Decides that it is to happen; carried out at once when its day has come. Refused says what is in the way."""
    kept = _locked(reorganisation, State.DRAFT)
    found = plan_of(kept)
    if found.obstacles:
        raise Refused(found.obstacles)
    _require_reach(by, found)
    kept.state = State.PLANNED
    kept.save(update_fields=["state"])
    if kept.is_due(on):
        return carry_out(kept, by=by)
    _tell(kept, leaders_concerned(found), _("“%(title)s” is planned from %(day)s."), by)
    return kept


def _require_reach(person, plan: Plan) -> None:
    """Only inside the part of the tree where this person may reorganise."""
    for unit in Unit.objects.filter(pk__in=plan.projection.touched()):
        if not person.has_perm("organisation.reorganise", unit):
            raise PermissionDenied("organisation.reorganise")


def _locked(reorganisation: Reorganisation, state: str) -> Reorganisation:
    """The row as it stands, held; refused when somebody else has taken it further meanwhile."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    if row.state != state:
        raise Refused(
            _("Somebody has taken this further meanwhile: it is now “%(state)s”.") % {"state": row.get_state_display()}
        )
    return row


@transaction.atomic
def withdraw(reorganisation: Reorganisation, *, by, reason: str = "") -> Reorganisation:
    """Takes back what has not happened yet."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    if not row.is_open:
        raise Refused(_("It has been settled and cannot be withdrawn. Make a new one that changes it back."))
    concerned = leaders_concerned(plan_of(row)) if row.is_planned else []
    row.state, row.settled, row.held = State.WITHDRAWN, timezone.now(), ""
    row.reason = reason.replace("\x00", "").strip()
    row.save(update_fields=["state", "settled", "reason", "held"])
    _tell(row, concerned, _("“%(title)s”, planned from %(day)s, is withdrawn."), by)
    return row


def leaders_concerned(plan: Plan) -> list[Person]:
    """Who leads a unit that is touched, or the unit right above it, today."""
    touched = plan.projection.touched()
    over = {row.parent_id for row in plan.projection.before.values() if row.pk in touched}
    units = touched | {key for key in over if isinstance(key, int)}
    held = Appointment.objects.in_force(date.today()).filter(position__leads=True, position__unit__in=units)
    return [appointment.person for appointment in held.select_related("person")]


def _tell(reorganisation: Reorganisation, people, words: str, by) -> None:
    said = words % {"title": reorganisation.title, "day": date_format(reorganisation.on)}
    notify(
        people, Notification.Reason.REORGANISATION, by=by, note=said[:300], address=reorganisation.get_absolute_url()
    )


@transaction.atomic
def carry_out(reorganisation: Reorganisation, *, by=None) -> Reorganisation:
    """Does everything at once, dated as decided. Refused: something has come in the way, and nothing is done."""
    row = _locked(reorganisation, State.PLANNED)
    _hold_still()
    found = plan_of(row)
    if found.obstacles:
        raise Refused(found.obstacles)
    concerned = leaders_concerned(found)
    receipt = [{"what": each.name, "count": each.count} for each in sections_of(found, Nobody())]
    try:
        with transaction.atomic(), effective(row.on):
            units = _change_units(found)
            _hand_over(found, units)
            _ask_the_database()
    except IntegrityError as error:
        # The rules of the database are the last word; the plan should have said it first.
        raise Refused(_("The tree would break its own rules. Nothing has been changed.")) from error
    row.state, row.settled, row.receipt, row.held = State.CARRIED_OUT, timezone.now(), receipt, ""
    row.save(update_fields=["state", "settled", "receipt", "held"])
    _tell(row, concerned, _("“%(title)s” has been carried out from %(day)s."), by)
    return row


def _ask_the_database() -> None:
    """The rules that are else asked for when the transaction ends: too late to say that something is in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Nobody:
    """Reads nothing: the receipt has numbers, not names."""

    is_active = False


def _hold_still() -> None:
    """Units and positions stay as they are until this is done; who adds something to one of them waits."""
    list(Unit.objects.order_by("pk").select_for_update().values_list("pk"))
    list(Position.objects.order_by("pk").select_for_update().values_list("pk"))


def _change_units(plan: Plan) -> dict[Key, Unit]:
    """Writes the tree from the top down, so that no unit stands under itself on the way. Each unit by its key."""
    found, last_day = plan.projection, day_before(plan.projection.on)
    _free_codes(found)
    units: dict[Key, Unit] = dict(Unit.objects.in_bulk([key for key in found.before if isinstance(key, int)]))
    for node in arranged(found.after.values()):
        row = node.unit
        if row.pk not in found.before:
            units[row.pk] = Unit.objects.create(since=found.on, **_fields(row, units))
        elif row != found.before[row.pk]:
            Unit.objects.filter(pk=row.pk).update(**_fields(row, units))
    Unit.objects.filter(pk__in=found.closed()).update(until=last_day)
    Succession.objects.bulk_create(
        Succession(old=units[old], new=units[heir], on=found.on) for old, heirs in found.heirs.items() for heir in heirs
    )
    _remember_made(plan, units)
    return units


def _fields(row: UnitRow, units: dict[Key, Unit]) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "code": row.code,
        "organisation_number": row.organisation_number,
        "parent": units[row.parent_id] if row.parent_id is not None else None,
    }


def _free_codes(found: Projection) -> None:
    """A code that goes on to another unit is let go of first; history keeps it with the old unit until the day."""
    wanted = {row.code for row in [*found.made(), *found.changed()] if row.code}
    kept = {row.pk for key, row in found.after.items() if found.before.get(key) and found.before[key].code == row.code}
    letting = [key for key, row in found.before.items() if row.code in wanted and key not in kept]
    Unit.objects.filter(pk__in=[key for key in letting if key in found.after]).update(code="")
    closing = [key for key in letting if key in found.heirs]
    # Its last day comes first, so that the code stands in its history to the end.
    Unit.objects.filter(pk__in=closing).update(until=day_before(found.on))
    Unit.objects.filter(pk__in=closing).update(code="")


def _remember_made(plan: Plan, units: dict[Key, Unit]) -> None:
    for change in plan.reorganisation.changes.all():
        if change.key in units:
            Change.objects.filter(pk=change.pk).update(made=units[change.key])
    for part in Part.objects.filter(change__reorganisation=plan.reorganisation):
        if part.key in units:
            Part.objects.filter(pk=part.pk).update(made=units[part.key])


def _hand_over(plan: Plan, units: dict[Key, Unit]) -> None:
    leaders = _leaders(plan, units)
    for each in plan.handovers:
        _move_items(plan, each, units)
        _move_positions(each, units, leaders)
        _move_roles(plan, each, units)
        for label, name in UNIT_FOLLOWS:
            if each.heirs:
                _rows(label, name, each.old.pk).update(**{name: units[each.heirs[0]]})
    for position, heir in plan.ends:
        _end(position, leaders.get(heir) if heir is not None else None, plan.projection.on)


def _rows(label: str, name: str, key):
    return apps.get_model(label)._default_manager.filter(**{name: key})


def _leaders(plan: Plan, units: dict[Key, Unit]) -> dict[Key, Position]:
    """Who leads each heir; a vacant leading position is made where nobody comes along."""
    leaders = {heir: position for heir, position in plan.leads.items() if position}
    for heir, like in plan.made_after.items():
        leaders[heir] = Position.objects.create(
            title=like.title,
            kind=like.kind,
            unit=units[heir],
            leads=True,
            authority_level=like.authority_level,
            since=plan.projection.on,
        )
        PositionRole.objects.bulk_create(
            PositionRole(position=leaders[heir], role=role.role, reach=units[heir], field=role.field)
            for role in like.roles.all()
            if role.reach_id == like.unit_id
        )
    return leaders


def _move_items(plan: Plan, handover: Handover, units: dict[Key, Unit]) -> None:
    """As chosen for one thing, otherwise with the position that answers for it, otherwise to the first heir."""
    if not handover.heirs:
        return
    left = Item.objects.filter(unit=int(handover.old.pk))
    for part in handover.change.parts.all() if handover.change else ():
        chosen = [choice.item_id for choice in part.choices.all() if choice.item_id]
        _move(plan, handover, left.filter(pk__in=chosen), units[part.key])
    for heir in handover.heirs[1:]:
        along = [position for position, goes in handover.goes_to.items() if goes == heir]
        _move(plan, handover, left.filter(responsible__in=along), units[heir])
    _move(plan, handover, left, units[handover.heirs[0]])


def _move(plan: Plan, handover: Handover, items, unit: Unit) -> None:
    """Says it in the history of each thing too, so that who reads it knows where it came from."""
    note = _("From “%(old)s” to “%(new)s” from %(day)s: %(title)s") % {
        "old": handover.old.name,
        "new": unit.name,
        "day": date_format(plan.projection.on),
        "title": plan.reorganisation.title,
    }
    by = plan.reorganisation.by_id
    keys = items.order_by("pk").values_list("pk", flat=True)
    Event.objects.bulk_create((Event(item_id=pk, by_id=by, step=MOVED, note=note) for pk in keys), batch_size=5_000)
    _moved(items, unit=unit)


def _moved(items, **fields) -> None:
    """A raised version tells who has the thing open in a form that it has changed."""
    items.update(version=F("version") + 1, updated=timezone.now(), **fields)


def _move_positions(handover: Handover, units: dict[Key, Unit], leaders: dict[Key, Position]) -> None:
    for heir in handover.heirs:
        along = [position for position, goes in handover.goes_to.items() if goes == heir]
        Position.objects.filter(pk__in=along).update(unit=units[heir])


def _move_roles(plan: Plan, handover: Handover, units: dict[Key, Unit]) -> None:
    """A role reaches the heir instead: the part its position goes to, or every part when it comes from outside."""
    roles = [role for role in plan.roles if role.reach_id == handover.old.pk]
    if not roles or not handover.heirs:
        return
    wanted = [
        PositionRole(position_id=role.position_id, role=role.role, field=role.field, reach=units[heir])
        for role in roles
        for heir in _reached(handover, role)
    ]
    PositionRole.objects.filter(pk__in=[role.pk for role in roles]).delete()
    # Who had both units has the one they became once.
    PositionRole.objects.bulk_create(wanted, ignore_conflicts=True)


def _reached(handover: Handover, role: PositionRole) -> Iterator[Key]:
    goes = handover.goes_to.get(role.position_id)
    yield from [goes] if goes is not None else handover.heirs


def _end(position: Position, heir: Position | None, on: date) -> None:
    """The position ends the day before; what it answered for goes to the heir's leading position."""
    last_day = day_before(on)
    if heir is not None:
        _moved(Item.objects.filter(responsible=position), responsible=heir)
        FollowUp.objects.filter(responsible=position).update(responsible=heir)
        for label, name in POSITION_FOLLOWS:
            _rows(label, name, position.pk).update(**{name: heir})
    Appointment.objects.filter(position=position, start__gt=last_day).delete()
    Appointment.objects.in_force(last_day).filter(position=position).update(end=last_day)
    Position.objects.filter(pk=position.pk).update(until=last_day)


def carry_out_due(on: date) -> list[Reorganisation]:
    """Carries out everything whose day has come, the oldest first: also what a server that was down did not see."""
    done = []
    for each in Reorganisation.objects.filter(state=State.PLANNED, on__lte=on).order_by("on", "pk"):
        try:
            done.append(carry_out(each))
        except Refused as refused:
            _tell_that_it_is_held(each, "\n".join(refused.messages))
    return done


@transaction.atomic
def _tell_that_it_is_held(reorganisation: Reorganisation, reasons: str) -> None:
    """Said once to who planned it, and again when the reasons are others."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    if not row.is_planned or row.held == reasons:
        # Somebody else has carried it out or withdrawn it meanwhile: nothing is held.
        return
    Reorganisation.objects.filter(pk=row.pk).update(held=reasons)
    people = [reorganisation.by] if reorganisation.by else []
    _tell(reorganisation, people, _("“%(title)s” could not be carried out on %(day)s. Open it and see why."), None)
