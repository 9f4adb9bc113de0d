"""The registers of ledger lines, codes and extracts."""

import django_filters as filters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy import kostra
from styrhus.economy.models import Amendment, Book, Code, Dimension, Extract, Line, PaymentRight, Version
from styrhus.economy.words import month_in_words, with_ore
from styrhus.kit.lists import Column, linked, tag


def _months() -> list[tuple[int, str]]:
    return [(number, month_in_words(number).capitalize()) for number in (*range(1, 14), 0)]


LINE_COLUMNS = (
    Column("month", gettext_lazy("Month"), lambda line: month_in_words(line.extract.month), ("extract__month",)),
    Column("cost_centre", gettext_lazy("Cost centre"), "cost_centre", ("cost_centre",)),
    Column("kind", gettext_lazy("Account kind"), "kind", ("kind", "extract__month"), kind="head"),
    Column("function", gettext_lazy("Function"), "function", ("function",)),
    Column("project", gettext_lazy("Project"), "project", ("project",)),
    Column("text", gettext_lazy("Text"), "text", ("text",)),
    Column(
        "amount", gettext_lazy("Amount"), lambda line: line.amount / 100, ("amount",),
        look=lambda line: with_ore(line.amount), kind="number",
    ),
)  # fmt: skip


class LineFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Text"), field_name="text", lookup_expr="icontains")
    year = filters.NumberFilter(label=gettext_lazy("Year"), method="as_read")
    month = filters.ChoiceFilter(
        label=gettext_lazy("Month"), field_name="extract__month", choices=_months, empty_label=gettext_lazy("All")
    )
    account_class = filters.ChoiceFilter(
        label=gettext_lazy("Account class"),
        choices=[("0", gettext_lazy("Investment")), ("1", gettext_lazy("Operations")), ("2", gettext_lazy("Balance"))],
        empty_label=gettext_lazy("All"),
    )
    cost_centre = filters.CharFilter(label=gettext_lazy("Cost centre"))
    kind = filters.CharFilter(label=gettext_lazy("Kind, KOSTRA's or our own"), method="of_kind")

    class Meta:
        model = Line
        fields: list[str] = []

    def as_read(self, queryset, name, year):
        """The page has chosen the lines of the year already."""
        return queryset

    def of_kind(self, queryset, name, code):
        ours = Code.objects.filter(dimension=Dimension.KIND, kostra=code).values("code")
        return (
            queryset.filter(kind__in=ours) if code in kostra.kinds() and len(code) == 3 else queryset.filter(kind=code)
        )


def _placed(code: Code) -> str:
    if code.dimension == Dimension.COST_CENTRE:
        return str(code.unit) if code.unit else ""
    listed = {Dimension.KIND: kostra.kinds, Dimension.FUNCTION: kostra.functions}.get(Dimension(code.dimension))
    found = listed().get(code.kostra) if listed else None
    return f"{found.code} {found.name}" if found else ""


def _placed_look(code: Code):
    if placed := _placed(code):
        return placed
    if code.dimension in (Dimension.PROJECT, Dimension.FREE):
        return "–"
    words = _("belongs to no unit") if code.dimension == Dimension.COST_CENTRE else _("has no KOSTRA code")
    return tag(words, color="warning")


CODE_COLUMNS = (
    Column("code", gettext_lazy("Code"), "code", ("code",), linked, "head"),
    Column("dimension", gettext_lazy("Dimension"), lambda each: each.get_dimension_display(), ("dimension", "code")),
    Column("placed", gettext_lazy("Unit or KOSTRA"), _placed, ("kostra", "unit__path"), _placed_look),
    Column("first_year", gettext_lazy("From"), lambda each: str(each.first_year), ("first_year",)),
    Column("last_year", gettext_lazy("To"), lambda each: str(each.last_year or ""), ("last_year",)),
)


class CodeFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Code or name"), method="with_words")
    dimension = filters.ChoiceFilter(
        label=gettext_lazy("Dimension"), choices=Dimension.choices, empty_label=gettext_lazy("All")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[("unplaced", gettext_lazy("Cannot be placed"))],
        method="in_state",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Code
        fields: list[str] = []

    def with_words(self, queryset, name, words):
        return queryset.filter(code__istartswith=words) | queryset.filter(name__icontains=words)

    def in_state(self, queryset, name, state):
        return queryset.unmapped()


def _state(extract: Extract) -> str:
    if extract.undone_in is not None:
        return _("undone")
    return _("replaced") if extract.replaced_by_id else _("stands")


EXTRACT_COLUMNS = (
    Column("year", gettext_lazy("Year"), lambda each: str(each.year), ("year", "month"), kind="head"),
    Column("month", gettext_lazy("Month"), lambda each: month_in_words(each.month), ("month",)),
    Column(
        "book", gettext_lazy("Book"), lambda each: each.version.name if each.version else each.get_book_display(),
        ("book", "version__name"),
    ),
    Column("source", gettext_lazy("Source"), "source", ("source",)),
    Column("lines", gettext_lazy("Lines"), "lines", ("lines",), kind="number"),
    Column(
        "total", gettext_lazy("Sum"), lambda each: each.total / 100, ("total",),
        look=lambda each: with_ore(each.total), kind="number",
    ),
    Column("at", gettext_lazy("Loaded"), "at", ("at",), kind="date"),
    Column("state", gettext_lazy("Status"), _state, ()),
)  # fmt: skip


class ExtractFilters(filters.FilterSet):
    book = filters.ChoiceFilter(label=gettext_lazy("Book"), choices=Book.choices, empty_label=gettext_lazy("All"))
    year = filters.NumberFilter(label=gettext_lazy("Year"))
    state = filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[("stands", gettext_lazy("Stands"))],
        method="in_state",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Extract
        fields: list[str] = []

    def in_state(self, queryset, name, state):
        return queryset.standing()


VERSION_COLUMNS = (
    Column("name", gettext_lazy("Name"), "name", ("name",), linked, "head"),
    Column("year", gettext_lazy("Year"), lambda each: str(each.year), ("year", "pk")),
    Column("based_on", gettext_lazy("Builds on"), lambda each: str(each.based_on or ""), ("based_on__name",)),
)


class VersionFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Name"), field_name="name", lookup_expr="icontains")
    year = filters.NumberFilter(label=gettext_lazy("Year"))

    class Meta:
        model = Version
        fields: list[str] = []


AMENDMENT_COLUMNS = (
    Column("title", gettext_lazy("What is changed"), "title", ("title",), linked, "head"),
    Column("version", gettext_lazy("Budget version"), lambda each: str(each.version), ("version__year", "version__id")),
    Column(
        "rests_on", gettext_lazy("Rests on"), lambda each: each.decision or str(each.authority or ""),
        ("decision", "authority__title"),
    ),
    Column("by", gettext_lazy("Made by"), lambda each: str(each.by), ("by__last_name",)),
    Column("made", gettext_lazy("Made"), "made", ("made",), kind="date"),
    Column("taken_in_at", gettext_lazy("In the budget"), "taken_in_at", ("taken_in_at",), kind="date"),
)  # fmt: skip


class AmendmentFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("What is changed"), field_name="title", lookup_expr="icontains")
    year = filters.NumberFilter(label=gettext_lazy("Year"), field_name="version__year")
    state = filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[("draft", gettext_lazy("Not taken in")), ("in", gettext_lazy("In the budget"))],
        method="in_state",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Amendment
        fields: list[str] = []

    def in_state(self, queryset, name, state):
        return queryset.filter(taken_in_at__isnull=state == "draft")


PAYMENT_COLUMNS = (
    Column("position", gettext_lazy("Position"), lambda each: str(each.position), ("position__title",), linked, "head"),
    Column("right", gettext_lazy("Right"), lambda each: each.get_right_display(), ("right",)),
    Column("unit", gettext_lazy("Unit"), lambda each: str(each.unit), ("unit__path", "right")),
    Column("start", gettext_lazy("From"), "start", ("start",), kind="date"),
    Column("end", gettext_lazy("To"), "end", ("end",), kind="date"),
)


class PaymentFilters(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Unit"), field_name="unit__name", lookup_expr="icontains")
    right = filters.ChoiceFilter(
        label=gettext_lazy("Right"), choices=PaymentRight.Right.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = PaymentRight
        fields: list[str] = []
