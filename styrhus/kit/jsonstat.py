"""JSON-stat 1 and 2, as SSB, Eurostat and other offices answer: a cube of figures becomes one row for each figure.

A dimension is a column with its codes, and “.label” after its name is the column of the words for them, where these
say more. What is missing is no row: it is never zero. https://json-stat.org/full/
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any

from django.utils.translation import gettext as _

ROLES = ("time", "geo", "metric")
TOLD = 10
MEASURED_IN = "unit of measure"
# How offices write that there is no figure, where they write anything.
ABSENT = (None, "", ".", "..", "...", "…", ":")


class Unsound(Exception):
    """What looks like JSON-stat cannot be read as it. Says why, and what to do about it."""


@dataclass(frozen=True)
class Dimension:
    """One side of the cube: its name in the file, what a column is called after it, and its categories in order."""

    name: str
    titles: tuple[str, ...]
    codes: list[str]
    labels: list[str]

    @property
    def has_labels(self) -> bool:
        return self.codes != self.labels


def is_jsonstat(tree: Any) -> bool:
    if not isinstance(tree, dict):
        return False
    if tree.get("class") in ("dataset", "collection", "dimension"):
        return True
    return _is_set(tree) or (bool(tree) and all(_is_set(each) for each in tree.values()))


def cells(tree: dict, plain, known: frozenset[str]) -> tuple[list[str], Iterator[list[str]]]:
    """The columns, and a row for each figure. `known` are names that a column may well have, as `plain` writes them.

    Raises Unsound before the first row.
    """
    name, cube = _only_set(tree)
    dimensions = _dimensions(cube)
    figures = _figures(cube, prod(len(each.codes) for each in dimensions))
    statuses = _statuses(cube)
    fixed = {"dataset": name or _text(cube.get("label")), "source": _text(cube.get("source"))}
    fixed = {title: text for title, text in fixed.items() if text}
    header = [*_columns(dimensions, plain, known), *fixed, "value", *(["status"] if statuses else [])]
    return header, _rows(dimensions, figures, statuses, list(fixed.values()))


def _is_set(tree: Any) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get("dimension"), dict) and "value" in tree


def _only_set(tree: dict) -> tuple[str, dict]:
    """The name and the content of the one data set; version 1 wraps it in an object with a name of its own."""
    if tree.get("class") == "dimension":
        raise Unsound(_("The file holds a list of categories and no figures. Fetch the data set instead."))
    if tree.get("class") == "collection":
        return _from_collection(tree)
    if tree.get("class") == "dataset" or _is_set(tree):
        return _name_of(tree), tree
    if len(tree) > 1:
        raise Unsound(_several(list(tree)))
    return next(iter(tree.items()))


def _from_collection(tree: dict) -> tuple[str, dict]:
    link = tree.get("link")
    listed = link.get("item", []) if isinstance(link, dict) else []
    items = [each for each in listed if isinstance(each, dict)]
    sets = [each for each in items if _is_set(each)]
    if len(sets) == 1:
        return _name_of(sets[0]), sets[0]
    if sets:
        raise Unsound(_several([_text(each.get("label")) for each in sets]))
    raise Unsound(
        _("The file is a list of data sets that lie elsewhere, and holds no figures. Fetch one of them: %(names)s.")
        % {"names": _listed(_text(each.get("label") or each.get("href")) for each in items)}
    )


def _several(names: list[str]) -> str:
    return _("The file holds several data sets: %(names)s. Fetch one at a time.") % {"names": _listed(names)}


def _listed(names: Iterable[str]) -> str:
    found = [name for name in names if name]
    return "; ".join(found[:TOLD]) + (" …" if len(found) > TOLD else "")


def _name_of(cube: dict) -> str:
    """The number of the table, where an office says it."""
    extension = cube.get("extension")
    px = extension.get("px") if isinstance(extension, dict) else None
    return _text(px.get("tableid")) if isinstance(px, dict) else ""


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


# -- the sides


def _dimensions(cube: dict) -> list[Dimension]:
    described = cube["dimension"] if isinstance(cube.get("dimension"), dict) else {}
    # Version 1 has the order, the sizes and the roles among the dimensions.
    ids, sizes = (cube.get(name, described.get(name)) for name in ("id", "size"))
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes) or not ids:
        raise Unsound(_("The data set does not say which dimensions it has, and how large they are."))
    role = cube.get("role", described.get("role"))
    roles = {name: kind for kind in ROLES for name in _named_in(role, kind)}
    return [
        _dimension(str(name), size, described.get(name), roles.get(name, ""))
        for name, size in zip(ids, sizes, strict=True)
    ]


def _named_in(role: Any, kind: str) -> list[str]:
    named = role.get(kind) if isinstance(role, dict) else None
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []


def _dimension(name: str, size: Any, described: Any, role: str) -> Dimension:
    category = described.get("category") if isinstance(described, dict) else None
    if not isinstance(category, dict):
        raise Unsound(_("The dimension “%(name)s” is not described.") % {"name": name})
    said = category.get("label")
    labels: dict = said if isinstance(said, dict) else {}
    codes = _codes(name, category.get("index"), labels)
    # Some write a size as a text.
    if str(size) != str(len(codes)):
        raise Unsound(
            _("The dimension “%(name)s” says that it has %(said)s categories, but %(found)s are listed.")
            % {"name": name, "said": size, "found": len(codes)}
        )
    titles = tuple(filter(None, (_text(described.get("label")), name, role)))
    return Dimension(name, titles, codes, [_text(labels.get(code)) or code for code in codes])


def _codes(name: str, index: Any, labels: dict) -> list[str]:
    """In their order, which stands as a list, or as the place of each; one alone needs none."""
    if index is None and len(labels) == 1:
        return list(labels)
    if isinstance(index, list):
        return [str(code) for code in index]
    if not isinstance(index, dict) or sorted(map(str, index.values())) != sorted(map(str, range(len(index)))):
        raise Unsound(_("It cannot be told in which order the categories of “%(name)s” stand.") % {"name": name})
    return sorted(index, key=lambda code: int(index[code]))


def _columns(dimensions: list[Dimension], plain, known: frozenset[str]) -> list[str]:
    """Called by its label, or by whatever of its names is known here, so that a year is found as the period."""
    names: list[str] = []
    for each in dimensions:
        # To an office “unit” is what is counted in, such as euro: to us it is a part of the organisation.
        if plain(each.name) == "unit":
            names += _column(MEASURED_IN, each)
            continue
        own = [title for title in each.titles if title not in names]
        title = next((title for title in own if plain(title) in known), each.titles[0])
        names += _column(title, each)
    return names


def _column(title: str, dimension: Dimension) -> list[str]:
    return [title, f"{title}.label"] if dimension.has_labels else [title]


# -- the figures


def _figures(cube: dict, size: int) -> list[tuple[int, Any]]:
    """Place in the cube and figure of every cell that holds one."""
    found = cube.get("value")
    if isinstance(found, list) and len(found) != size:
        raise Unsound(
            _("The data set has room for %(size)s figures, but holds %(found)s. Fetch it once more.")
            % {"size": size, "found": len(found)}
        )
    if not isinstance(found, list | dict):
        raise Unsound(_("The data set holds no figures."))
    pairs = enumerate(found) if isinstance(found, list) else sorted(_placed(found, size))
    figures = [(place, value) for place, value in pairs if not isinstance(value, list | dict) and value not in ABSENT]
    if not figures:
        raise Unsound(_("The data set holds no figures: all of them are missing."))
    return figures


def _placed(found: dict, size: int) -> Iterator[tuple[int, Any]]:
    for place, value in found.items():
        if not place.isdecimal() or int(place) >= size:
            raise Unsound(_("The data set has no room for a figure in place %(place)s.") % {"place": place[:40]})
        yield int(place), value


def _statuses(cube: dict) -> Mapping[int, str]:
    """What is said of single figures: an object by place, a list of as many, or one for all."""
    status = cube.get("status")
    if isinstance(status, dict) and isinstance(status.get("value"), list | dict):
        status = status["value"]
    if isinstance(status, dict):
        return {int(place): _text(each) for place, each in status.items() if place.isdecimal() and each}
    if isinstance(status, list):
        return {place: _text(each) for place, each in enumerate(status) if each}
    return {}


def _rows(dimensions, figures, statuses: Mapping[int, str], fixed: list[str]) -> Iterator[list[str]]:
    strides = [prod(len(each.codes) for each in dimensions[place + 1 :]) for place in range(len(dimensions))]
    for place, value in figures:
        row: list[str] = []
        for side, stride in zip(dimensions, strides, strict=True):
            at = place // stride % len(side.codes)
            row += [side.codes[at], side.labels[at]] if side.has_labels else [side.codes[at]]
        row += [*fixed, number(value)]
        yield [*row, statuses.get(place, "")] if statuses else row


def number(value: Any) -> str:
    """As it is written in Norwegian: in JSON a point always divides off decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return str(value)
    if isinstance(value, str) and not value.replace(".", "", 1).removeprefix("-").isdecimal():
        return value
    return f"{Decimal(str(value)):f}".replace(".", ",")
