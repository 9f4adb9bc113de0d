"""The statutory statements on screen and as a spreadsheet."""

from datetime import date
from operator import itemgetter

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from styrhus.economy.queries.statements import art_in_words, columns, years_with_figures
from styrhus.economy.statements import Statement, statements
from styrhus.kit import export, lists
from styrhus.organisation.access import require


def all_statements(request):
    require(request.user, "economy.view")
    return render(request, "economy/statements.html", {"statements": statements().values(), "years": _years()})


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
