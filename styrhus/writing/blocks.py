"""Live blocks: things of the house placed in a text, drawn as they are today and as far as the reader may see them.

In a text a block is `<figure data-block="KIND" data-key="KEY"></figure>`. `config/blocks.py` names the kinds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from styrhus.writing.cleaning import BLOCK, beginning_of, block_mark


@dataclass(frozen=True)
class Choice:
    """A thing that may be put in: its key, what it is called, and a line that tells it from others."""

    key: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class BlockKind:
    """What can be put into a text.

    `choices`: dotted name of a function (item, person, words) -> list of Choice, some twenty at most.
    `draw`: dotted name of a function ({kind: keys}, person) -> {(kind, key): HTML}, one set of queries for all the
    keys; what the person may not see is left out. Kinds that name the same function are asked together, so that they
    share what they read. `permission` is asked of who puts it in; empty means everyone who writes.
    """

    label: str | Promise
    choices: str
    draw: str
    permission: str = ""


@cache
def kinds() -> dict[str, BlockKind]:
    return import_string(settings.BLOCKS)


def kinds_for(person) -> dict[str, BlockKind]:
    return {name: kind for name, kind in kinds().items() if not kind.permission or person.has_perm(kind.permission)}


def choices(name: str, item, person, words: str) -> list[Choice]:
    return import_string(kinds()[name].choices)(item, person, words)


def blocks_in(texts: Iterable[str]) -> dict[str, list[str]]:
    """The keys of the blocks in these texts, by kind; each once."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for name, key in BLOCK.findall(text):
            found.setdefault(name, {})[key] = None
    return {name: list(keys) for name, keys in found.items()}


def drawn(texts: Iterable[str], person) -> list[SafeString]:
    """Cleaned texts with their blocks drawn for a person: who draws is asked once for all the texts."""
    texts = list(texts)
    asked: dict[str, dict[str, list[str]]] = {}
    for name, keys in blocks_in(texts).items():
        if name in kinds():
            asked.setdefault(kinds()[name].draw, {})[name] = keys
    known: dict[tuple[str, str], str] = {}
    for draw, wanted in asked.items():
        known |= import_string(draw)(wanted, person)
    return [_with_blocks(text, known) for text in texts]


def labels(text: str, person) -> list[tuple[str, str, str]]:
    """What the blocks of a text are called, for the editor: kind, key, words."""
    found = [(name, key) for name, keys in blocks_in([text]).items() for key in keys]
    shown = drawn([block_mark(name, key) for name, key in found], person)
    return [(name, key, beginning_of(html, 120)) for (name, key), html in zip(found, shown, strict=True)]


def _with_blocks(text: str, known: dict[tuple[str, str], str]) -> SafeString:
    def block(found: re.Match) -> str:
        return known.get((found[1], found[2])) or _not_available()

    return mark_safe(BLOCK.sub(block, text))  # noqa: S308 - cleaned when it was saved; blocks are templates of ours


def _not_available() -> str:
    return render_to_string("writing/block_missing.html")


def put_in(text: str, name: str, key: str, after: int) -> str:
    """The text with a block after so many of its outer parts; 0 puts it first."""
    parts = outer_parts(text)
    return "".join([*parts[:after], block_mark(name, key), *parts[after:]])


_OUTER = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")


def outer_parts(text: str) -> list[str]:
    """A cleaned text cut into its outermost elements: paragraphs, headings, lists, tables, quotes and blocks."""
    parts, depth, begun = [], 0, 0
    for tag in _OUTER.finditer(text):
        if tag[2] == "br":
            continue
        depth += -1 if tag[1] else 1
        if depth == 0:
            parts.append(text[begun : tag.end()])
            begun = tag.end()
    return parts
