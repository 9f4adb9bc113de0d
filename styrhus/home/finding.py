"""One search over everything a person may see. Whatever is asked here is asked through `visible_to`."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from styrhus.items.models import Comment, Item
from styrhus.items.words import as_query, lexemes_in, piece_of, terms_in
from styrhus.organisation.queries import in_force, positions_with_words, units_with_words
from styrhus.writing.cleaning import words_of
from styrhus.writing.models import Chapter

# Nobody reads further: who gets a thousand answers asks for less.
AT_MOST = 1_000
STATES = ("open", "overdue", "ended")
SHOWN_OF_THE_HOUSE = 5


@dataclass(frozen=True)
class Hit:
    item_id: int
    kind: str


@dataclass(frozen=True)
class Question:
    """What someone asks: the words, and what they are narrowed to. `stems` is the question as the database reads it."""

    words: str
    kind: str = ""
    state: str = ""
    stems: str = ""

    @property
    def lexemes(self) -> tuple[str, ...]:
        return lexemes_in(self.stems)

    @property
    def query(self) -> SearchQuery:
        return SearchQuery(self.stems, search_type="raw", config="simple")


def question(words: str, kind: str = "", state: str = "") -> Question:
    """Reads the words in one journey to the database. Words too common to be kept are taken as beginnings of others."""
    words = words.replace("\x00", "")
    raw = as_query(words)
    if not raw:
        return Question(words)
    with connection.cursor() as cursor:
        beginning = f"{terms_in(words)[-1]}:*"
        cursor.execute(
            "SELECT coalesce(nullif(to_tsquery('norwegian', %s)::text, ''), to_tsquery('simple', %s)::text)",
            [raw, beginning],
        )
        stems = cursor.fetchone()[0]
    return Question(words, kind if kind in kinds() else "", state if state in STATES else "", stems)


def kinds() -> dict[str, type[Item]]:
    """Every kind of item by its name."""
    models = (model for model in apps.get_models() if issubclass(model, Item) and model is not Item)
    return {model.kind_name(): model for model in models}


def numbered(person, words: str) -> Item | None:
    """The item that is asked for by its number: 123, #123, or a suggestion that ends with its number."""
    number = re.search(r"^\s*(\d{1,15})\s*$|#(\d{1,15})\s*$", words)
    if number is None:
        return None
    return Item.objects.visible_to(person).filter(pk=int(number[1] or number[2])).first()


def hits(person, asked: Question, on: date) -> list[Hit]:
    """What has the words, at most one more than a thousand: in the title first, then in the text; the latest first.

    The text is asked only while the titles have not filled the list, so a common word costs no more than its titles.
    """
    if not asked.stems:
        return []
    seen = _narrowed(Item.objects.visible_to(person), asked, on).order_by("-updated", "-pk")
    found = _read(seen.filter(words=asked.query), AT_MOST + 1)
    said = in_text(asked) if len(found) <= AT_MOST else []
    if said:
        found += _read(seen.filter(pk__in=said).exclude(words=asked.query), AT_MOST + 1 - len(found))
    return found


def _narrowed(items, asked: Question, on: date) -> QuerySet:
    if asked.kind:
        items = items.filter(kind=asked.kind)
    if asked.state == "overdue":
        return items.overdue(on)
    return items.filter(ended__isnull=asked.state == "open") if asked.state else items


# The items with the words in their text, chapters or comments. A statement of our own: every search asks it, and to put
# it together from three models took longer than to answer it.
_IN_TEXT = """
    SELECT item_id FROM items_searchtext WHERE words @@ to_tsquery('simple', %(stems)s)
    UNION SELECT item_id FROM items_comment WHERE norwegian_words(text) @@ to_tsquery('simple', %(stems)s)
    UNION SELECT item_id FROM writing_chapter
    WHERE place IS NOT NULL AND words @@ to_tsquery('simple', %(stems)s)
"""


