"""The text of the regulations in sections, and what differs between two versions, word by word."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from styrhus.kit.differences import ADDED, CHANGED, REMOVED, SAME, Part, word_differences


@dataclass(frozen=True)
class Section:
    heading: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One section in both versions: alike, changed, new or gone."""

    kind: str
    heading: str
    parts: tuple[Part, ...]


def sections_of(text: str) -> list[Section]:
    """A line that begins with “# ” is a heading; what comes before the first has none."""
    found, heading = [], ""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("# "):
            found.append(Section(heading, "\n".join(lines).strip()))
            heading, lines = line[2:].strip(), []
        else:
            lines.append(line.rstrip())
    found.append(Section(heading, "\n".join(lines).strip()))
    return [section for section in found if section.heading or section.text]


def differences(before: str, after: str) -> list[Difference]:
    """The sections of both, in the order in which they are read; those with the same heading side by side."""
    old, new = sections_of(before), sections_of(after)
    matcher = SequenceMatcher(None, [each.heading for each in old], [each.heading for each in new], autojunk=False)
    found: list[Difference] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found += [_compared(was, now) for was, now in zip(old[a:b], new[c:d], strict=True)]
        else:
            found += [Difference(REMOVED, each.heading, (Part(REMOVED, each.text),)) for each in old[a:b]]
            found += [Difference(ADDED, each.heading, (Part(ADDED, each.text),)) for each in new[c:d]]
    return found


def _compared(was: Section, now: Section) -> Difference:
    if was.text == now.text:
        return Difference(SAME, now.heading, (Part(SAME, now.text),))
    return Difference(CHANGED, now.heading, tuple(word_differences(was.text, now.text)))
