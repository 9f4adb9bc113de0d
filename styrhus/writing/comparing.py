"""Two versions of a text: what differs, in words, and how they go together."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from styrhus.kit.differences import ADDED, CHANGED, REMOVED, SAME, Part, word_differences
from styrhus.writing.blocks import outer_parts
from styrhus.writing.cleaning import BLOCK, words_of


@dataclass(frozen=True)
class Line:
    """One paragraph, heading, list or table in both versions: alike, changed, new or gone.

    `look`: the words are the same, but not how they are set.
    """

    kind: str
    parts: tuple[Part, ...]
    look: bool = False


def differences(before: str, after: str) -> list[Line]:
    """What is in either text, in the order in which it is read. A run of what is alike is one line."""
    old, new = outer_parts(before), outer_parts(after)
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Line(SAME, (Part(SAME, "\n".join(map(_in_words, new[c:d]))),)))
        else:
            found += _replaced(old[a:b], new[c:d])
    return found


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """Parts that took each other's place are compared side by side while they have words in common."""
    while old and new:
        was, now = _in_words(old[0]), _in_words(new[0])
        if was == now:
            yield Line(CHANGED, (Part(SAME, now),), look=True)
        elif SequenceMatcher(None, was.split(), now.split(), autojunk=False).ratio() > 0.3:
            yield Line(CHANGED, tuple(word_differences(was, now)))
        elif len(old) >= len(new):
            yield Line(REMOVED, (Part(REMOVED, was),))
            old = old[1:]
            continue
        else:
            yield Line(ADDED, (Part(ADDED, now),))
            new = new[1:]
            continue
        old, new = old[1:], new[1:]
    yield from (Line(REMOVED, (Part(REMOVED, _in_words(part)),)) for part in old)
    yield from (Line(ADDED, (Part(ADDED, _in_words(part)),)) for part in new)


def _in_words(part: str) -> str:
    block = BLOCK.fullmatch(part)
    return _("[Put in: %(what)s]") % {"what": f"{block[1]} {block[2]}"} if block else words_of(part)


def joined(base: str, mine: str, theirs: str) -> str:
    """Both texts in one: what each has changed since `base`. Where both changed the same place, mine, then theirs."""
    old, ours, others = (outer_parts(text) for text in (base, mine, theirs))
    out: list[str] = []
    at = (0, 0, 0)
    for stop in [*_kept_by_both(old, ours, others), (len(old), len(ours), len(others))]:
        out += _together(old[at[0] : stop[0]], ours[at[1] : stop[1]], others[at[2] : stop[2]])
        out += old[stop[0] : stop[0] + 1]
        at = (stop[0] + 1, stop[1] + 1, stop[2] + 1)
    return "".join(out)


def _kept_by_both(old: list[str], ours: list[str], others: list[str]) -> list[tuple[int, int, int]]:
    """Where the parts that nobody has touched stand in each of the three."""
    mine, theirs = _places(old, ours), _places(old, others)
    return [(place, mine[place], theirs[place]) for place in range(len(old)) if place in mine and place in theirs]


def _places(old: list[str], new: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _together(old: list[str], ours: list[str], others: list[str]) -> list[str]:
    if ours in (old, others):
        return others
    if others == old:
        return ours
    kept = [part for part in ours if part not in old or part in others]
    return kept + [part for part in others if part not in old and part not in ours]
