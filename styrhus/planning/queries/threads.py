"""The thread: what a thing follows from, up to the top, and what follows from it."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from styrhus.items.models import Item
from styrhus.planning.models import Assignment, Goal, Measure, PriorityArea, Strategy

# What a plan consists of, in the order in which the kinds stand under the same thing.
CONTENTS: tuple[type[Item], ...] = (PriorityArea, Goal, Strategy, Assignment, Measure)
KINDS = tuple(model.kind_name() for model in CONTENTS)
# What is done about a goal, by someone.
ACTS = (Assignment.kind_name(), Measure.kind_name())
SHOWN_BELOW = 50

ABOVE = """
    WITH RECURSIVE above (id, height) AS (
        SELECT part_of_id, 1 FROM planning_thread WHERE item_id = %s
        UNION ALL
        SELECT thread.part_of_id, height + 1 FROM planning_thread thread JOIN above ON thread.item_id = above.id
        WHERE height < 30
    )
    SELECT id FROM above ORDER BY height DESC
"""


def keys_above(pk: int) -> list[int]:
    """What a thing follows from, from the top down to the nearest."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [pk])
        return [row[0] for row in cursor.fetchall()]


def above(thing, person) -> list[Item]:
    """The thread of a thing from the top down, as far as the person may see it; the thing itself is left out."""
    keys = keys_above(thing.pk)
    if not keys:
        return []
    found = Item.objects.visible_to(person).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def below(thing, person) -> tuple[list[Item], bool]:
    """What follows from a thing directly, goals before what is done about them; and whether there is more."""
    parts = Item.objects.visible_to(person).filter(thread__part_of=thing.pk).select_related("unit", "responsible")
    found = list(parts.order_by("ended", "due", "title_key")[: SHOWN_BELOW + 1])
    place = {kind: number for number, kind in enumerate(KINDS)}
    shown = sorted(found[:SHOWN_BELOW], key=lambda part: place.get(part.kind, len(place)))
    return shown, len(found) > SHOWN_BELOW


def arranged(parents: Iterable[tuple[int, int | None]]) -> dict[int | None, list[int]]:
    """Who stands under whom, from pairs of a key and what it follows from. What is not among them is at the top."""
    pairs = list(parents)
    known = {key for key, _parent in pairs}
    under: dict[int | None, list[int]] = defaultdict(list)
    for key, parent in pairs:
        under[parent if parent in known else None].append(key)
    return under


def all_below(under: dict[int | None, list[int]], key: int | None) -> list[int]:
    """Everything under a key, in the order of the tree."""
    found, waiting = [], list(reversed(under.get(key, ())))
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting += reversed(under.get(each, ()))
    return found


def things_like(person, words: str, kinds: Iterable[str] = KINDS):
    """Things of these kinds that a person sees and that have these words, those still open first."""
    found = Item.objects.visible_to(person).filter(kind__in=kinds).with_words(words)
    return found.order_by("ended", "title_key", "pk")