def in_text(asked: Question) -> RawSQL | list[int]:
    """The items with the words beyond the title. Few are named, so that the database goes straight to them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_IN_TEXT} LIMIT {AT_MOST + 1}", {"stems": asked.stems})
        few = [row[0] for row in cursor.fetchall()]
    return few if len(few) <= AT_MOST else RawSQL(_IN_TEXT % {"stems": "%s"}, [asked.stems] * 3)  # noqa: S611 - our own words


def _read(items: QuerySet, most: int) -> list[Hit]:
    return [Hit(pk, kind) for pk, kind in items.values_list("pk", "kind")[:most]]


def kinds_found(found: list[Hit]) -> list[tuple[str, str, int]]:
    """The kinds among the hits: name, label and how many."""
    known, counted = kinds(), Counter(hit.kind for hit in found)
    return [(kind, str(known[kind]._meta.verbose_name_plural), count) for kind, count in counted.most_common()]


def lines(person, page: list[Hit], asked: Question) -> list[dict]:
    """The items of one page in the order of the hits, each with the piece of text where the words stand."""
    keys = [hit.item_id for hit in page]
    items = Item.objects.visible_to(person).select_related("unit").in_bulk(keys)
    pieces = _pieces([items[key] for key in keys if key in items], asked.lexemes)
    return [{"item": items[key], "piece": pieces.get(key, "")} for key in keys if key in items]


def _pieces(items: list[Item], lexemes: tuple[str, ...]) -> dict[int, str]:
    """Where the words stand beyond the titles, by item: one question for each kind, and one for comments."""
    without = [item for item in items if not piece_of(item.title, lexemes)]
    found: dict[int, str] = {}
    for kind, model in kinds().items():
        keys = [item.pk for item in without if item.kind == kind]
        if keys and model.searched:
            for key, *texts in model._default_manager.filter(pk__in=keys).values_list("pk", *model.searched):
                found[key] = piece_of(" · ".join(filter(None, texts)), lexemes)
    silent = [item.pk for item in without if not found.get(item.pk)]
    if silent:
        found |= _pieces_of_chapters(silent, lexemes)
        silent = [key for key in silent if not found.get(key)]
    if silent:
        for key, text in Comment.objects.filter(item__in=silent).values_list("item", "text"):
            found[key] = found.get(key) or piece_of(text, lexemes)
    return found


def _pieces_of_chapters(keys: list[int], lexemes: tuple[str, ...]) -> dict[int, str]:
    """Where the words stand in the chapters of these items: in the first that has them."""
    found: dict[int, str] = {}
    query = SearchQuery(" | ".join(f"'{lexeme}'" for lexeme in lexemes), search_type="raw", config="simple")
    written = Chapter.objects.filter(item__in=keys, place__isnull=False, words=query).order_by("-place")
    for key, title, text in written.values_list("item", "title", "text"):
        found[key] = piece_of(f"{title} · {words_of(text)}", lexemes) or found.get(key, "")
    return found


def house(person, words: str) -> dict:
    """Units, and positions with who holds them, where every word stands; empty for who may not see the organisation."""
    if not words.strip() or not person.has_perm("organisation.view"):
        return {"units": [], "positions": []}
    positions = positions_with_words(words).prefetch_related(in_force(date.today()))
    return {
        "units": list(units_with_words(words)[:SHOWN_OF_THE_HOUSE]),
        "positions": list(positions[:SHOWN_OF_THE_HOUSE]),
    }


def suggestions(person, words: str) -> list[str]:
    """At most ten whole answers while someone types: items with their number, then units and positions by name."""
    asked = question(words)
    if not asked.stems:
        return []
    # In no order: a beginning that is typed has too many answers to be sorted at every letter.
    items = Item.objects.visible_to(person).filter(words=asked.query)[:6]
    at = house(person, asked.words)
    named = [f"{item.title} #{item.pk}" for item in items.only("title")]
    return list(dict.fromkeys([*named, *(unit.name for unit in at["units"]), *map(str, at["positions"])]))[:10]
