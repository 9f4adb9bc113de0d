"""The register page: a declaration of queryset, columns and filters; the rest comes with it.

Filtering, sorting, paging, CSV and XLSX; htmx swaps the register of the answer into the page.
Rows are drawn by a lean template of our own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from operator import attrgetter
from typing import cast

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from django_filters import FilterSet

from styrhus.kit import export

COUNT_AT_MOST = 1_000
NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """One column. `value` is a dotted attribute or a function of the row; `order` the database fields it sorts by.

    `look` may draw the value otherwise in the page than in a file: a function of the row giving safe HTML.
    """

    name: str
    label: str | Promise
    value: str | Callable
    order: tuple[str, ...] = ()
    look: Callable | None = None
    kind: str = "text"

    def read(self, row):
        return self.value(row) if callable(self.value) else attrgetter(self.value)(row)

    def draw(self, row):
        return self.look(row) if self.look else shown(self.read(row))

    @property
    def marks(self) -> str:
        """What the stylesheet needs to know of a cell: its kind."""
        return f" data-{self.kind}" if self.kind in ("date", "number") else ""

    def cells(self, rows) -> list[str]:
        """The column's cells as HTML. In Python and a column at a time: a template asks the same for every cell."""
        if self.kind == "head":
            return [f'<th scope="row">{_safe(self.draw(row))}</th>' for row in rows]
        start = f'<td data-label="{escape(str(self.label))}"{self.marks}>'
        return [f"{start}{_safe(self.draw(row))}</td>" for row in rows]


def _safe(drawn) -> str:
    return drawn if hasattr(drawn, "__html__") else escape(str(drawn))


def shown(value) -> str:
    """A value as people read it in a table."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return localize(value) if isinstance(value, int | float) else str(value)


def linked(row) -> str:
    # Not format_html, which takes half as long as the rest of the row.
    return mark_safe(f'<a class="ds-link" href="{escape(row.get_absolute_url())}">{escape(str(row))}</a>')  # noqa: S308


def tag(words, **marks: str) -> SafeString:
    """A word or two with a look of their own: `tag(_("overdue"), color="danger")`."""
    looks = "".join(f' data-{name}="{escape(value)}"' for name, value in marks.items())
    return mark_safe(f'<span class="ds-tag"{looks}>{escape(str(words))}</span>')  # noqa: S308 - both parts are escaped


class CountedToALimit(Paginator):
    """Counts to a limit: nobody pages past a thousand rows, and counting all of them is what makes a page slow."""

    object_list: QuerySet

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[: COUNT_AT_MOST + 1].count()

    def page(self, number):
        """The rows of one page. Deeper in, their keys are found first, so that what is skipped is never read whole."""
        page = super().page(number)
        if page.number == 1:
            return page
        keys = list(cast(QuerySet, page.object_list).values_list("pk", flat=True))
        page.object_list = self.object_list.filter(pk__in=keys)
        return page

    @property
    def is_more(self) -> bool:
        return self.count > COUNT_AT_MOST

    @property
    def shown_count(self) -> int:
        return min(self.count, COUNT_AT_MOST)


class FoundKeys(CountedToALimit):
    """Pages of keys that are found already, at most one more than is counted. Whoever shows them reads the rows."""

    @cached_property
    def count(self):
        return len(self.object_list)

    def page(self, number):
        return Paginator.page(self, number)


class ListPage(View):
    """Subclasses say `title`, `columns`, `filters` (a FilterSet class), `order` (a column name) and `rows()`."""

    title: str | Promise = ""
    intro: str | Promise = ""
    # The page that the list lies under, for one that is not in the menu: its label and the name of its address.
    above: tuple[str | Promise, str] | None = None
    columns: tuple[Column, ...] = ()
    filters: type[FilterSet]
    order = ""
    per_page = 25
    can_save_view = False
    template_name = "kit/register.html"

    def rows(self):
        raise NotImplementedError

    def get(self, request):
        chosen = self.chosen()
        if request.GET.get("format") in export.WRITERS:
            return self.export(request.GET["format"], chosen)
        return render(request, self.template_name, self.context(chosen))

    def chosen(self):
        """The rows that the filters leave, in the order asked for."""
        self.filterset = self.filters(self.request.GET, queryset=self.rows(), request=self.request)
        return self.sorted(self.filterset.qs)

    def sorted(self, rows):
        name = self.sort.removeprefix("-")
        column = next(column for column in self.columns if column.name == name)
        down = self.sort.startswith("-")
        return rows.order_by(*(_turned(field) if down else field for field in column.order), "-pk" if down else "pk")

    @cached_property
    def sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        names = {column.name for column in self.columns if column.order}
        return asked if asked.removeprefix("-") in names else self.order

    def context(self, chosen) -> dict:
        page = self.page(chosen)
        return {
            "title": self.title,
            "intro": self.intro,
            "above": self.above,
            "filterset": self.filterset,
            "filtered": any(value for name, value in self.request.GET.items() if name in self.filterset.filters),
            "page": page,
            "headers": [self._header(column) for column in self.columns],
            "lines": [mark_safe("".join(cells)) for cells in self._lines(page)],  # noqa: S308 - cells are escaped
            "saved_views": self.saved_views(),
            "register": self.request.resolver_match.view_name,
            "can_save_view": self.can_save_view,
            "querystring": self._without("page", "format"),
            "actions": self.actions(),
        }

    def page(self, chosen):
        return self.page_asked_for(CountedToALimit(chosen, self.per_page))

    def page_asked_for(self, pages: Paginator):
        try:
            return pages.page(self.request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404 from error

    def _without(self, *names: str, **more: str) -> str:
        """The query of this address without some of it, and with something else instead."""
        query = self.request.GET.copy()
        for name, value in more.items():
            query[name] = value
        for name in names:
            query.pop(name, None)
        return query.urlencode()

    def _lines(self, page):
        rows = list(page.object_list)
        return zip(*(column.cells(rows) for column in self.columns), strict=True)

    def _header(self, column) -> dict:
        current = self.sort.removeprefix("-") == column.name
        down = self.sort.startswith("-")
        return {
            "column": column,
            "marks": mark_safe(column.marks),  # noqa: S308 - one of two words of our own
            "url": "?" + self._without("page", "format", sort="-" * (current and not down) + column.name),
            "aria": ("descending" if down else "ascending") if current else "none",
        }

    def saved_views(self):
        return []

    def actions(self) -> list[dict]:
        """Buttons above the list: label, url, main."""
        return []

    def export(self, form: str, chosen):
        return export.WRITERS[form](str(self.title), self.columns, chosen)


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
