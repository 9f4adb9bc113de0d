"""Questions about changes of leader."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from styrhus.compliance.models import Answering
from styrhus.items.models import FollowUp, Item
from styrhus.items.queries import open_of
from styrhus.leadership.models import Handover
from styrhus.organisation.models import Appointment, Person, Position
from styrhus.writing.queries import written_by

# How long before and after a leader begins a change of leader is made of itself.
AHEAD, BEHIND = timedelta(days=60), timedelta(days=30)
SHOWN = 200


def open_work_of(position: Position) -> tuple[int, int]:
    """How many things and follow-ups a position answers for that are open, whoever may see them."""
    return (
        Item.objects.filter(responsible=position.pk, ended__isnull=True).count(),
        FollowUp.objects.open().filter(responsible=position.pk).count(),
    )


def answers_besides(position: Position) -> bool:
    """Whether a position writes chapters, or answers for what the law lays on somebody."""
    return written_by(position).exists() or Answering.objects.filter(position=position.pk).exists()


def holder_before(made: Appointment) -> Person | None:
    """The leader whom this appointment follows: another person, in the same leading position, not as deputy."""
    if not made.position.leads or made.is_deputy:
        return None
    before = made.position.appointments.exclude(kind=Appointment.Kind.DEPUTY).filter(end__lt=made.start)
    last = before.select_related("person").order_by("-end").first()
    return last.person if last and last.person_id != made.person_id else None


def successions(on: date) -> list[tuple[Appointment, Person]]:
    """Leaders who begin about a date and follow another, where no change of leader is made yet."""
    made = Handover.objects.filter(position=OuterRef("position"), receiver=OuterRef("person"), on=OuterRef("start"))
    earlier = Appointment.objects.filter(position=OuterRef("position"), end__lt=OuterRef("start"))
    beginning = (
        Appointment.objects.filter(~Exists(made), Exists(earlier), start__range=(on - BEHIND, on + AHEAD))
        .filter(position__leads=True, position__until__isnull=True)
        .exclude(kind=Appointment.Kind.DEPUTY)
        .select_related("position__unit", "person")
    )
    return [(row, leaver) for row in beginning if (leaver := holder_before(row))]


def work_handed_over(handover: Handover, person, on: date) -> dict:
    """What the position answers for, as far as a person may see it: things and promises, each with its word, and how
    many are late.
    """
    things, promises = open_of(handover.position, person)
    notes = {
        ("item", note.item_id) if note.item_id else ("follow_up", note.follow_up_id): note.text
        for note in handover.notes.all()
    }
    lines = [_line("item", thing, thing, notes, on) for thing in things[:SHOWN]]
    promised = [_line("follow_up", promise, promise.item, notes, on) for promise in promises[:SHOWN]]
    return {
        "things": lines,
        "promises": promised,
        "late": [line for line in lines + promised if line["is_late"]],
        "is_cut": len(lines) == SHOWN or len(promised) == SHOWN,
    }


def things_to_note(handover: Handover, person) -> set[tuple[str, int]]:
    """What a word can be said about: the open things and follow-ups of the position that the person sees."""
    things, promises = open_of(handover.position, person)
    seen = {("item", key) for key in things.values_list("pk", flat=True)}
    return seen | {("follow_up", key) for key in promises.values_list("pk", flat=True)}


def _line(kind: str, row, thing, notes: dict, on: date) -> dict:
    return {
        "name": f"{kind}-{row.pk}",
        "what": row,
        "thing": thing,
        "due": row.due,
        "is_late": row.due is not None and row.due < on,
        "note": notes.get((kind, row.pk), ""),
    }
