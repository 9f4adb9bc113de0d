"""What is done to items of every kind."""

import hashlib
import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.flow import Held, take_step
from styrhus.items.models import (
    CONFIRMED,
    Attachment,
    Comment,
    Event,
    Following,
    FollowUp,
    Item,
    Link,
    Notification,
    Openness,
    Reader,
    SavedView,
)
from styrhus.items.queries import where_done
from styrhus.kit.refusals import Words, told_in_words
from styrhus.organisation.access import authority_of, is_preparing, require
from styrhus.organisation.models import Appointment, Person, Position


class Conflict(Exception):
    """Someone else has changed the thing since it was opened. `current` is the thing as it stands now."""

    def __init__(self, current):
        super().__init__(str(current))
        self.current = current


class ClosedMeanwhile(ValidationError):
    """The unit or the position has been closed since it was chosen; nothing is saved."""


# What the database refuses, by its name: the field and the words.
CLOSED: Words = {
    "item_lies_in_a_living_unit": ("unit", gettext_lazy("This unit is closed. Choose the one that took over.")),
    "item_is_answered_for_by_a_living_position": (
        "responsible",
        gettext_lazy("This position is closed. Choose another one."),
    ),
}


@transaction.atomic
def create(item, *, by):
    """Saves a new thing of any kind in its first state, with the event that says who made it."""
    item.kind = item.kind_name()
    item.state = item.flow.start
    if item.update_every is None:
        item.update_every = item.default_update_every
    item.note_keeper(by)
    item.full_clean(exclude=["title_key", "words"])
    with told_in_words(CLOSED, ClosedMeanwhile):
        item.save()
    Event.objects.create(item_id=item.pk, by=by, step="create", target=item.state)
    if item.openness == Openness.EXEMPT:
        # Who registers something exempt may read it, also when it lies outside the own positions.
        Reader.objects.create(item_id=item.pk, person=by)
    notify_responsible(item, by=by)
    return item


@transaction.atomic
def edit(item, *, version: int, by):
    """Saves what was changed in a form. Raises Conflict when the thing is no longer the version that was opened."""
    stored = type(item)._default_manager.locked().get(pk=item.pk)
    if stored.version != version:
        raise Conflict(stored)
    item.version = version + 1
    item.note_keeper(by)
    item.prepared_by = by if is_preparing(by, stored) else stored.prepared_by
    item.full_clean(exclude=["title_key", "words"])
    with told_in_words(CLOSED, ClosedMeanwhile):
        item.save()
    if stored.responsible_id != item.responsible_id:
        notify_responsible(item, by=by)
    return item


@transaction.atomic
def confirm(items, *, by) -> int:
    """“This still holds”, said of many things by the one who answers for them; how many that was news for.

    `items` is a queryset. What `by` does not answer for, what has ended and what was kept today is left as it is.
    """
    now = timezone.now()
    mine = Item.objects.filter(pk__in=items.values("pk"), responsible__in=authority_of(by).positions, ended=None)
    said_today = Q(kept_by=by, kept_at__gte=timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0))
    keys = list(mine.exclude(said_today).select_for_update().order_by("pk").values_list("pk", flat=True))
    Item.objects.filter(pk__in=keys).update(kept_at=now, kept_by=by)
    Event.objects.bulk_create(Event(item_id=pk, by=by, step=CONFIRMED) for pk in keys)
    return len(keys)


@transaction.atomic
def give_to(item, position: Position, *, by):
    """Lets another position answer for a thing. What the former holder said of it does not speak for the next."""
    item = item.concrete()
    item.responsible = position
    return edit(item, version=item.version, by=by)


def notify(people, reason: str, *, item=None, by=None, **told: str) -> None:
    """Tells each of these people once, never the one who did it.

    `told`: `note`, the words; `address`, the page to read when it is about something that is no item.
    """
    wanted = {person.pk for person in people} - {by.pk if by else None}
    Notification.objects.bulk_create(
        Notification(person_id=pk, reason=reason, item_id=item.pk if item else None, by=by, **told)
        for pk in sorted(wanted)
    )


def holders(position: Position, on: date | None = None) -> list[Person]:
    return [appointment.person for appointment in position.holders(on or date.today())]


def notify_responsible(item, *, by) -> None:
    notify(holders(item.responsible), Notification.Reason.RESPONSIBLE, item=item, by=by)


@transaction.atomic
def step(item, name: str, *, by, note: str = "") -> Event:
    """Takes a step of the flow and tells those who answer for the thing."""
    event = take_step(item, name, by=by, note=note)
    told = holders(item.responsible)
    notify(told, Notification.Reason.STEP, item=item, by=by, note=event.note[:300])
    _notify_followers(item, but=told, by=by, note=event.note[:300])
    return event


def follow(item: Item, *, by) -> None:
    """Lets a person hear of the thing's steps and comments; said twice it is still once."""
    Following.objects.get_or_create(item=item, person=by)


def unfollow(item: Item, *, by) -> None:
    Following.objects.filter(item=item, person=by).delete()


