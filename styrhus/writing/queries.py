"""Questions about the chapters of a text."""

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from styrhus.items.time_machine import end_of
from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Position
from styrhus.trail.queries import changes_since, played_back, rebuilt, rows_of
from styrhus.writing.blocks import drawn
from styrhus.writing.models import Chapter, ChapterComment, ChapterVersion


@dataclass(frozen=True)
class Numbered:
    """A chapter where it stands: its number ("2.1"), how deep it lies (1 outermost) and the key of the one above.

    `remarks`: how many comments on it are not dealt with.
    """

    chapter: Chapter
    number: str
    depth: int
    above: int | None
    remarks: int = 0


def numbered(chapters, remarks: dict[int, int] | None = None) -> list[Numbered]:
    """Chapters in their order, with numbers. One that has lost the chapter above it moves out to where it can stand."""
    counts: list[int] = []
    line: list[int] = []
    found = []
    for chapter in chapters:
        depth = min(chapter.level, len(counts) + 1)
        counts = [*counts[:depth], 0] if depth > len(counts) else counts[:depth]
        counts[depth - 1] += 1
        line = [*line[: depth - 1], chapter.pk]
        above = line[depth - 2] if depth > 1 else None
        found.append(Numbered(chapter, ".".join(map(str, counts)), depth, above, (remarks or {}).get(chapter.pk, 0)))
    return found


def outline_of(item) -> list[Numbered]:
    """The chapters of a text without the text itself, with their owners."""
    standing = Chapter.objects.filter(item=item.pk).standing().select_related("owner__unit")
    return numbered(standing.defer("text", "guidance", "words"), counted_remarks(item))


def text_of(item, person) -> list[dict]:
    """The whole text for reading: each chapter with its number and its text, live blocks drawn for this person."""
    chapters = Chapter.objects.filter(item=item.pk).standing().select_related("owner").defer("words")
    return _drawn(numbered(chapters, counted_remarks(item)), person)


def text_as_it_stood(item, day: date, person) -> list[dict]:
    """The text at the end of a day. Its live blocks are drawn as they are today."""
    moment = end_of(day)
    rows = rows_of(Chapter.objects.filter(item=item.pk))
    table = Chapter._meta.db_table
    then = played_back(rows, changes_since(moment, rows, [(table, {"item_id": item.pk})]))
    chapters = [rebuilt(Chapter, row) for (name, _key), row in then.items() if name == table]
    standing = sorted((each for each in chapters if each.place is not None), key=lambda each: each.place)
    return _drawn(numbered(standing), person)


def _drawn(outline: list[Numbered], person) -> list[dict]:
    texts = drawn([for_reading(line.chapter.text, line.depth) for line in outline], person)
    return [
        {"line": line, "chapter": line.chapter, "text": text, "heading": f"h{line.depth + 1}"}
        for line, text in zip(outline, texts, strict=True)
    ]


def for_reading(text: str, depth: int) -> str:
    """Headings in a chapter stand under its own; a table that is wider than the page scrolls in a frame of its own."""
    for level in (4, 3):
        text = re.sub(rf"(</?)h{level}>", rf"\g<1>h{min(level + depth - 1, 6)}>", text)
    frame = f'<div class="wide" tabindex="0" role="region" aria-label="{escape(_("Table"))}"><table>'
    return text.replace("<table>", frame).replace("</table>", "</table></div>")


def may_shape(person, item) -> bool:
    """Whether a person may add, move and take out chapters: who may change the thing, while its text is open."""
    return item.text_is_open() and person.has_perm(type(item).edit_permission(), item)


def is_owner(person, chapter: Chapter) -> bool:
    authority = authority_of(person)
    return chapter.owner_id is not None and chapter.owner_id in authority.positions | authority.prepares


def may_write(person, chapter: Chapter, item) -> bool:
    """Whether a person may write in one chapter: who may change the thing, and the chapter's own position."""
    if not item.text_is_open() or chapter.place is None:
        return False
    return is_owner(person, chapter) or person.has_perm(type(item).edit_permission(), item)


def version_of(chapter: Chapter, number: int) -> ChapterVersion | None:
    return chapter.versions.filter(number=number).select_related("by").first()


def text_at(chapter: Chapter, number: int) -> str:
    """The text as it was in a version; nothing before the first that was saved."""
    found = chapter.versions.filter(number__lte=number).first()
    return found.text if found else ""


def remarks_of(chapters) -> dict[int, list[ChapterComment]]:
    """The comments of these chapters, by chapter, the oldest first."""
    keys = [chapter.pk for chapter in chapters]
    remarks = ChapterComment.objects.filter(chapter__in=keys).select_related("comment__by", "settled_by")
    found: dict[int, list[ChapterComment]] = {}
    for remark in remarks.order_by("comment"):
        found.setdefault(remark.chapter_id, []).append(remark)
    return found


def counted_remarks(item) -> dict[int, int]:
    """How many comments are not settled, by chapter."""
    rows = ChapterComment.objects.filter(chapter__item=item.pk, settled=None).order_by()
    return dict(rows.values_list("chapter").annotate(Count("pk")))


def progress_of(item) -> list[tuple[str, int]]:
    """How many chapters stand in each state, in the order of the states; states without any are left out."""
    rows = Chapter.objects.filter(item=item.pk).standing().order_by().values_list("state").annotate(Count("pk"))
    counted = dict(rows)
    return [(str(Chapter.State(state).label), counted[state]) for state in Chapter.State.values if state in counted]


def not_ready_hold(item) -> list[str]:
    """A guard for kinds that want it: chapters that are not ready stop the step."""
    waiting = Chapter.objects.filter(item=item.pk).standing()
    titles = waiting.exclude(state__in=[Chapter.State.READY, Chapter.State.APPROVED]).values_list("title", flat=True)
    if not titles:
        return []
    return [_("These chapters are not ready: %(titles)s.") % {"titles": ", ".join(f"“{title}”" for title in titles)}]


def items_with_text(items) -> set[int]:
    return set(Chapter.objects.filter(item__in=items, place__isnull=False).values_list("item", flat=True).distinct())


def written_by(position: Position) -> QuerySet[Chapter]:
    """The chapters that a position is to write, of what has not ended."""
    return Chapter.objects.filter(owner=position.pk, removed__isnull=True, item__ended__isnull=True)
