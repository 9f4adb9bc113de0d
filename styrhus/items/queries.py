"""Questions about items."""

from datetime import date, datetime
from functools import cache
from itertools import islice

from django.conf import settings
from django.db.models import Q
from django.forms.widgets import ChoiceWidget
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from styrhus.items.keeping import CAUSES, cause
from styrhus.items.models import CONFIRMED, MOVED, FollowUp, Item, Link, Openness
from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Appointment, Person
from styrhus.organisation.roles import ROLES
from styrhus.trail.models import Change
from styrhus.trail.queries import changes_of


def open_follow_ups_hold(item) -> list[str]:
    """A guard: what has been promised under a thing is done before the thing is called done."""
    count = FollowUp.objects.open().filter(item=item.pk).count()
    if not count:
        return []
    return [
        ngettext(
            "%(count)s follow-up is still open. Tick it off first, also when it is no longer needed.",
            "%(count)s follow-ups are still open. Tick them off first, also those that are no longer needed.",
            count,
        )
        % {"count": count}
    ]


@cache
def _done_elsewhere() -> list:
    return [import_string(name) for name in import_string(settings.DONE_ELSEWHERE)]


def where_done(follow_up: FollowUp) -> str:
    """The address of the page where an open follow-up is done, or "" for one that is simply ticked off."""
    if follow_up.done is not None:
        return ""
    return next((address for asked in _done_elsewhere() if (address := asked(follow_up))), "")


def answered_for_by(person):
    """Open items that the person's positions answer for, the most urgent first."""
    return (
        Item.objects.visible_to(person)
        .filter(responsible__in=authority_of(person).positions, ended__isnull=True)
        .order_by("due", "pk")
    )


def open_of(position, person) -> tuple:
    """What a position answers for that is still open, as far as the person may see it: things and follow-ups."""
    things = Item.objects.visible_to(person).filter(responsible=position.pk, ended__isnull=True)
    promises = FollowUp.objects.visible_to(person).open().filter(responsible=position.pk)
    return things.order_by("due", "pk"), promises.order_by("due", "pk")


def promised_by(person):
    """Open follow-ups of the person's positions, the most urgent first."""
    return (
        FollowUp.objects.visible_to(person)
        .open()
        .filter(responsible__in=authority_of(person).positions)
        .order_by("due", "pk")
    )


def deadlines_of(person, on: date, limit: int) -> list[dict]:
    """What comes next for a person: items and follow-ups in one list by date. `days` is negative when overdue."""
    items = answered_for_by(person).filter(due__isnull=False)[:limit]
    promises = promised_by(person)[:limit]
    lines = [{"due": item.due, "what": item.title, "url": item.get_absolute_url()} for item in items]
    lines += [
        {"due": promise.due, "what": promise.what, "url": promise.item.get_absolute_url()} for promise in promises
    ]
    lines.sort(key=lambda line: line["due"])
    return [line | {"days": (line["due"] - on).days} for line in lines[:limit]]


@cache
def _not_shown_elsewhere():
    """Links without those that a panel shows (`config/panels.py`)."""
    shown = Q(pk__in=[])
    for kind, target in import_string(settings.LINKS_SHOWN):
        shown |= Q(kind=kind, target__kind=target)
    return Link.objects.exclude(shown)


def links_of(item, person) -> list[dict]:
    """The other ends of an item's links, both ways, leaving out what the person may not see."""
    links = list(_not_shown_elsewhere().filter(Q(source=item.pk) | Q(target=item.pk)).order_by("pk"))
    if not links:
        return []
    ends = {link.pk: link.target_id if link.source_id == item.pk else link.source_id for link in links}
    others = Item.objects.visible_to(person).in_bulk(list(ends.values()))
    return [
        {"link": link, "other": others[ends[link.pk]], "out": link.source_id == item.pk}
        for link in links
        if ends[link.pk] in others
    ]


def differences(current, form) -> list[dict]:
    """The fields where what is stored now is not what the form holds: label, as stored, as typed here."""
    return [
        {
            "label": bound.label,
            "theirs": _as_words(bound, bound.field.prepare_value(_stored(current, bound.name))),
            "yours": _as_words(bound, bound.value()),
        }
        for bound in form.visible_fields()
        if form.fields[bound.name].has_changed(_stored(current, bound.name), bound.value())
    ]


def _stored(current, name: str):
    value = getattr(current, name)
    return value.pk if hasattr(value, "pk") else value


def _as_words(bound, value) -> str:
    """A choice by its label, anything else as it was typed; the label of no choice asks for one, so it is left out."""
    if value in (None, ""):
        return "–"
    # A field that is searched has choices too: thousands, all of them to be read.
    choices = bound.field.choices if isinstance(bound.field.widget, ChoiceWidget) else ()
    return next((str(label).strip() for key, label in choices if str(key) == str(value)), str(value))


def history_of(item, until: datetime | None = None) -> list[dict]:
    """What people have decided about an item before a moment, the newest first, with the words of its own flow."""
    flow = type(item).flow
    names = {CONFIRMED: _("This still holds"), MOVED: _("Moved to another unit")}
    names |= {step.name: step.label for step in flow.steps}
    events = item.events.filter(at__lt=until) if until else item.events
    return [
        {
            "event": event,
            "did": names.get(event.step),
            "target": flow.label(event.target) if event.target else "",
        }
        for event in events.select_related("by", "prepared_by")
    ]


