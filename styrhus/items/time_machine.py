"""An item's page as it stood at the end of a day: the trail played backwards from today's rows.

Everything here is for reading. Which people held a position is asked of the appointments' own dates; what a unit, a
position or another item was called is asked of the trail.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.items.flow import State
from styrhus.items.models import Attachment, Comment, FollowUp, Item, Link
from styrhus.items.queries import history_of, in_words, shown_fields
from styrhus.kit.lists import shown
from styrhus.organisation.models import Person, Position, Unit
from styrhus.trail.models import Change
from styrhus.trail.queries import Rows, changes_since, played_back, rebuilt, row_of, rows_of

# What belongs to an item, and the columns by which it does.
PARTS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Comment, ("item_id",)),
    (Attachment, ("item_id",)),
    (FollowUp, ("item_id",)),
    (Link, ("source_id", "target_id")),
)


def end_of(day: date) -> datetime:
    """The first moment that is no longer this day, where the municipality lies."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _rows_with_parts(item, at: datetime) -> tuple[Rows, Rows]:
    """The item's own rows and those of its parts: as they are, and as they stood."""
    rows = _own_rows(item)
    held = [(model._meta.db_table, {column: item.pk}) for model, columns in PARTS for column in columns]
    for model, columns in PARTS:
        condition = Q(pk__in=[])
        for column in columns:
            condition |= Q(**{column: item.pk})
        rows |= rows_of(model._default_manager.filter(condition))
    return rows, played_back(rows, changes_since(at, rows, held))


def _own_rows(item) -> Rows:
    """Both tables of the thing. Each key holds all the columns: what the trail says of one table is in that one."""
    row = row_of(item)
    return {(Item._meta.db_table, item.pk): row, (item._meta.db_table, item.pk): row}


def _own_row(item, rows: Rows) -> dict | None:
    """The thing as it stood: of each column what the table that has it says."""
    parent = rows.get((Item._meta.db_table, item.pk))
    child = rows.get((item._meta.db_table, item.pk), {})
    own = {field.column for field in item._meta.local_concrete_fields}
    return parent and parent | {column: value for column, value in child.items() if column in own}


def as_it_stood(item, day: date):
    """The thing itself at the end of a day, for reading; None when it was not there yet."""
    rows = _own_rows(item)
    row = _own_row(item, played_back(rows, changes_since(end_of(day), rows)))
    return row and rebuilt(type(item), row)


class Past:
    """What other rows were at one moment, and are: looked up for many at a time, in one query of the trail."""

    def __init__(self, at: datetime, *found: QuerySet):
        self.now: Rows = {}
        for each in found:
            self.now |= rows_of(each)
        self.then = played_back(self.now, changes_since(at, self.now)) if self.now else {}

    def was(self, model: type[Model], key: int):
        """The object as it stood; what has no past at that moment as it is today."""
        place = (model._meta.db_table, key)
        row = self.then.get(place) or self.now.get(place)
        return row and rebuilt(model, row)

    def is_today(self, model: type[Model], key: int):
        row = self.now.get((model._meta.db_table, key))
        return row and rebuilt(model, row)


def _parts(rows: Rows, model: type[Model]) -> list[Any]:
    found = [rebuilt(model, row) for (table, _key), row in rows.items() if table == model._meta.db_table]
    return sorted(found, key=lambda part: part.pk)


def page_as_it_stood(item, day: date, person) -> dict | None:
    """What the page of an item showed at the end of a day, under the names of `page_of`; None before it was made.

    Nothing may be done to the past, so there are no buttons; other items are those that the person may see today.
    """
    moment = end_of(day)
    today, rows = _rows_with_parts(item, moment)
    row = _own_row(item, rows)
    if row is None:
        return None
    thing, promises, links = rebuilt(type(item), row), _parts(rows, FollowUp), _parts(rows, Link)
    comments, files = _parts(rows, Comment), _parts(rows, Attachment)
    ends = _ends(item, links) | _ends(item, _parts(today, Link))
    past = _past_of_what_is_named(moment, [item, thing, *promises], ends, person)
    _name_positions_and_units([thing, *promises], past)
    _name_people([(comments, "by"), (files, "by"), (promises, "done_by")])
    _mark_files_that_are_gone(files, today)
    counted = (_without_hidden_links(each, ends, past) for each in (rows, today))
    return {
        "item": thing,
        "steps": [],
        "state": _state(thing),
        "is_overdue": thing.is_overdue(day),
        "history": history_of(item, until=moment),
        "comments": sorted(comments, key=lambda comment: (comment.at, comment.pk)),
        "attachments": sorted(files, key=lambda file: (file.name, file.pk)),
        "links": _links(item, links, past),
        "follow_ups": sorted(promises, key=lambda promise: (promise.due, promise.pk)),
        "holders": Position(pk=thing.responsible_id).holders(day),
        "promised": set(),
        "today": day,
        "own_facts": _own_facts(thing),
        "stood": {
            "day": day,
            "item": item,
            "lines": _differences(thing, item, past, person) + _more_or_fewer(*counted),
        },
    }


