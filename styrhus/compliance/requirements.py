"""What is done with requirements: our own lists are taken in, and things point to them."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.compliance.models import Requirement
from styrhus.compliance.rules import in_language, laws, rows_of
from styrhus.items import operations as items
from styrhus.items.copying import copy_rows
from styrhus.items.models import Event, Item, Link
from styrhus.organisation.access import require
from styrhus.organisation.models import Position

LAWS, REGULATIONS, GOALS = "laws", "regulations", "goals"
LISTS = {
    LAWS: gettext_lazy("Acts"),
    REGULATIONS: gettext_lazy("Regulations"),
    GOALS: gettext_lazy("Sustainable development goals and their targets"),
}
FOUND_AT_MOST = 10


@transaction.atomic
def take_in(lists: Iterable[str], position: Position, *, by) -> int:
    """Our own lists, answered for by one position; how many were new. What is there already is left as it is."""
    require(by, "requirement.keep")
    wanted = set(lists)
    made = sum(
        _copied(_acts(kind), position, by)
        for name, kind in ((LAWS, "law"), (REGULATIONS, "regulation"))
        if name in wanted
    )
    if GOALS in wanted:
        # The goals first: each target is part of one.
        with translation.override(settings.LANGUAGE_CODE):
            made += _copied(_goals(), position, by)
            made += _copied(_targets(), position, by)
    return made


def _copied(rows: Iterable[dict], position: Position, by) -> int:
    there = set(Requirement.objects.values_list("source", "code"))
    new = [row for row in rows if (row["source"], row["code"]) not in there]
    made = copy_rows(Requirement, (row | {"unit_id": position.unit_id, "responsible_id": position.pk} for row in new))
    codes = {row["code"] for row in new}
    born = Requirement.objects.filter(source__in={row["source"] for row in new}, code__in=codes)
    Event.objects.bulk_create(
        Event(item_id=pk, by=by, step="create", target=Requirement.IN_FORCE)
        for pk in born.order_by("pk").values_list("pk", flat=True)
    )
    return made


def _acts(kind: str) -> Iterator[dict]:
    for code, row in laws().items():
        if row["kind"] == kind:
            yield {
                "source": kind,
                "code": code,
                "title": row["short_name"],
                "text": row["full_name"],
                "confidence": row["confidence"],
            }


def _goals() -> Iterator[dict]:
    for row in rows_of("sdg_goals"):
        words = {"number": row["code"], "name": in_language(row, settings.LANGUAGE_CODE)}
        title = _("Goal %(number)s: %(name)s") % words
        yield {"source": Requirement.Source.GOAL, "code": row["code"], "title": title}


def _targets() -> Iterator[dict]:
    goals = dict(Requirement.objects.filter(source=Requirement.Source.GOAL).values_list("code", "pk"))
    for row in rows_of("sdg_targets"):
        words = {"number": row["code"], "name": in_language(row, settings.LANGUAGE_CODE)}
        title = _("Target %(number)s: %(name)s") % words
        yield {
            "source": Requirement.Source.TARGET,
            "code": row["code"],
            "title": title,
            "parent_id": goals[row["goal"]],
        }


def pointed_to_by(item: Item, person) -> list[tuple[Link, Requirement]]:
    """The requirements that a thing points to, as far as the person may see them."""
    links = {link.target_id: link for link in Link.objects.filter(source=item.pk, kind=Link.Kind.FULFILS)}
    found = Requirement.objects.visible_to(person).filter(pk__in=links).order_by("source", "title_key", "pk")
    return [(links[each.pk], each) for each in found]


def to_point_to(item: Item, words: str, person) -> list[Requirement]:
    """What the words find among the requirements in force that the thing does not point to yet."""
    if not words.strip():
        return []
    pointed = Link.objects.filter(source=item.pk, kind=Link.Kind.FULFILS).values("target")
    found = Requirement.objects.visible_to(person).filter(ended__isnull=True).exclude(pk__in=pointed)
    return list(found.found_by(words).order_by("source", "title_key", "pk")[:FOUND_AT_MOST])


@transaction.atomic
def point_to(item: Item, requirement: Requirement, *, by) -> Link:
    """A thing is done for the sake of a requirement. Whoever may change the thing says so; twice is once."""
    require(by, item.concrete().edit_permission(), item)
    if requirement.pk == item.pk:
        raise ValidationError(_("A requirement does not point to itself."))
    held = Item.objects.select_for_update().get(pk=item.pk)
    there = Link.objects.filter(source=held, target=requirement.pk, kind=Link.Kind.FULFILS).first()
    return there or items.link(held, requirement.as_item, Link.Kind.FULFILS, by=by)


@transaction.atomic
def point_no_longer(item: Item, link: Link, *, by) -> None:
    require(by, item.concrete().edit_permission(), item)
    link.delete()
