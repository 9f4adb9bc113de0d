"""Workflow as a table of steps. One way to change a state: `take_step`."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from styrhus.items.models import Event


@dataclass(frozen=True)
class State:
    name: str
    label: str | Promise
    # A verdict is shown with its shape (ok, warn, bad); a mere state has none. An ended item is nobody's open work.
    look: str = ""
    ended: bool = False


@dataclass(frozen=True)
class Step:
    """From any of `sources` to `target`, for who has `permission`; a step that needs a reason asks for a note."""

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_note: bool = False


@dataclass(frozen=True)
class Flow:
    """The states of a kind, the first being where it begins, and the steps between them."""

    states: tuple[State, ...]
    steps: tuple[Step, ...]

    @property
    def start(self) -> str:
        return self.states[0].name

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def label(self, name: str):
        return self.state(name).label

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def open_to(self, person, item) -> list[Step]:
        """The steps this person may take now: the buttons of the page."""
        return [step for step in self.steps if item.state in step.sources and person.has_perm(step.permission, item)]


class Held(ValidationError):
    """A guard, a wrong state or a missing note stops the step. The message says what to do."""


@cache
def _guards() -> dict:
    return import_string(settings.STEP_GUARDS)


@cache
def _consequences() -> dict:
    return import_string(settings.STEP_CONSEQUENCES)


def hindrances(item, step: Step) -> list[str]:
    """What must be done first, as plain sentences, asked of every guard of this step."""
    guards = _guards().get((item.kind, step.name), ())
    return [reason for guard in guards for reason in import_string(guard)(item)]


@transaction.atomic
def take_step(item, name: str, *, by, note: str = "") -> Event:
    """Locks, checks, saves and writes the Event. Raises PermissionDenied or Held; then nothing has changed."""
    item = type(item)._default_manager.locked().get(pk=item.pk)
    step = item.flow.step(name)
    if step is None or not by.has_perm(step.permission, item):
        raise PermissionDenied(name)
    _check(item, step, note)
    event = Event.objects.create(
        item_id=item.pk,
        by=by,
        prepared_by_id=item.prepared_by_id if item.prepared_by_id != by.pk else None,
        step=name,
        source=item.state,
        target=step.target,
        note=note.strip(),
    )
    item.prepared_by = None
    item.state = step.target
    item.ended = timezone.now() if item.flow.state(step.target).ended else None
    item.version += 1
    item.note_keeper(by)
    item.save(update_fields=["state", "ended", "version", "updated", "kept_at", "kept_by", "prepared_by"])
    for consequence in _consequences().get((item.kind, name), ()):
        import_string(consequence)(item, by=by)
    return event


def _check(item, step: Step, note: str) -> None:
    if item.state not in step.sources:
        raise Held(_("The state has changed meanwhile: it is now “%(state)s”.") % {"state": item.get_state_display()})
    if step.needs_note and not note.strip():
        raise Held(_("Say why: this step needs a reason."))
    reasons = hindrances(item, step)
    if reasons:
        raise Held(reasons)
