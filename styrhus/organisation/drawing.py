"""The tree of units as a page draws it."""

from collections.abc import Iterable, Mapping
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from styrhus.organisation.models import UnitKind
from styrhus.organisation.queries import Node

OPEN_TO_DEPTH = 2


def drawn(nodes: Iterable[Node], marks: Mapping | None = None, depth: int = OPEN_TO_DEPTH) -> SafeString:
    """The whole tree as HTML. In Python: a template asks the same questions anew for each of thousands of units.

    `marks` says in a word or two what is special about a unit, by its key; `depth` how far down it is shown unfolded.
    """
    kinds = {kind: escape(str(label)) for kind, label in UnitKind.choices}
    pattern = reverse("organisation:unit", args=[0])
    lines = [_line(node, kinds, pattern, marks or {}, depth) for node in nodes]
    return mark_safe("".join(lines))  # noqa: S308 - every part is escaped


def _line(node: Node, kinds: dict[str, str], pattern: str, marks: Mapping, depth: int) -> str:
    unit, name = node.unit, escape(node.unit.name)
    # What is only planned has no page yet.
    named = name
    if isinstance(unit.pk, int):
        named = f'<a class="ds-link" href="{pattern.replace("/0/", f"/{unit.pk}/")}">{name}</a>'
    mark = f' <span class="ds-tag">{escape(str(marks[unit.pk]))}</span>' if unit.pk in marks else ""
    line = f'<li><span>{named} <span class="quiet">{kinds[unit.kind]}</span>{mark}</span>'
    line += _opened(node, name, depth) if node.below else "</li>"
    return line + "</ul></details></li>" * node.ends


def _opened(node: Node, name: str, depth: int) -> str:
    words = ngettext("%(n)s unit below", "%(n)s units below", node.below) % {"n": node.below}
    shown = " open" if node.depth < depth else ""
    return (
        f'<details{shown}><summary class="quiet">{escape(words)}<span class="ds-sr-only">: {name}</span></summary><ul>'
    )