def _notify_followers(item, *, but: list[Person], by, note: str) -> None:
    """Tells those who follow the thing, and may still see it: who has left the house hears no more."""
    here = Appointment.objects.in_force(date.today()).values("person")
    followers = Person.objects.filter(followings__item=item.pk, is_active=True, pk__in=here)
    told = {person.pk for person in but} | {by.pk}
    seen = Item.objects.filter(pk=item.pk)
    people = [person for person in followers.exclude(pk__in=told) if seen.visible_to(person).exists()]
    notify(people, Notification.Reason.FOLLOWED, item=item, by=by, note=note)


@transaction.atomic
def comment(item: Item, text: str, *, by) -> Comment:
    """Adds a comment and tells those mentioned as @Full Name, if they may see the item."""
    require(by, "item.discuss")
    made = Comment(item=item, by=by, text=text.strip())
    made.full_clean()
    made.save()
    people = mentioned_in(text, item)
    made.mentioned.set(people)
    notify(people, Notification.Reason.MENTIONED, item=item, by=by, note=text.strip()[:300])
    _notify_followers(item, but=people, by=by, note=text.strip()[:300])
    return made


def mentioned_in(text: str, item: Item) -> list[Person]:
    """The people named as @Full Name in a text who may see the item: no one else is told that it exists."""
    if "@" not in text:
        return []
    people = Person.objects.filter(is_active=True).annotate(said=Value(text))
    named = list(people.filter(said__icontains=Concat(Value("@"), "name")))
    said = _said({person.name.lower() for person in named}, text)
    seen = Item.objects.filter(pk=item.pk)
    return [person for person in named if person.name.lower() in said and seen.visible_to(person).exists()]


def _said(names: set[str], text: str) -> set[str]:
    """Those of the names that the text says whole: “@Kari Berg Olsen” does not say Kari Berg."""
    said = set()
    for name in sorted(names, key=len, reverse=True):
        text, times = re.subn(rf"@{re.escape(name)}(?!\w)", "", text, flags=re.IGNORECASE)
        said |= {name} if times else set()
    return said


@transaction.atomic
def attach(item: Item, upload, *, content_type: str, by) -> Attachment:
    """Keeps a checked upload. The content is stored under its own sum, so the same file twice is one file."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    made = Attachment(
        item=item,
        name=upload.name[-200:],
        content_type=content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        by=by,
    )
    made.full_clean()
    made.save()
    if not default_storage.exists(made.stored_as):
        upload.seek(0)
        default_storage.save(made.stored_as, upload)
    if is_preparing(by, item):
        Item.objects.filter(pk=item.pk).update(prepared_by=by)
    return made


@transaction.atomic
def link(source: Item, target: Item, kind: str, *, by) -> Link:
    made = Link(source=source, target=target, kind=kind, by=by)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def follow_up(item: Item, what: str, *, responsible: Position, due: date, by) -> FollowUp:
    require_sight(item, responsible)
    made = FollowUp(item=item, what=what.strip(), responsible=responsible, due=due)
    made.full_clean(exclude=["done", "done_by"])
    made.save()
    notify(holders(responsible), Notification.Reason.FOLLOW_UP, item=item, by=by, note=made.what)
    return made


def require_sight(item: Item, responsible: Position, field: str = "responsible") -> None:
    """Nobody promises something about what they may not see. Raises ValidationError, with the form's name for it."""
    seen = Item.objects.filter(pk=item.pk)
    blind = [person.name for person in holders(responsible) if not seen.visible_to(person).exists()]
    if blind:
        raise ValidationError(
            {field: _("%(names)s may not see this. Choose someone who may.") % {"names": ", ".join(blind)}}
        )


@transaction.atomic
def hand_over(source: Position, target: Position) -> tuple[int, int]:
    """Moves everything open that one position answers for to another; gives the numbers of things and follow-ups.

    What has ended stays with the one that ended it.
    """
    things = Item.objects.filter(responsible=source, ended__isnull=True)
    promises = FollowUp.objects.open().filter(responsible=source)
    return (
        things.update(responsible=target, version=F("version") + 1, updated=timezone.now()),
        promises.update(responsible=target),
    )


@transaction.atomic
def tick_off(follow_up: FollowUp, *, by, note: str = "") -> FollowUp:
    """Marks a follow-up as done; doing it again changes nothing. Raises Held for what is done on a page of its own."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.done is not None:
        return row
    if where_done(row):
        raise Held(_("This is done on a page of its own. Open it from the thing it is about."))
    row.done, row.done_by, row.note = timezone.now(), by, note.strip()
    row.save(update_fields=["done", "done_by", "note"])
    return row


def save_view(person, register: str, name: str, query: str) -> SavedView:
    """Keeps a register's filters under a name; the same name again replaces them."""
    name, query = name.replace("\x00", "").strip(), QueryDict(query).urlencode()
    if not name:
        raise ValidationError(_("Give the view a name."))
    view, _made = SavedView.objects.update_or_create(
        person=person, register=register, name=name[:60], defaults={"query": query[:1000]}
    )
    return view
