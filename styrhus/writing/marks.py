"""A text as it is written without script: plain lines with a few marks, there and back.

`# heading`, `## smaller heading`, `- item`, `1. item`, `> quote`, `| cell | cell |`, `**bold**`, `*italic*`,
`[words](address)` and `{{kind key}}` for a live block. A backslash takes a mark's meaning away.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from styrhus.writing.cleaning import VOID, block_mark

HEADINGS = {"h3": "# ", "h4": "## "}
RULE = re.compile(r"\|(?:\s*-+\s*\|)+")
BLOCK_LINE = re.compile(r"\{\{([a-z_.]+) ([0-9a-z_-]+)\}\}")
ITEM = re.compile(r"( *)(-|\d+\.) (.*)")
BEGINS_AS_A_MARK = re.compile(r"^(\d+(?=\. ))?(#{1,2} |- |>(?= |$)|\||\{\{|(?<=\d)\. )", re.MULTILINE)
INLINE_MARKS = re.compile(
    r"\\(?P<plain>[\\*\[\]#>|{.-])"
    r"|\*\*(?P<bold>(?:\\.|\*(?:\\.|[^*\\])+\*|[^*\\])+)\*\*"
    r"|\*(?P<italic>(?:\\.|\*\*(?:\\.|[^*\\])+\*\*|[^*\\])+)\*"
    r"|\[(?P<words>(?:\\.|[^\]\\])+)\]\((?P<to>[^()\s]+)\)"
)


@dataclass
class Node:
    tag: str
    attrs: dict = field(default_factory=dict)
    # Nodes and strings in their order.
    inside: list = field(default_factory=list)


class _Tree(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Node("")
        self.line = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.line[-1].inside.append(node)
        if tag not in VOID:
            self.line.append(node)

    def handle_endtag(self, tag):
        self.line.pop()

    def handle_data(self, data):
        self.line[-1].inside.append(data)


def as_marks(text: str) -> str:
    """A cleaned text as plain lines."""
    tree = _Tree()
    tree.feed(text)
    tree.close()
    return "\n\n".join(_block(node) for node in tree.root.inside if isinstance(node, Node))


def _block(node: Node) -> str:
    if node.tag in HEADINGS:
        return HEADINGS[node.tag] + _inline(node).replace("\n", " ")
    if node.tag in ("ul", "ol"):
        return "\n".join(_items(node, 0))
    if node.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks_in(node).split("\n"))
    if node.tag == "table":
        return "\n".join(_rows(node))
    if node.tag == "figure":
        return "{{" + f"{node.attrs.get('data-block')} {node.attrs.get('data-key')}" + "}}"
    return _plain_start(_inline(node))


def _blocks_in(node: Node) -> str:
    return "\n\n".join(_block(each) for each in node.inside if isinstance(each, Node))


def _items(node: Node, depth: int):
    number = int(node.attrs.get("start") or 1) if (node.attrs.get("start") or "1").isdigit() else 1
    for place, item in enumerate(each for each in node.inside if isinstance(each, Node)):
        sign = "-" if node.tag == "ul" else f"{number + place}."
        below = [each for each in item.inside if isinstance(each, Node) and each.tag in ("ul", "ol")]
        own = Node("p", inside=[each for each in item.inside if each not in below])
        yield "  " * depth + f"{sign} " + _inline(own).replace("\n", " ").strip()
        for each in below:
            yield from _items(each, depth + 1)


def _rows(table: Node):
    rows = list(_all(table, "tr"))
    for place, row in enumerate(rows):
        cells = [each for each in row.inside if isinstance(each, Node)]
        words = (_inline(cell).replace("\n", " ").replace("|", "\\|").strip() for cell in cells)
        yield "| " + " | ".join(words) + " |"
        if place == 0 and cells and all(cell.tag == "th" for cell in cells):
            yield "|" + " --- |" * len(cells)


def _all(node: Node, tag: str):
    for each in node.inside:
        if isinstance(each, Node):
            if each.tag == tag:
                yield each
            else:
                yield from _all(each, tag)


def _inline(node: Node) -> str:
    return "".join(_piece(each) for each in node.inside)


def _piece(each) -> str:
    if isinstance(each, str):
        return re.sub(r"([\\*\[\]])", r"\\\1", each)
    if each.tag == "br":
        return "\n"
    inner = _inline(each)
    if each.tag == "strong":
        return f"**{inner}**"
    if each.tag == "em":
        return f"*{inner}*"
    if each.tag == "a":
        return f"[{inner}]({each.attrs.get('href', '')})"
    return inner + (" " if each.tag in ("p", "li", "td", "h3", "h4") else "")


def _plain_start(words: str) -> str:
    """A line that only happens to begin as a mark does."""
    return BEGINS_AS_A_MARK.sub(lambda found: f"{found[1] or ''}\\{found[2]}", words)


def from_marks(lines: str) -> str:
    """Plain lines as a text; to be cleaned like any other."""
    chunks = re.split(r"\n[ \t]*\n", lines.replace("\r\n", "\n").strip("\n"))
    return "".join(_chunk(chunk.rstrip()) for chunk in chunks if chunk.strip())


def _chunk(chunk: str) -> str:
    """The lines between two empty ones; headings and blocks need no empty line around them."""
    first, _sign, rest = chunk.partition("\n")
    more = _chunk(rest) if rest else ""
    if first.startswith("## "):
        return f"<h4>{_marked(first[3:])}</h4>{more}"
    if first.startswith("# "):
        return f"<h3>{_marked(first[2:])}</h3>{more}"
    if block := BLOCK_LINE.fullmatch(first.strip()):
        return block_mark(block[1], block[2]) + more
    lines = chunk.split("\n")
    for is_such, drawn in ((_is_quote, _quote), (_is_row, _table), (_is_item, _list)):
        if is_such(first):
            own = next((at for at, line in enumerate(lines) if not is_such(line)), len(lines))
            return drawn(lines[:own]) + (_chunk("\n".join(lines[own:])) if own < len(lines) else "")
    return _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    own = next((at for at, line in enumerate(lines) if at and _is_special(line)), len(lines))
    rest = _chunk("\n".join(lines[own:])) if own < len(lines) else ""
    return f"<p>{'<br>'.join(map(_marked, lines[:own]))}</p>{rest}"


def _is_special(line: str) -> bool:
    return line.startswith(("# ", "## ")) or _is_quote(line) or _is_row(line) or _is_item(line)


def _is_quote(line: str) -> bool:
    return line == ">" or line.startswith("> ")


def _is_row(line: str) -> bool:
    return line.startswith("|")


def _is_item(line: str) -> bool:
    return ITEM.fullmatch(line) is not None


def _quote(lines: list[str]) -> str:
    inner = "\n".join(line[2:] for line in lines)
    return f"<blockquote>{from_marks(inner)}</blockquote>"


def _table(lines: list[str]) -> str:
    has_head = len(lines) > 1 and RULE.fullmatch(lines[1].strip()) is not None
    rows = [line for line in lines if not RULE.fullmatch(line.strip())]
    return (
        "<table>"
        + "".join(_row(line, "th" if has_head and not at else "td") for at, line in enumerate(rows))
        + "</table>"
    )


def _row(line: str, tag: str) -> str:
    cells = re.split(r"(?<!\\)\|", line.strip().strip("|") if not line.endswith("\\|") else line.strip()[1:])
    return "<tr>" + "".join(f"<{tag}>{_marked(cell.strip())}</{tag}>" for cell in cells) + "</tr>"


def _list(lines: list[str]) -> str:
    """Items that stand further in lie under the one before them."""
    found = [ITEM.fullmatch(line) for line in lines]
    return _nested([(len(each[1]), each[2], each[3]) for each in found if each])


def _nested(items: list[tuple[int, str, str]]) -> str:
    out, at = "", 0
    while at < len(items):
        depth, sign, _words = items[at]
        tag = "ul" if sign == "-" else "ol"
        start = f' start="{sign[:-1]}"' if tag == "ol" and sign != "1." else ""
        drawn = []
        while at < len(items) and items[at][0] <= depth and (items[at][1] == "-") == (tag == "ul"):
            words = _marked(items[at][2])
            at += 1
            begins = at
            while at < len(items) and items[at][0] > depth:
                at += 1
            drawn.append(f"<li>{words}{_nested(items[begins:at])}</li>")
        out += f"<{tag}{start}>{''.join(drawn)}</{tag}>"
    return out


def _marked(words: str) -> str:
    out, at = [], 0
    for found in INLINE_MARKS.finditer(words):
        out += [escape(words[at : found.start()], quote=False), _mark(found)]
        at = found.end()
    return "".join([*out, escape(words[at:], quote=False)])


def _mark(found: re.Match) -> str:
    if found["plain"]:
        return escape(found["plain"], quote=False)
    if found["bold"]:
        return f"<strong>{_marked(found['bold'])}</strong>"
    if found["italic"]:
        return f"<em>{_marked(found['italic'])}</em>"
    return f'<a href="{escape(found["to"])}">{_marked(found["words"])}</a>'
