"""The statutory statements on screen and as a spreadsheet."""

from datetime import date
from operator import itemgetter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from styrhus.economy.budget_forms import AreaForm
from styrhus.economy.models import Area
from styrhus.economy.operations.areas import keep_area
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.pages import keep_form
from styrhus.economy.queries.sheets import further, sheet_of
from styrhus.economy.queries.statements import art_in_words, columns, years_with_figures
from styrhus.economy.statements import Statement, statements
from styrhus.kit import export, lists
from styrhus.organisation.access import require
from styrhus.planning.pages import form_page


def all_statements(request):
    require(request.user, "economy.view")
    context = {"statements": statements().values(), "further": further().items(), "years": _years()}
    return render(request, "economy/statements.html", context | {"may_set_up": request.user.has_perm(KEEPS)})


def _years() -> list[int]:
    return years_with_figures() or [date.today().year]


def statement(request, name):
    """One statement with its columns, and whether it goes up with the ledger."""
    require(request.user, "economy.view")
    found = statements().get(name)
    if found is None:
        raise Http404
    asked, years = request.GET.get("ar", ""), _years()
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else years[0]
    shown = columns(found, year)
    if request.GET.get("format") in export.WRITERS:
        return _as_file(found, year, shown, request.GET["format"])
    context = {
        "statement": found,
        "year": year,
        "years": years,
        "columns": shown,
        "rows": [(line, [column.of(line.number) for column in shown]) for line in found.lines],
        "missing": _missing(shown),
        "reconciled": [(column, column.of(found.result.number)) for column in shown],
    }
    return render(request, "economy/statement.html", context)


def sheet(request, name):
    """A statement that is made of more than kinds."""
    require(request.user, "economy.view")
    asked, years = request.GET.get("ar", ""), _years()
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else years[0]
    if name not in further():
        raise Http404
    found = sheet_of(name, year)
    if request.GET.get("format") in export.WRITERS:
        named = [
            lists.Column("name", _("What"), itemgetter(0)),
            *(
                lists.Column(f"column{place}", label, itemgetter(place), kind="number")
                for place, label in enumerate(found.columns, start=1)
            ),
        ]
        rows = [(row.label, *(amount / 100 for amount in row.amounts)) for row in found.rows]
        return export.WRITERS[request.GET["format"]](f"{found.name} {year}", named, rows)
    return render(request, "economy/sheet.html", {"sheet": found, "year": year, "years": years})


def areas(request):
    """The appropriation areas, as they hold from year to year."""
    require(request.user, KEEPS)
    return render(request, "economy/areas.html", {"areas": Area.objects.prefetch_related("units")})


def new_area(request):
    return _area_form(request, Area(first_year=date.today().year), _("New appropriation area"))


def area(request, pk):
    found = get_object_or_404(Area, pk=pk)
    return _area_form(request, found, _("Change “%(title)s”") % {"title": found})


def _area_form(request, found: Area, title: str):
    require(request.user, KEEPS)
    form = AreaForm(request.POST if request.method == "POST" else None, instance=found)
    if keep_form(form, lambda: keep_area(form.save(commit=False), form.cleaned_data["units"], by=request.user)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": found})
        return redirect("economy:areas")
    return form_page(request, form, title, reverse("economy:areas"))


def _missing(shown) -> list[tuple[str, list[int]]]:
    arts = sorted({art for column in shown for art in column.computed.unplaced})
    return [(art_in_words(art), [column.computed.unplaced.get(art, 0) for column in shown]) for art in arts]


def _as_file(found: Statement, year: int, shown, form: str):
    """Kroner with two decimals, to the øre."""
    named = [
        lists.Column("line", _("Line"), itemgetter(0)),
        lists.Column("name", _("What"), itemgetter(1)),
        *(
            lists.Column(f"column{place}", column.label, itemgetter(place), kind="number")
            for place, column in enumerate(shown, start=2)
        ),
    ]
    rows = [(line.number, line.name, *(column.of(line.number) / 100 for column in shown)) for line in found.lines]
    rows += [("", what, *(amount / 100 for amount in amounts)) for what, amounts in _missing(shown)]
    return export.WRITERS[form](f"{found.name} {year}", named, rows)
