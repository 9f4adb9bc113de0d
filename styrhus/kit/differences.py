"""What differs between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True)
class Part:
    """A run of words that both versions have, or one of them. Drawn by `kit/difference.html`."""

    kind: str
    text: str


def word_differences(before: str, after: str) -> Iterator[Part]:
    """Words with the space before them, so that what is kept and what is taken away read as they were written."""
    old, new = (re.findall(r"\s*\S+|\s+$", text) for text in (before, after))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part(SAME, "".join(old[a:b]))
            continue
        if a < b:
            yield Part(REMOVED, "".join(old[a:b]))
        if c < d:
            yield Part(ADDED, "".join(new[c:d]))