def keeping_of(item, holders: list[int], on: date) -> dict:
    """When who answers for a thing last stood by it, and why it is not kept, in words."""
    kept_on = timezone.localtime(item.kept_at).date() if item.kept_at else None
    found = cause(holders=holders, kept_by=item.kept_by_id, kept_on=kept_on, every=item.update_every, on=on)
    is_theirs = item.kept_by_id in holders
    return {"cause": found, "words": CAUSES.get(found, ""), "on": kept_on if is_theirs else None}


def page_of(item, person) -> dict:
    """Everything that the page of an item of any kind shows below its own facts."""
    holders = list(item.responsible.holders(date.today()))
    follow_ups = list(item.follow_ups.select_related("responsible__unit", "done_by"))
    mine = authority_of(person).positions
    return {
        "item": item,
        "steps": type(item).flow.open_to(person, item),
        "state": type(item).flow.state(item.state),
        "is_overdue": item.is_overdue(date.today()),
        "history": history_of(item),
        "comments": item.comments.select_related("by"),
        "attachments": item.attachments.select_related("by"),
        "links": links_of(item, person),
        "follow_ups": follow_ups,
        "holders": holders,
        "kept": keeping_of(item, [held.person_id for held in holders], date.today()),
        "may_confirm": item.ended is None and item.is_answered_for_by(person),
        "is_followed": item.followings.filter(person=person).exists(),
        "may_discuss": person.has_perm("item.discuss"),
        "may_follow_up": person.has_perm("item.follow_up", item),
        "promised": {row.pk for row in follow_ups if row.done is None and row.responsible_id in mine},
        "today": date.today(),
    }


def followed_by(person):
    """Everything open that the person follows and may see."""
    return Item.objects.visible_to(person).filter(ended__isnull=True, followings__person=person)


NAMES_OFFERED = 8
# Of an exempt thing each is asked for alone; who writes another letter is offered others.
NAMES_LOOKED_AT = 40


def names_to_mention(item: Item, beginning: str) -> list[str]:
    """Names with a part that begins so, of people in a position who may see the thing."""
    beginning = beginning.replace("\x00", "").strip()
    if not beginning:
        return []
    named = Q(name__istartswith=beginning) | Q(name__icontains=f" {beginning}")
    here = Appointment.objects.in_force(date.today()).values("person")
    people = Person.objects.filter(named, is_active=True, pk__in=here).order_by("name", "pk")
    seen = (person.name for person in _who_see(item, people)[:NAMES_LOOKED_AT] if _sees(item, person))
    return list(islice(dict.fromkeys(seen), NAMES_OFFERED))


def _who_see(item: Item, people):
    """Narrowed in one question where the thing is internal, as most are."""
    if item.openness != Openness.INTERNAL:
        return people
    reading = [name for name, role in ROLES.items() if "item.view_internal" in role.within]
    staff = Appointment.objects.in_force(date.today()).filter(position__roles__role__in=reading)
    return people.filter(pk__in=staff.values("person"))


def _sees(item: Item, person) -> bool:
    return item.openness != Openness.EXEMPT or Item.objects.visible_to(person).filter(pk=item.pk).exists()


# Columns that the program keeps for itself.
_UNSHOWN = {
    "kept_at",
    "kept_by_id",
    "prepared_by_id",
    "version",
    "updated",
    "created",
    "title_key",
    "words",
    "ended",
    "item_ptr_id",
    "id",
    "kind",
}


def shown_fields(item) -> dict:
    """The fields of an item that a reader of its history cares for, by column."""
    return {field.column: field for field in type(item)._meta.concrete_fields if field.column not in _UNSHOWN}


def changes_of_item(item):
    """The trail of an item, the newest first, without what the program changes for itself."""
    tables = [("items_item", item.pk), (item._meta.db_table, item.pk)]
    return changes_of(tables).filter(action=Change.UPDATE, after__has_any_keys=list(shown_fields(item)))


def in_words(changes, item, person) -> list[dict]:
    """Each change with its fields before and after as people read them; names are looked up once for them all.

    What the person may not see is not named.
    """
    fields = shown_fields(item)
    names = {name: _names(field, name, changes, person) for name, field in fields.items() if field.is_relation}
    names["state"] = {state.name: state.label for state in type(item).flow.states}
    return [{"change": change, "lines": list(_lines(change, fields, names))} for change in changes]


def _names(field, column: str, changes, person) -> dict:
    keys = {row[column] for change in changes for row in (change.before, change.after) if row.get(column)}
    if not keys:
        return {}
    if not issubclass(field.related_model, Item):
        return field.related_model._default_manager.in_bulk(keys)
    seen = field.related_model._default_manager.visible_to(person).in_bulk(keys)
    return dict.fromkeys(keys, _("something you may not see")) | seen


def _lines(change, fields: dict, names: dict):
    for column in sorted(change.after.keys() & fields.keys()):
        field = fields[column]
        words = names.get(column) or dict(field.flatchoices)
        before, after = (_in_words(row.get(column), words) for row in (change.before, change.after))
        yield field.verbose_name, before, after


def _in_words(value, words: dict):
    return "–" if value in (None, "") else words.get(value, value)
