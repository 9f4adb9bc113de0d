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


@dataclass(frozen=True)
class Edit:
    """The parts from `begins` to `ends` of a text are replaced by others; an insertion ends where it begins."""

    begins: int
    ends: int
    new: tuple[str, ...]

    def meets(self, begins: int, ends: int) -> bool:
        is_same_place = (self.begins, self.ends) == (begins, ends)
        return is_same_place or (self.begins < ends and begins < self.ends)


def joined(base: str, mine: str, theirs: str) -> str:
    """Both texts in one: what each has changed since `base`. Where both changed the same place, mine, then theirs."""
    old = outer_parts(base)
    ours, others = (_edits(old, outer_parts(text)) for text in (mine, theirs))
    out: list[str] = []
    place = 0
    while ours or others:
        begins, ends, my_edits, their_edits = _next_place(ours, others)
        out += old[place:begins]
        out += _together(old[begins:ends], *(_edited(old, begins, ends, each) for each in (my_edits, their_edits)))
        place = ends
    return "".join(out + old[place:])


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    """What has been done to a text. As many parts as there were are taken one by one."""
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            found += [Edit(a + step, a + step + 1, (new[c + step],)) for step in range(b - a)]
        elif kind != "equal":
            found.append(Edit(a, b, tuple(new[c:d])))
    return found


def _next_place(ours: list[Edit], others: list[Edit]) -> tuple[int, int, list[Edit], list[Edit]]:
    """The next place where something was done, and what each did there; takes that out of both lists."""
    first = min(ours[:1] + others[:1], key=lambda edit: (edit.begins, edit.ends))
    begins, ends = first.begins, first.ends
    taken: tuple[list[Edit], list[Edit]] = ([], [])
    grows = True
    while grows:
        grows = False
        for edits, here in zip((ours, others), taken, strict=True):
            while edits and edits[0].meets(begins, ends):
                here.append(edits.pop(0))
                ends, grows = max(ends, here[-1].ends), True
    return begins, ends, *taken


def _edited(old: list[str], begins: int, ends: int, edits: list[Edit]) -> list[str]:
    out, place = [], begins
    for edit in edits:
        out += [*old[place : edit.begins], *edit.new]
        place = edit.ends
    return out + old[place:ends]


def _together(old: list[str], ours: list[str], others: list[str]) -> list[str]:
    if ours in (old, others):
        return others
    if others == old:
        return ours
    kept = [part for part in ours if part not in old or part in others]
    return kept + [part for part in others if part not in old and part not in ours]
