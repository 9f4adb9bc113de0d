"""The one place where text that people write becomes text that is kept: few marks, no scripts, no styles.

What comes from Word, a mail or a web page is cleaned, never refused. Whatever goes in, cleaning twice is cleaning once.
"""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

RENAMED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"}
INLINE = {"strong", "em", "a"}
VOID = {"br"}
TEXT_BLOCKS = {"p", "h3", "h4"}
HOLDERS = {"ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
# Where text may stand without a paragraph around it.
CELLS = {"li", "th", "td"}
KEPT = INLINE | VOID | TEXT_BLOCKS | HOLDERS | {"figure"}
# Known on the way in only: what they hold is kept, they are not.
PASSED = {"div", "section", "article", "header", "footer", "main", "figcaption", "caption", "dd", "dt", "pre", "center"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "figure": {"data-block", "data-key"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
WITH_THEIR_CONTENT = {
    "script",
    "style",
    "title",
    "xml",
    "svg",
    "math",
    "template",
    "noscript",
    "iframe",
    "object",
    "select",
}
BLOCK_NAME = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")
BLOCK_KEY = re.compile(r"[0-9a-z_-]{1,40}")
BLOCK = re.compile(r'<figure data-block="([a-z_.]+)" data-key="([0-9a-z_-]+)"></figure>')
# What it is sad to lose without a word.
MATTERS = {
    "picture": re.compile(r"<(?:img|v:imagedata|picture|svg)\b", re.IGNORECASE),
    "script": re.compile(r"<script\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE),
    "embedded": re.compile(r"<(?:iframe|object|embed|video|audio|form)\b", re.IGNORECASE),
}
_TRIES = 6


@dataclass(frozen=True)
class Cleaned:
    """The text as it is kept, and in words what was left out that mattered."""

    text: str
    left_out: tuple[str, ...] = ()


def cleaned(html: str) -> Cleaned:
    return Cleaned(clean(html), tuple(_left_out(html)))


def clean(html: str) -> str:
    """Only what is allowed. What does not come to rest is kept as words alone."""
    html = html.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    for _try in range(_TRIES):
        before, html = html, _once(html)
        if html == before:
            return html
    return paragraphs(words_of(html))


def _once(html: str) -> str:
    safe = nh3.clean(
        html,
        tags=KEPT | PASSED | set(RENAMED),
        clean_content_tags=WITH_THEIR_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        strip_comments=True,
        link_rel=None,
    )
    tidy = _Tidy()
    tidy.feed(safe)
    tidy.close()
    return tidy.finished()


def _left_out(html: str) -> list[str]:
    counted = {name: len(pattern.findall(html)) for name, pattern in MATTERS.items()}
    said = []
    if count := counted["picture"]:
        said.append(
            ngettext(
                "%(count)s picture was not kept. Put it on the page as a file instead.",
                "%(count)s pictures were not kept. Put them on the page as files instead.",
                count,
            )
            % {"count": count}
        )
    if counted["script"]:
        said.append(_("A script was taken out of the text."))
    if counted["embedded"]:
        said.append(_("Something embedded, such as a film or a form, was not kept."))
    return said


def words_of(html: str) -> str:
    """The text without its marks, a line for each block."""
    found = _Words()
    found.feed(html)
    found.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(found.pieces)).strip()


def beginning_of(html: str, letters: int = 160) -> str:
    return Truncator(words_of(html).replace("\n", " ")).chars(letters)


def paragraphs(words: str) -> str:
    """Plain lines as paragraphs."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in words.split("\n") if line.strip())


def block_mark(name: str, key: str) -> str:
    return f'<figure data-block="{name}" data-key="{key}"></figure>'


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.pieces: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in INLINE:
            self.pieces.append("\n")

    def handle_endtag(self, tag):
        if tag not in INLINE:
            self.pieces.append("\n")

    def handle_data(self, data):
        self.pieces.append(data)


class _Tidy(HTMLParser):
    """Puts what nh3 has let through in its final form: blocks that hold text, and nothing loose between them."""

    def __init__(self):
        super().__init__()
        self.out: list[str] = []
        self.open: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag, attrs):
        tag = RENAMED.get(tag, tag)
        if self.skipping:
            self.skipping += tag == "figure"
        elif tag in PASSED:
            self._end_paragraph()
        elif tag == "figure":
            self._begin_figure(dict(attrs))
        elif tag in VOID:
            self._text_begins()
            self.out.append(f"<{tag}>")
        elif tag in INLINE:
            self._begin_inline(tag, attrs)
        else:
            self._end_text_blocks()
            self._begin(tag, attrs)

    def _begin_inline(self, tag, attrs):
        # A link without an address, or bold within bold, says nothing.
        if tag in self.open or (tag == "a" and not dict(attrs).get("href")):
            self.open.append("")
            return
        self._text_begins()
        self._begin(tag, attrs)

    def _begin_figure(self, attrs):
        """A block stands on its own and holds nothing; any other figure is only what it holds."""
        self._end_text_blocks()
        name, key = attrs.get("data-block") or "", attrs.get("data-key") or ""
        if BLOCK_NAME.fullmatch(name) and BLOCK_KEY.fullmatch(key):
            # In a list or a table a block has no place: it is not kept there.
            if not self.open:
                self.out.append(block_mark(name, key))
            self.skipping = 1

    def _begin(self, tag, attrs):
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name in ATTRIBUTES.get(tag, ()))
        self.out.append(f"<{tag}{kept}>")
        self.open.append(tag)

    def handle_endtag(self, tag):
        tag = RENAMED.get(tag, tag)
        if self.skipping:
            self.skipping -= tag == "figure"
        elif tag in PASSED or tag == "figure":
            self._end_paragraph()
        elif tag in INLINE and self.open and self.open[-1] == "":
            self.open.pop()
        elif tag in self.open:
            self._end_to(tag)

    def handle_data(self, data):
        if self.skipping:
            return
        data = re.sub(r"[ \t\n]+", " ", data)
        if data.strip(" ") or self._is_in_text():
            self._text_begins()
            self.out.append(escape(data, quote=False))

    def _is_in_text(self) -> bool:
        return any(tag in TEXT_BLOCKS or tag in CELLS for tag in self.open)

    def _text_begins(self):
        """Text that stands in no paragraph gets one, but in a list or a table."""
        if not self._is_in_text() and not any(tag in {"table", "ul", "ol"} for tag in self.open):
            self._begin("p", ())

    def _end_paragraph(self):
        if any(tag in TEXT_BLOCKS for tag in self.open):
            self._end_text_blocks()

    def _end_text_blocks(self):
        while self.open and (self.open[-1] in INLINE | TEXT_BLOCKS or self.open[-1] == ""):
            self._end_last()

    def _end_to(self, tag):
        while self.open[-1] != tag:
            self._end_last()
        self._end_last()

    def _end_last(self):
        tag = self.open.pop()
        if tag:
            self.out.append(f"</{tag}>")

    def finished(self) -> str:
        while self.open:
            self._end_last()
        return _without_what_is_empty("".join(self.out))


EMPTY = re.compile(r"<(p|h3|h4|strong|em|a|ul|ol|blockquote|table|tbody|thead|tr)\b[^>]*>(?:\s|\u00a0|<br>)*</\1>")


# A heading of a column that says nothing is no heading.
NAMELESS = re.compile(r"<th((?: [^>]*)?)>\s*</th>")
DIVIDED = re.compile(r"</(strong|em)><\1>")


def _without_what_is_empty(html: str) -> str:
    """Word leaves empty paragraphs by the dozen, and divides what is bold letter by letter."""
    while (less := DIVIDED.sub("", EMPTY.sub("", html))) != html:
        html = less
    return NAMELESS.sub(r"<td\1></td>", html).strip()
