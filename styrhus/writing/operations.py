"""What is done to the chapters of a text. Each locks the item first, so that a text changes one thing at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.items import operations as items
from styrhus.items.models import Item
from styrhus.organisation.models import Position
from styrhus.writing.blocks import kinds_for, put_in
from styrhus.writing.cleaning import clean
from styrhus.writing.models import (
    DEEPEST,
    LONGEST,
    Chapter,
    ChapterComment,
    ChapterVersion,
    Heading,
)
from styrhus.writing.queries import is_owner, may_shape, may_write, numbered, written_by

UP, DOWN, OUT, IN = "opp", "ned", "ut", "inn"


class Conflict(Exception):
    """Somebody else has saved the chapter since it was opened. `current` is the chapter as it stands now."""

    def __init__(self, current: Chapter):
        super().__init__(str(current))
        self.current = current


class Locked(ValidationError):
    """The text is closed for changes in the state that its item is in."""


def _locked_item(pk: int):
    """The whole thing, its row held to the end of the transaction: no step is taken while a text is saved."""
    return Item.objects.select_for_update(of=("self",), no_key=True).get(pk=pk).concrete()


def _locked(chapter: Chapter) -> tuple[Chapter, Item]:
    item = _locked_item(chapter.item_id)
    return Chapter.objects.select_for_update(of=("self",)).defer("words").get(pk=chapter.pk), item


def _require_open(item) -> None:
    if not item.text_is_open():
        raise Locked(_("The text cannot be changed now: it is “%(state)s”.") % {"state": item.get_state_display()})


def _require(allowed: bool, item) -> None:
    _require_open(item)
    if not allowed:
        raise PermissionDenied


@transaction.atomic
def begin(item, outline: Iterable[Heading], *, by) -> list[Chapter]:
    """Makes the chapters that a text of this kind is to have, after those it has. Raises PermissionDenied, Locked."""
    item = _locked_item(item.pk)
    _require(may_shape(by, item), item)
    last = _last_place(item)
    made = [
        Chapter(
            item_id=item.pk,
            place=last + number,
            level=heading.level,
            title=heading.title,
            guidance=heading.guidance,
        )
        for number, heading in enumerate(outline, 1)
    ]
    return Chapter.objects.bulk_create(made)


def _last_place(item) -> int:
    return Chapter.objects.filter(item=item.pk).aggregate(last=Max("place"))["last"] or 0


@transaction.atomic
def add(item, chapter: Chapter, *, after: Chapter | None = None, by) -> Chapter:
    """Puts a new chapter after another and what lies under it, at the same depth; or last."""
    item = _locked_item(item.pk)
    _require(may_shape(by, item), item)
    _require_sight(item, chapter)
    standing = _standing(item)
    at = len(standing)
    chapter.level = 1
    if after is not None:
        begins, at = _branch(standing, after)
        chapter.level = standing[begins].level
    chapter.item_id, chapter.place = item.pk, at + 1
    _make_room(item, at + 1, 1)
    chapter.full_clean(exclude=["words"])
    chapter.save()
    return chapter


def _standing(item) -> list[Chapter]:
    return list(Chapter.objects.filter(item=item.pk).standing().defer("text", "guidance", "words"))


def _branch(standing: list[Chapter], chapter: Chapter) -> tuple[int, int]:
    """Where a chapter and what lies under it begins and ends. Raises ValidationError when it has been taken out."""
    begins = next((at for at, each in enumerate(standing) if each.pk == chapter.pk), None)
    if begins is None:
        raise ValidationError(_("The chapter has been taken out meanwhile. Look at the text again."))
    lines = numbered(standing)
    ends = begins + 1
    while ends < len(lines) and lines[ends].depth > lines[begins].depth:
        ends += 1
    return begins, ends


def _make_room(item, place: int, count: int) -> None:
    Chapter.objects.filter(item=item.pk, place__gte=place).update(place=F("place") + count)


def _require_sight(item, chapter: Chapter) -> None:
    if chapter.owner is not None:
        items.require_sight(item.as_item, chapter.owner, "owner")


@transaction.atomic
def describe(chapter: Chapter, *, by) -> Chapter:
    """Saves what is asked for in a chapter and who writes it; tells the new owner, who then has it among the duties."""
    stored, item = _locked(chapter)
    _require(may_shape(by, item), item)
    if chapter.owner_id != stored.owner_id:
        _require_sight(item, chapter)
    chapter.full_clean(exclude=["words"])
    Chapter.objects.filter(pk=chapter.pk).update(
        guidance=chapter.guidance, owner=chapter.owner_id, updated=timezone.now()
    )
    if chapter.owner_id != stored.owner_id:
        _promise(chapter, item, by)
    return chapter


def _promise(chapter: Chapter, item, by) -> None:
    """Who writes has it among the duties until it is ready, if the thing itself has a day to be done by."""
    if chapter.promise is not None:
        items.tick_off(chapter.promise, by=by, note=_("Somebody else writes the chapter now."))
    promise = None
    if chapter.owner is not None and item.due and not chapter.is_done:
        what = _("Write the chapter “%(title)s”") % {"title": chapter.title[:200]}
        promise = items.follow_up(item.as_item, what, responsible=chapter.owner, due=item.due, by=by)
    Chapter.objects.filter(pk=chapter.pk).update(promise=promise)


@dataclass(frozen=True)
class Draft:
    """What somebody has written: it is cleaned when it is saved, wherever it comes from. `note` is for the versions."""

    title: str
    text: str
    note: str = ""


@transaction.atomic
def write(chapter: Chapter, draft: Draft, *, version: int, by) -> Chapter:
    """Saves a chapter as a new version. Raises Conflict when it is no longer the version that was opened.

    Saving what stands there already makes no new version.
    """
    stored, item = _locked(chapter)
    _require(may_write(by, stored, item), item)
    title, text = draft.title.strip(), clean(draft.text)
    if (title, text) == (stored.title, stored.text):
        return stored
    if stored.version != version:
        raise Conflict(stored)
    if len(text) > LONGEST:
        raise ValidationError({"text": _("The chapter is too long. Divide it in two.")})
    stored.title, stored.text, stored.version = title, text, version + 1
    # What has been approved is approved as it was: a new text is read through anew.
    stored.state = Chapter.State.WRITING
    stored.full_clean(exclude=["words"])
    stored.save(update_fields=["title", "text", "version", "state", "updated"])
    _keep_version(stored, by, draft.note)
    return stored


def _keep_version(chapter: Chapter, by, note: str) -> None:
    ChapterVersion.objects.create(
        chapter=chapter, number=chapter.version, title=chapter.title, text=chapter.text, note=note.strip()[:200], by=by
    )


@transaction.atomic
def restore(chapter: Chapter, earlier: ChapterVersion, *, version: int, by) -> Chapter:
    """An earlier version becomes a new one; the ones between are kept."""
    note = _("As in version %(number)s") % {"number": earlier.number}
    return write(chapter, Draft(earlier.title, earlier.text, note), version=version, by=by)


@transaction.atomic
def insert(chapter: Chapter, block: tuple[str, str], *, after: int, version: int, by) -> Chapter:
    """Puts a live block, its kind and key, into the saved text, after so many of its outer parts."""
    if block[0] not in kinds_for(by):
        raise PermissionDenied
    current = Chapter.objects.defer("words").get(pk=chapter.pk)
    text = put_in(current.text, *block, after)
    return write(chapter, Draft(current.title, text), version=version, by=by)


@transaction.atomic
def mark(chapter: Chapter, state: str, *, by) -> Chapter:
    """Says how far a chapter has come. Only who may change the thing itself approves, or takes an approval back."""
    stored, item = _locked(chapter)
    approving = Chapter.State.APPROVED in (state, stored.state)
    _require(may_shape(by, item) if approving else may_write(by, stored, item), item)
    if state not in Chapter.State.values or state == Chapter.State.NOT_BEGUN:
        raise ValidationError(_("A chapter cannot be given this state."))
    stored.state = state
    stored.save(update_fields=["state", "updated"])
    if stored.is_done and stored.promise is not None:
        items.tick_off(stored.promise, by=by)
    return stored


@transaction.atomic
def move(chapter: Chapter, way: str, *, by) -> bool:
    """Moves a chapter with all that lies under it: past its neighbour, or one level out or in. False: it cannot."""
    item = _locked_item(chapter.item_id)
    _require(may_shape(by, item), item)
    standing = _standing(item)
    begins, ends = _branch(standing, chapter)
    if way in (OUT, IN):
        return _turn(standing, begins, ends, -1 if way == OUT else 1)
    return _pass(standing, begins, ends, way)


def _turn(standing: list[Chapter], begins: int, ends: int, by: int) -> bool:
    lines = numbered(standing)
    depths = [line.depth + by for line in lines[begins:ends]]
    above = lines[begins - 1].depth if begins else 0
    if min(depths) < 1 or max(depths) > DEEPEST or depths[0] > above + 1:
        return False
    for chapter, depth in zip(standing[begins:ends], depths, strict=True):
        chapter.level = depth
    Chapter.objects.bulk_update(standing[begins:ends], ["level"])
    return True


def _pass(standing: list[Chapter], begins: int, ends: int, way: str) -> bool:
    """Changes places with the neighbour under the same chapter. With none there, it goes nowhere."""
    lines = numbered(standing)
    depth = lines[begins].depth
    if way == UP:
        other = next((at for at in range(begins - 1, -1, -1) if lines[at].depth <= depth), None)
        if other is None or lines[other].depth < depth:
            return False
        order = [*standing[begins:ends], *standing[other:begins]]
        first = other
    else:
        if ends >= len(lines) or lines[ends].depth < depth:
            return False
        _begins, last = _branch(standing, standing[ends])
        order = [*standing[ends:last], *standing[begins:ends]]
        first = begins
    _give_places(order, first + 1)
    return True


def _give_places(chapters: list[Chapter], first: int) -> None:
    for place, chapter in enumerate(chapters, first):
        chapter.place = place
    Chapter.objects.bulk_update(chapters, ["place"])


@transaction.atomic
def take_out(chapter: Chapter, *, by) -> int:
    """Takes a chapter out, with all that lies under it; how many. Nothing is thrown away: each can be brought back."""
    item = _locked_item(chapter.item_id)
    _require(may_shape(by, item), item)
    standing = _standing(item)
    begins, ends = _branch(standing, chapter)
    keys = [each.pk for each in standing[begins:ends]]
    Chapter.objects.filter(pk__in=keys).update(place=None, removed=timezone.now())
    _give_places(standing[ends:], begins + 1)
    return len(keys)


@transaction.atomic
def bring_back(chapter: Chapter, *, by) -> Chapter:
    """Puts a chapter that was taken out last in the text, outermost; from there it is moved."""
    stored, item = _locked(chapter)
    _require(may_shape(by, item), item)
    if stored.place is None:
        stored.place, stored.level, stored.removed = _last_place(item) + 1, 1, None
        stored.save(update_fields=["place", "level", "removed"])
    return stored


@transaction.atomic
def remark(chapter: Chapter, words: str, *, by) -> ChapterComment:
    """A comment on the item that is about one chapter. Who is mentioned is told."""
    made = items.comment(chapter.item, words, by=by)
    return ChapterComment.objects.create(comment=made, chapter=chapter)


@transaction.atomic
def settle(about: ChapterComment, *, by, settled: bool) -> ChapterComment:
    """Marks a comment as dealt with, or opens it again: who wrote it, and who may write the chapter."""
    row = ChapterComment.objects.select_for_update(of=("self",)).select_related("comment", "chapter").get(pk=about.pk)
    item = row.chapter.item.concrete()
    may = row.comment.by_id == by.pk or is_owner(by, row.chapter) or by.has_perm(type(item).edit_permission(), item)
    if not may:
        raise PermissionDenied
    row.settled, row.settled_by = (timezone.now(), by) if settled else (None, None)
    row.save(update_fields=["settled", "settled_by"])
    return row


def hand_over(source: Position, target: Position) -> int:
    """Another position writes the chapters that one wrote, of what has not ended; how many. The promises move apart."""
    return written_by(source).update(owner=target)
