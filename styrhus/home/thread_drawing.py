"""The thread as a picture from left to right, and as a list of the same. All is worked out on the server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.home.finding import kinds
from styrhus.home.thread import Node
from styrhus.planning.queries.contents import page_of_kind
from styrhus.scorecard.queries.latest import Latest
from styrhus.scorecard.status import Status

WIDTH, GAP, ROW, MARGIN = 184, 32, 12, 6
# The letters of a line, and the lines of a title; the height of a line of it, and of each smaller line below.
LETTERS, TITLE_LINES, SMALL_LETTERS = 21, 4, 24
LINE, BELOW = 17, 19
# So many columns are shrunk a little to fit the page; more are scrolled.
FITS = range(5, 7)
LOOKS = {Status.MET: "ok", Status.NEAR: "warn", Status.MISSED: "bad"}


@dataclass
class Box:
    """Something drawn: a thing, its last result, what is lacking, or how many more there are."""

    look: str
    url: str
    over: str
    title: str
    under: str = ""
    state: str = ""
    word: str = ""
    due: str = ""
    is_start: bool = False
    parts: list["Box"] = field(default_factory=list)
    column: int = 0
    top: int = 0
    depth: int = 0
    ends: range = field(default_factory=lambda: range(0))

    @property
    def left(self) -> int:
        return MARGIN + self.column * (WIDTH + GAP)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return self.lines[-1][0] + BELOW * (bool(self.under) + bool(self.word)) + 14

    @property
    def middle(self) -> int:
        return self.top + self.height // 2

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The title in lines, each with its height in the box."""
        first = 40 if self.over else 26
        words = wrap(self.title, LETTERS) or [""]
        shown = words[:TITLE_LINES]
        if len(words) > TITLE_LINES:
            shown[-1] = f"{shown[-1][: LETTERS - 1]}…"
        return [(first + LINE * place, line) for place, line in enumerate(shown)]

    @property
    def over_short(self) -> str:
        return short(self.over)

    @property
    def under_short(self) -> str:
        return short(self.under)

    @property
    def word_at(self) -> int:
        """How far down the state is written."""
        return self.height - 11

    @property
    def under_at(self) -> int:
        return self.lines[-1][0] + BELOW

    @property
    def mark_top(self) -> int:
        return self.word_at - 12

    @property
    def tail(self) -> str:
        return " · ".join(filter(None, (self.word, self.due)))

    @property
    def lines_onward(self) -> list[dict]:
        """A line to each of what follows, and whether that is a gap."""
        begin, turn = self.left + WIDTH, self.left + WIDTH + GAP // 2
        return [
            {"path": f"M{begin} {self.middle}H{turn}V{part.middle}H{part.left}", "is_gap": part.look == "gap"}
            for part in self.parts
        ]


def short(words: str) -> str:
    return words if len(words) <= SMALL_LETTERS else f"{words[: SMALL_LETTERS - 1].rstrip()}…"


@dataclass(frozen=True)
class Picture:
    """The boxes in the order of the list, and how large the picture is."""

    boxes: list[Box]
    width: int
    height: int
    is_fitted: bool

    @property
    def start(self) -> Box:
        return next(box for box in self.boxes if box.is_start)

    @property
    def gaps(self) -> int:
        return sum(box.look == "gap" for box in self.boxes)


def picture(tops: list[Node], on: date) -> Picture:
    trees = [_box(node, on) for node in tops]
    bottom = MARGIN
    for tree in trees:
        bottom = _placed(tree, 0, bottom)
    boxes = [box for tree in trees for box in _flat(tree, 0)]
    depths = [box.depth for box in boxes] + [0]
    for place, box in enumerate(boxes):
        box.ends = range(max(depths[place] - depths[place + 1], 0))
    columns = max(box.column for box in boxes) + 1
    return Picture(boxes, 2 * MARGIN + columns * (WIDTH + GAP) - GAP, bottom, columns in FITS)


def _box(node: Node, on: date) -> Box:
    item, url = node.item, page_of_kind(node.item)
    state = kinds()[item.kind].flow.state(item.state)
    box = Box(
        "thing",
        url,
        " · ".join(filter(None, (capfirst(str(item.get_kind_display())), getattr(item, "plan_title", "")))),
        item.title,
        str(item.unit),
        state.look or "none",
        str(state.label),
        _due(item, on),
        node.is_start,
    )
    box.parts = [*(_box(part, on) for part in node.parts), *_beside(node, url)]
    return box


def _due(item, on: date) -> str:
    if item.due is None or item.ended:
        return ""
    return _("due %(due)s") % {"due": date_format(item.due, "SHORT_DATE_FORMAT")}


def _beside(node: Node, url: str) -> Iterator[Box]:
    """What is drawn after a thing that is no thing itself."""
    if node.result:
        yield _result(node.result, url)
    for gap in node.gaps:
        yield Box("gap", url, "", str(gap.label))
    if node.more:
        words = ngettext("and %(count)s more", "and %(count)s more", node.more) % {"count": node.more}
        yield Box("more", f"{url}#parts", "", words)


def _result(result: Latest, url: str) -> Box:
    aimed = _("Target: %(target)s") % {"target": result.aimed_at} if result.aimed_at else ""
    over = _("Last result, %(period)s") % {"period": result.period}
    look = LOOKS.get(result.status, "none")
    return Box("result", url, over, result.amount, aimed, look, str(result.status.label))


def _placed(box: Box, column: int, top: int) -> int:
    """Gives a box and all after it their places from a height down; the height below them."""
    box.column = column
    if not box.parts:
        box.top = top
        return top + box.height + ROW
    bottom = top
    for part in box.parts:
        bottom = _placed(part, column + 1, bottom)
    first, last = box.parts[0].middle, box.parts[-1].middle
    box.top = max((first + last) // 2 - box.height // 2, top)
    return max(bottom, box.top + box.height + ROW)


def _flat(box: Box, depth: int) -> Iterator[Box]:
    box.depth = depth
    yield box
    for part in box.parts:
        yield from _flat(part, depth + 1)
