"""The page on which a leader says what the year will come to."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from styrhus.economy.forms import ForecastForm
from styrhus.economy.models import Forecast
from styrhus.economy.operations import forecasts
from styrhus.economy.pages import unit_or_404
from styrhus.economy.queries.forecasts import earlier, hits, newest_of, rolled_up
from styrhus.economy.queries.heat import heat_map
from styrhus.economy.queries.money import by_kind, largest_deviations, total, year_asked
from styrhus.economy.words import ORE, month_in_words
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit
from styrhus.planning.pages import tell_refusal


def forecast(request, pk):
    """What matters on one screen: granted, booked, last year, last forecast, and what the program has computed."""
    unit = unit_or_404(pk)
    require(request.user, forecasts.GIVES, unit)
    of = year_asked("", "", "", this_year=date.today().year)
    series, _months = by_kind(unit, of)
    stands = total(series, _("Total"))
    form = ForecastForm(request.POST if request.method == "POST" else None, initial={"amount": _whole(stands.expected)})
    if request.method == "POST" and form.is_valid():
        wanted = Forecast(unit=unit, year=of.year, month=of.last_month, computed=stands.expected, budget=stands.budget)
        wanted.amount, wanted.comment = form.cleaned_data["amount"], form.cleaned_data["comment"].strip()
        try:
            kept = forecasts.give(wanted, by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            words = _("The forecast with %(month)s is saved.") % {"month": month_in_words(kept.month)}
            messages.success(request, words)
            return redirect("economy:money", pk)
    context = {
        "unit": unit,
        "of": of,
        "month": month_in_words(of.last_month),
        "stands": stands,
        "deviations": largest_deviations(series),
        "last": newest_of([unit], of).get(unit.pk),
        "earlier": earlier(unit, {of.year - 1: stands.last_year}),
        "form": form,
    }
    return render(request, "economy/forecast.html", context, status=422 if form.errors else 200)


def roll_up(request, pk):
    """All units below: who has said what the year comes to, who has not, and where it goes wrong."""
    require(request.user, "economy.view")
    unit = unit_or_404(pk)
    of = year_asked(request.GET.get("ar", ""), "", "", this_year=date.today().year)
    units = list(Unit.objects.filter(path__startswith=unit.path).living(date.today()).order_by("path"))
    told = rolled_up(units, of)
    below = [each for each in told if each.unit.parent_id == unit.pk]
    context = {
        "unit": unit,
        "above": list(Unit.objects.above(unit)),
        "of": of,
        "month": month_in_words(of.last_month),
        "told": told,
        "delivered": sum(each.is_delivered for each in told),
        "heat": heat_map(below),
        "hits": hits(units, of),
    }
    return render(request, "economy/roll_up.html", context)


def _whole(ore: int) -> str:
    return f"{round(ore / ORE):,}".replace(",", "\u00a0")
