"""Who enters and leaves a position, with all that follows: those concerned are told, and a leader hands over."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.compliance import operations as compliance
from styrhus.items import operations as items
from styrhus.items.models import Notification
from styrhus.leadership.models import Handover, HandoverNote
from styrhus.leadership.queries import answers_besides, holder_before, open_work_of, successions, things_to_note
from styrhus.organisation import operations as organisation
from styrhus.organisation.access import require
from styrhus.organisation.models import Appointment, Person, Position
from styrhus.organisation.queries import answers_for
from styrhus.writing import operations as writing

Reason = Notification.Reason
State = Handover.State
WORD_AT_MOST, NOTE_AT_MOST = 5_000, 2_000


@transaction.atomic
def appoint(made: Appointment, *, by) -> Appointment:
    """Appoints and tells the person; where a leader follows another, the change of leader begins."""
    organisation.appoint(made, by=by)
    items.notify([made.person], Reason.APPOINTED, by=by, note=_line(made.position, made.start))
    leaver = holder_before(made)
    if leaver:
        _begin(made.position, leaver, made.person, on=made.start, by=by)
    return made


def _line(position: Position, day: date) -> str:
    words = {"position": position, "unit": position.unit, "day": date_format(day)}
    return _("%(position)s, %(unit)s, from %(day)s") % words


@transaction.atomic
def end(appointment: Appointment, *, on: date, by) -> None:
    held = organisation.end_appointment(appointment, on=on, by=by)
    words = {"position": held.position, "unit": held.position.unit, "day": date_format(on)}
    note = _("%(position)s, %(unit)s: last day %(day)s") % words
    items.notify([held.person], Reason.APPOINTMENT_ENDS, by=by, note=note)


@transaction.atomic
def close(position: Position, *, on: date, successor: Position | None, by) -> tuple[int, int]:
    """Closes a position; what it answers for goes to its successor. Gives the numbers of things and follow-ups moved.

    Raises ValidationError when something is open and no successor is named: nothing is left without an answer.
    """
    require(by, "organisation.edit", position)
    if successor is None and (open_work_of(position) != (0, 0) or answers_besides(position)):
        raise ValidationError({"successor": _("It still answers for something. Choose the position that takes over.")})
    if successor and (successor.pk == position.pk or successor.is_closed(on)):
        raise ValidationError({"successor": _("Choose another position, one that stays in use.")})
    moved = (0, 0)
    if successor:
        moved = items.hand_over(position, successor)
        writing.hand_over(position, successor)
        compliance.hand_over(position, successor)
    organisation.close(position, on=on, by=by)
    if successor and moved != (0, 0):
        words = {"position": position, "unit": position.unit}
        note = _("Taken over from %(position)s, %(unit)s, which is closed.") % words
        items.notify(items.holders(successor), Reason.RESPONSIBLE, by=by, note=note)
    return moved


@transaction.atomic
def begin(position: Position, receiver: Person, *, on: date, by) -> Handover:
    """Begins a change of leader by hand, from the one who answers for the position today."""
    require(by, "handover.begin", position)
    leaver = answers_for(position, date.today())
    if leaver is None:
        raise ValidationError(_("Nobody holds this position today, so there is nobody to hand over."))
    if leaver.pk == receiver.pk:
        raise ValidationError({"receiver": _("%(name)s holds the position already.") % {"name": receiver}})
    if Handover.objects.filter(position=position, receiver=receiver, on=on).exists():
        raise ValidationError({"receiver": _("This change of leader is begun already.")})
    return _begin(position, leaver, receiver, on=on, by=by)


def _begin(position: Position, leaver: Person, receiver: Person, *, on: date, by) -> Handover:
    made, is_new = Handover.objects.get_or_create(
        position=position, receiver=receiver, on=on, defaults={"leaver": leaver}
    )
    if is_new:
        items.notify([leaver, receiver], Reason.HANDOVER, by=by, note=_line(position, on))
    return made


@transaction.atomic
def begin_those_due(on: date) -> int:
    """Makes the changes of leader that appointments call for, wherever those came from. Again makes none twice."""
    due = successions(on)
    for made, leaver in due:
        _begin(made.position, leaver, made.person, on=made.start, by=None)
    return len(due)


@transaction.atomic
def write(handover: Handover, *, word: str, notes: dict[tuple[str, int], str], by) -> None:
    """Keeps what the one who leaves says: at large, about things ("item", key) and follow-ups ("follow_up", key)."""
    handover = _locked(handover)
    if not handover.may_be_handed_over_by(by):
        raise PermissionDenied("handover.write")
    handover.word = _plain(word)[:WORD_AT_MOST]
    handover.save(update_fields=["word"])
    for kind, key in notes.keys() & things_to_note(handover, by):
        about: dict[str, Any] = {f"{kind}_id": key}
        text = _plain(notes[kind, key])[:NOTE_AT_MOST]
        if text:
            HandoverNote.objects.update_or_create(handover=handover, **about, defaults={"text": text})
        else:
            HandoverNote.objects.filter(handover=handover, **about).delete()


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("position__unit", "leaver", "receiver")
    return rows.get(pk=handover.pk)


@transaction.atomic
def hand_over(handover: Handover, *, by) -> Handover:
    """The receipt of the one who leaves; the one who comes is told."""
    handover = _locked(handover)
    if not handover.may_be_handed_over_by(by):
        raise PermissionDenied("handover.hand_over")
    handover.state, handover.handed_over, handover.handed_over_by = State.HANDED_OVER, timezone.now(), by
    handover.save(update_fields=["state", "handed_over", "handed_over_by"])
    items.notify([handover.receiver], Reason.HANDOVER, by=by, note=_line(handover.position, handover.on))
    return handover


@transaction.atomic
def receive(handover: Handover, *, by) -> Handover:
    """The receipt of the one who comes."""
    handover = _locked(handover)
    if not handover.may_be_received_by(by):
        raise PermissionDenied("handover.receive")
    handover.state, handover.received = State.RECEIVED, timezone.now()
    handover.save(update_fields=["state", "received"])
    items.notify([handover.leaver], Reason.HANDOVER, by=by, note=_line(handover.position, handover.on))
    return handover
