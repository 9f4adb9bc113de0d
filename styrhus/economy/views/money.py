"""The money of a unit: what is granted, what is spent, and the lines behind it."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy import drawing
from styrhus.economy.access import may_look_into
from styrhus.economy.lists import LINE_COLUMNS, LineFilters
from styrhus.economy.models import Book, Extract, Line
from styrhus.economy.operations.forecasts import GIVES
from styrhus.economy.pages import unit_or_404
from styrhus.economy.queries.codes import unplaced
from styrhus.economy.queries.forecasts import is_far_off, measures_of, newest_of, with_forecasts
from styrhus.economy.queries.money import by_kind, by_unit, centres_of, is_whole, largest_deviations, total, year_asked
from styrhus.kit import charts
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import authority_of, require
from styrhus.organisation.models import Position, Unit

# The balance has a statement of its own: what stands there is no spending.
CLASSES = (("1", gettext_lazy("Operations")), ("0", gettext_lazy("Investment")))


def own_money(request):
    """The page of the unit that one leads, else of the one worked in, else of the municipality."""
    require(request.user, "economy.view")
    held = Position.objects.filter(pk__in=authority_of(request.user).positions).order_by("-leads", "unit__path")
    first = held.select_related("unit").first()
    unit = first.unit if first and first.leads else Unit.objects.filter(parent=None).order_by("pk").first()
    if unit is None:
        raise Http404
    return redirect("economy:money", unit.pk)


def money(request, pk):
    """Budget, accounts and last year by kind, and the units right below."""
    require(request.user, "economy.view")
    unit = unit_or_404(pk)
    asked = request.GET
    of = year_asked(asked.get("ar", ""), asked.get("versjon", ""), asked.get("klasse", ""), this_year=date.today().year)
    series, months = by_kind(unit, of)
    if asked.get("format") in ("chart", "svg"):
        return charts.answer(drawing.through_the_year(months, series), asked["format"])
    below = list(Unit.objects.filter(parent=unit).living(date.today()).order_by("path"))
    context = {
        "unit": unit,
        "of": of,
        "classes": CLASSES,
        "series": series,
        "total": total(series, _("Total")),
        "deviations": largest_deviations(series) if of.version and of.last_month else [],
        "below": with_forecasts(by_unit(below, of), of),
        "forecast": (given := newest_of([unit], of).get(unit.pk)),
        "is_far_off": given is not None and is_far_off(given),
        "measures": measures_of(unit, of, request.user) if given else [],
        "may_forecast": bool(of.last_month) and request.user.has_perm(GIVES, unit),
        "above": list(Unit.objects.above(unit)),
        "has_months": any(month for month in months),
        "may_set_up": request.user.has_perm("ledger.set_up"),
        "may_look": may_look_into(request.user, unit),
        "unplaced": unplaced(of.year) if is_whole(unit) else [],
        "address": f"ar={of.year}&versjon={of.version.pk if of.version else ''}&klasse={of.account_class}",
    }
    return render(request, "economy/money.html", context)


class LineList(ListPage):
    """The lines of a unit and those below it, in one year."""

    intro = gettext_lazy("Each line as the accounting system gave it")
    columns = LINE_COLUMNS
    filters = LineFilters
    order = "kind"
    per_page = 50

    def dispatch(self, request, *args, pk, **kwargs):
        self.unit = unit_or_404(pk)
        self.title = _("Lines of %(unit)s") % {"unit": self.unit}
        return super().dispatch(request, *args, **kwargs)

    def rows(self):
        if not may_look_into(self.request.user, self.unit):
            raise PermissionDenied
        of = year_asked(self.request.GET.get("year", ""), "", "", this_year=date.today().year)
        standing = Extract.objects.standing().filter(book=Book.ACCOUNTS, year=of.year)
        found = Line.objects.filter(extract__in=standing).select_related("extract")
        if not is_whole(self.unit):
            found = found.filter(cost_centre__in=centres_of(self.unit, of.year).values("code"))
        return found

    def actions(self):
        return [{"label": _("Back to the economy page"), "url": reverse("economy:money", args=[self.unit.pk])}]
