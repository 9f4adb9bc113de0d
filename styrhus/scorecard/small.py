"""Which figures in a tree of units are about too few people to be shown. Pure: numbers in, keys out."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping


def kept_back(people: Mapping[Hashable, int], limit: int) -> set:
    """Of figures that have a total together: those with fewer people than the limit, and so many more, the smallest
    first, that what is kept back cannot be found by taking what is shown from the total.

    What is kept back is either nothing or at least two figures with as many people as the limit between them; where
    that cannot be had, it is all of them. A figure with nobody behind it tells nothing of anybody.
    """
    counted = sorted((count, str(key), key) for key, count in people.items() if count)
    hidden = [each for each in counted if each[0] < limit]
    if not hidden:
        return set()
    rest = counted[len(hidden) :]
    while rest and (len(hidden) < 2 or sum(each[0] for each in hidden) < limit):
        hidden.append(rest.pop(0))
    return {key for _count, _name, key in hidden}


def withheld(figures: Iterable[tuple[str, int]], limit: int) -> set[str]:
    """The paths of the units whose figure is kept back; figures are (path of a unit that is measured, people behind).

    A unit's figure is what is measured in it and below it together. Where one is kept back, so is all below it.
    """
    people: defaultdict[str, int] = defaultdict(int)
    below: defaultdict[str, set[str]] = defaultdict(set)
    for path, count in figures:
        for place, above in _steps(path):
            people[place] += count
            below[above].add(place)
    found: set[str] = set()
    _go_down("", below, people, limit, found)
    return found


def _steps(path: str) -> Iterable[tuple[str, str]]:
    """Each unit on the way down to a path, with the one above it: "/1/", "" and "/1/5/", "/1/"."""
    parts = path.strip("/").split("/")
    above = ""
    for number in range(1, len(parts) + 1):
        place = "/" + "/".join(parts[:number]) + "/"
        yield place, above
        above = place


def _go_down(above: str, below, people, limit: int, found: set[str]) -> None:
    hidden = kept_back({place: people[place] for place in below[above]}, limit)
    for place in sorted(below[above]):
        if place in hidden:
            found.update({place} | _all_below(place, below))
        else:
            _go_down(place, below, people, limit, found)


def _all_below(place: str, below) -> set[str]:
    return set().union(*({each} | _all_below(each, below) for each in below[place])) if below[place] else set()
