"""The register of what is lacking on the thread: everything that the control queries find, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

import django_filters as filters
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, QuerySet, Value
from django.db.models.fields import SmallIntegerField
from django.forms import CheckboxInput
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from styrhus.home.queries import COUNT_AT_MOST, counted_to_a_limit
from styrhus.items.controls import Control, controls
from styrhus.items.lists import UnitFilter, due_look
from styrhus.items.models import Item
from styrhus.kit.lists import NOTHING, Column, ListPage, tag
from styrhus.organisation.models import Appointment, Unit
from styrhus.planning.queries.contents import page_of_kind

READ_AT_ONCE = 500
# What the register is sorted by beside what is lacking.
SORTED_BY = {"title": "title_key", "unit": "unit__path", "due": "due"}


@dataclass(frozen=True)
class Finding:
    """One thing with one thing wrong."""

    control: Control
    item: Item

    @property
    def holders(self) -> str:
        position: Any = self.item.responsible
        return ", ".join(held.person.name for held in position.holders_now)


class Findings:
    """What the controls find among some items. A paginator takes it as a list, and an export reads it all."""

    def __init__(self, items: QuerySet, on: date, asked: str = "", sort: str = "gap"):
        self.items, self.on, self.asked = items, on, asked
        self.sort = sort
        self._counts: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many each control finds, to a limit: one question for them all."""
        if self._counts is None:
            known = controls()
            numbers = counted_to_a_limit(each.find(self.items, self.on) for each in known)
            self._counts = {each.name: number for each, number in zip(known, numbers, strict=True)}
        return self._counts

    @property
    def wanted(self) -> list[tuple[int, Control]]:
        return [(place, each) for place, each in enumerate(controls()) if self.asked in ("", each.name)]

    def __len__(self) -> int:
        return sum(self.counts[each.name] for _place, each in self.wanted)

    def __getitem__(self, part: slice) -> list[Finding]:
        return self._read(self._keys()[part])

    def iterator(self, chunk_size: int = READ_AT_ONCE) -> Iterator[Finding]:
        for keys in batched(list(self._keys()), min(chunk_size, READ_AT_ONCE)):
            yield from self._read(keys)

    def _keys(self) -> QuerySet:
        """The place of the control and the key of the item, in the order asked for."""
        field = SORTED_BY.get(self.sort.removeprefix("-"), "pk")
        first, *others = [
            each.find(self.items, self.on)
            .annotate(place=Value(place, SmallIntegerField()), key=F(field))
            .order_by()
            .values_list("place", "key", "pk")
            for place, each in self.wanted
        ]
        merged = first.union(*others, all=True) if others else first
        down = "-" if self.sort.startswith("-") else ""
        order = ("key", "place") if self.sort.removeprefix("-") in SORTED_BY else ("place", "key")
        return merged.order_by(f"{down}{order[0]}", order[1], "pk")

    def _read(self, keys) -> list[Finding]:
        found = [(row[0], row[-1]) for row in keys]
        held = Appointment.objects.in_force(self.on).select_related("person").order_by("kind", "start")
        rows = Item.objects.filter(pk__in={pk for _place, pk in found}).select_related("unit", "responsible")
        items = rows.prefetch_related(Prefetch("responsible__appointments", held, to_attr="holders_now")).in_bulk()
        return [Finding(controls()[place], items[pk]) for place, pk in found if pk in items]


class PagesOfFindings(Paginator):
    object_list: Any

    @property
    def is_more(self) -> bool:
        """Whether one of the controls finds more than are counted."""
        return any(self.object_list.counts[each.name] > COUNT_AT_MOST for _place, each in self.object_list.wanted)

    @property
    def shown_count(self) -> int:
        return len(self.object_list)


class GapFilters(filters.FilterSet):
    q = filters.CharFilter(label=_("Words in the title"), method="with_words")
    gap = filters.ChoiceFilter(label=_("What is lacking"), method="as_it_is", empty_label=_("Everything"))
    unit = UnitFilter(label=_("Unit and below"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("All"))
    mine = filters.BooleanFilter(label=_("Only mine"), method="of_mine", widget=CheckboxInput)

    class Meta:
        model = Item
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["gap"].extra["choices"] = [(each.name, each.label) for each in controls()]

    def with_words(self, items, _name, words):
        return items.with_words(words)

    def as_it_is(self, items, _name, _asked):
        """Which control is asked is chosen where they are asked: the counts are of them all."""
        return items

    def in_unit(self, items, _name, unit):
        return items.filter(unit__in=Unit.objects.below(unit).named())

    def of_mine(self, items, _name, ticked):
        return items.where(self.request.user, "item.follow_up") if ticked else items


def title_look(finding: Finding):
    """Leads to the thing, where it is mended."""
    return format_html('<a class="ds-link" href="{}">{}</a>', page_of_kind(finding.item), finding.item.title)


def holder_look(finding: Finding):
    return finding.holders or tag(_("vacant"), color="warning")


def thread_look(finding: Finding):
    url = reverse("home:thread", args=[finding.item.pk])
    words = format_html('<span class="ds-sr-only">: {}</span>', finding.item.title)
    return format_html('<a class="ds-link" href="{}">{}{}</a>', url, _("Show"), words)


class GapList(ListPage):
    title = _("Gaps in the red thread")
    intro = _("Where the way from goal to result is broken, and who answers for mending it.")
    columns: tuple[Column, ...] = (
        Column("title", _("Title"), "item.title", ("title_key",), look=title_look, kind="head"),
        Column("gap", _("What is lacking"), lambda finding: str(finding.control.label), ("place",)),
        Column("kind", _("Kind"), lambda finding: str(finding.item.get_kind_display()).capitalize()),
        Column("unit", _("Unit"), "item.unit", ("unit__path",)),
        Column("responsible", _("Responsible"), "item.responsible.title"),
        Column("holder", _("Held by"), "holders", look=holder_look),
        Column("due", _("Due"), "item.due", ("due",), look=lambda finding: due_look(finding.item), kind="date"),
        Column("thread", _("Red thread"), lambda _finding: NOTHING, look=thread_look),
    )
    filters = GapFilters
    order = "gap"
    template_name = "home/gaps.html"

    def rows(self):
        return Item.objects.visible_to(self.request.user)

    def sorted(self, rows) -> Findings:
        form = self.filterset.form
        asked = form.cleaned_data.get("gap", "") if form.is_valid() else ""
        return Findings(rows, date.today(), asked, self.sort)

    def page(self, chosen: Any):
        return self.page_asked_for(PagesOfFindings(chosen, self.per_page))

    def context(self, chosen: Findings) -> dict:
        asked = chosen.asked
        counted = [
            {
                "label": each.label,
                "number": chosen.counts[each.name],
                "url": "?" + self._without("page", "format", gap=each.name),
                "is_asked": each.name == asked,
            }
            for each in controls()
        ]
        everything = "?" + self._without("page", "format", "gap")
        return super().context(chosen) | {"counted": counted, "everything": everything, "asked": asked}

    def export(self, form: str, chosen: Findings):
        self.columns = tuple(column for column in self.columns if column.name != "thread")
        return super().export(form, chosen)
