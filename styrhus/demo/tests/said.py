"""What a load makes, in words that two loads can be compared by."""

from django.db import transaction

from styrhus.items.models import Comment, Event, FollowUp
from styrhus.organisation.models import Appointment, Unit
from styrhus.planning.models import Measure


def everything_said():
    """All that a load makes, without ids."""
    return [
        list(Unit.objects.order_by("pk").values_list("name", "parent__name")),
        list(Appointment.objects.order_by("pk").values_list("person__email", "position__title", "start", "end")),
        list(Measure.objects.order_by("pk").values_list("title", "state", "due", "progress", "created", "updated")),
        list(Event.objects.order_by("pk").values_list("item__title", "by__name", "step", "at", "note")),
        list(Comment.objects.order_by("pk").values_list("by__name", "at", "text")),
        list(FollowUp.objects.order_by("pk").values_list("what", "due", "done")),
    ]


def undone(work):
    """What can be read after a piece of work, in a base that is then as empty as before."""
    with transaction.atomic():
        work()
        found = everything_said()
        transaction.set_rollback(True)
    return found
