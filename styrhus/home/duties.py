"""One list of everything a person, or the units a person leads, answers for: items and follow-ups together, by date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Q, QuerySet, Value

from styrhus.delegation.models import Authorisation
from styrhus.home.finding import kinds
from styrhus.home.queries import COUNT_AT_MOST, counted_to_a_limit
from styrhus.items.models import FollowUp, Item
from styrhus.items.queries import answered_for_by, followed_by, promised_by
from styrhus.items.sorting import SearchWords
from styrhus.items.words import as_query
from styrhus.organisation.access import authority_of, within_reach

PERMISSION = "item.follow_up"
FOLLOW_UPS = "follow_up"
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """Whose (mine, the units I lead, or what I follow), when (overdue, soon or all), which kind, and words."""

    whose: str = "mine"
    when: str = ""
    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class Duty:
    item: Item
    follow_up: FollowUp | None

    @property
    def due(self) -> date | None:
        return self.follow_up.due if self.follow_up else self.item.due

    @property
    def what(self) -> str:
        return self.follow_up.what if self.follow_up else self.item.title

    @property
    def is_check(self) -> bool:
        """Whether the date is that of a check: the date of an authorisation is when its use is looked at next."""
        return self.follow_up is None and self.item.kind == Authorisation.kind_name()

    @property
    def responsible(self):
        return (self.follow_up or self.item).responsible


def leads(person) -> bool:
    return bool(authority_of(person).having(PERMISSION))


class Duties:
    """What is asked for, counted to a limit and read a page at a time. A Django paginator takes it as a list."""

    items: Any
    promises: QuerySet

    def __init__(self, person, asked: Asked, on: date):
        self.asked, self.on = asked, on
        self.items, self.promises = SOURCES[asked.whose](person)

    def __len__(self) -> int:
        """One question, however many kinds there are."""
        return min(sum(counted_to_a_limit(self._sources())), COUNT_AT_MOST)

    def __getitem__(self, wanted: slice) -> list[Duty]:
        """The keys of the page first, each source from its own index; then the rows of this page alone."""
        if not wanted.stop:
            return []
        first, *others = [
            rows.annotate(promise=Value(rows.model is FollowUp, BooleanField()))
            .order_by("due", "pk")
            .values_list("due", "pk", "promise")[: wanted.stop]
            for rows in self._sources()
        ]
        merged = first.union(*others, all=True).order_by("due", "promise", "pk") if others else first
        keys = [(pk, promise) for _due, pk, promise in merged[wanted]]
        items = self.items.select_related("unit", "responsible__unit").in_bulk(
            [pk for pk, is_promise in keys if not is_promise]
        )
        promises = FollowUp.objects.select_related("item__unit", "responsible__unit").in_bulk(
            [pk for pk, is_promise in keys if is_promise]
        )
        return [Duty(promises[pk].item, promises[pk]) if promise else Duty(items[pk], None) for pk, promise in keys]

    def _sources(self) -> list[QuerySet]:
        """The items of each kind, because the index of open items begins with the kind; and the follow-ups."""
        wanted = [kind for kind in kinds() if self.asked.kind in ("", kind)]
        found: list[QuerySet] = [
            self._narrowed(_asking(self.items.filter(kind=kind), kind).with_words(self.asked.words)) for kind in wanted
        ]
        if self.asked.kind in ("", FOLLOW_UPS):
            found.append(self._narrowed(_with_words(self.promises, self.asked.words)))
        return found

    def _narrowed(self, rows: QuerySet) -> QuerySet:
        if self.asked.when == "overdue":
            return rows.filter(due__lt=self.on)
        return rows.filter(due__lt=self.on + SOON) if self.asked.when == "soon" else rows


def _asking(items, kind: str):
    """Duties are what has a deadline or asks for an update: hundreds of laws that hold ask for nothing.

    Most kinds ask for an update as they are made, and are not read for it.
    """
    if kinds()[kind].default_update_every is not None:
        return items
    return items.filter(Q(due__isnull=False) | Q(update_every__isnull=False))


def _in_line(person) -> tuple[QuerySet, QuerySet]:
    items = Item.objects.visible_to(person).filter(ended__isnull=True)
    return items.where(person, PERMISSION), _promised_in_line(person)


# Whose → the items and the follow-ups.
SOURCES: dict[str, Callable[[Any], tuple[QuerySet, QuerySet]]] = {
    "mine": lambda person: (answered_for_by(person), promised_by(person)),
    "line": _in_line,
    "followed": lambda person: (followed_by(person), FollowUp.objects.none()),
}


def _promised_in_line(person) -> QuerySet:
    own = Q(responsible__in=authority_of(person).own(PERMISSION))
    reach = within_reach(person, PERMISSION, unit="responsible__unit", field="item__field")
    return FollowUp.objects.visible_to(person).open().filter(own | reach)


def _with_words(promises: QuerySet, words: str) -> QuerySet:
    query = as_query(words)
    if not query:
        return promises
    wanted = SearchQuery(query, search_type="raw", config="norwegian")
    return promises.alias(words=SearchWords("what")).filter(words=wanted)