def _state(thing) -> State:
    """A state that the flow has no longer is shown by its name."""
    flow = type(thing).flow
    return next((state for state in flow.states if state.name == thing.state), State(thing.state, thing.state))


def _own_facts(thing) -> list[tuple]:
    """The fields that only this kind has, for a kind without a page of its own: label, value."""
    own = {field.column for field in type(thing)._meta.local_concrete_fields}
    fields = [field for name, field in shown_fields(thing).items() if name in own]
    return [(field.verbose_name, shown(_display(thing, field))) for field in fields]


def _display(thing, field):
    value = field.value_from_object(thing)
    return dict(field.flatchoices).get(value, value)


def _past_of_what_is_named(moment: datetime, answered_for: list, ends: dict[int, int], person) -> Past:
    """Positions, units and linked items that the page names. Linked items are those the person may see today."""
    positions = Position.objects.filter(pk__in={each.responsible_id for each in answered_for})
    units = {each.unit_id for each in answered_for if hasattr(each, "unit_id")}
    found = [positions, Unit.objects.filter(Q(pk__in=units) | Q(positions__in=positions)).distinct()]
    if ends:
        found.append(Item.objects.visible_to(person).filter(pk__in=ends.values()))
    return Past(moment, *found)


def _name_positions_and_units(answered_for: list, past: Past) -> None:
    for each in answered_for:
        each.responsible = past.was(Position, each.responsible_id)
        # A position that stood in another unit then: that unit is asked for when it is drawn.
        if unit := past.was(Unit, each.responsible.unit_id):
            each.responsible.unit = unit
    thing = answered_for[0]
    thing.unit = past.was(Unit, thing.unit_id)


def _name_people(parts: list[tuple[list, str]]) -> None:
    wanted = {getattr(part, f"{name}_id") for found, name in parts for part in found}
    people = Person.objects.in_bulk(wanted - {None})
    for found, name in parts:
        for part in found:
            setattr(part, name, people.get(getattr(part, f"{name}_id")))


def _mark_files_that_are_gone(files: list, today: Rows) -> None:
    """Only what is attached today can be fetched."""
    for file in files:
        file.is_gone = (Attachment._meta.db_table, file.pk) not in today


def _ends(item, links: list) -> dict[int, int]:
    """The item at the other end of each link."""
    return {link.pk: link.target_id if link.source_id == item.pk else link.source_id for link in links}


def _links(item, links: list, past: Past) -> list[dict]:
    ends = _ends(item, links)
    lines = [{"link": link, "other": past.was(Item, ends[link.pk]), "out": link.source_id == item.pk} for link in links]
    return [line for line in lines if line["other"]]


def _without_hidden_links(rows: Rows, ends: dict[int, int], past: Past) -> Rows:
    """Nor is it counted that there is, or was, a link to what the person may not see."""
    hidden = {(Link._meta.db_table, link) for link, other in ends.items() if not past.is_today(Item, other)}
    return {key: row for key, row in rows.items() if key not in hidden}


def _differences(thing, item, past: Past, person) -> list[tuple]:
    """The fields that hold something else today: label, then, now."""
    fields = shown_fields(item)
    pairs = {name: (getattr(thing, field.attname), getattr(item, field.attname)) for name, field in fields.items()}
    differ = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    named = [
        (fields[name].verbose_name, past.was(model, pairs[name][0]), past.is_today(model, pairs[name][1]))
        for name, model in (("unit_id", Unit), ("responsible_id", Position))
    ]
    # The same unit under another name is a difference too.
    lines = [line for line in named if str(line[1]) != str(line[2])]
    plain = {name: pair for name, pair in differ.items() if name not in ("unit_id", "responsible_id")}
    return lines + _in_plain_words(plain, item, person)


def _in_plain_words(pairs: dict[str, tuple], item, person) -> list[tuple]:
    if not pairs:
        return []
    change = Change(
        before={name: _plain(then) for name, (then, _now) in pairs.items()},
        after={name: _plain(now) for name, (_then, now) in pairs.items()},
    )
    return in_words([change], item, person)[0]["lines"]


def _more_or_fewer(then: Rows, now: Rows) -> list[tuple]:
    """How many of each part there were and are, where the numbers differ: label, then, now."""
    before, after = (Counter(table for table, _key in rows) for rows in (then, now))
    names = {Comment: _("Comments"), Attachment: _("Files"), FollowUp: _("Follow-ups"), Link: _("Links")}
    return [
        (name, before[table], after[table])
        for table, name in ((model._meta.db_table, name) for model, name in names.items())
        if before[table] != after[table]
    ]


def _plain(value):
    return shown(value) if isinstance(value, date) else value
