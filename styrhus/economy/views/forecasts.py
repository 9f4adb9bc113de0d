"""The page on which a leader says what the year will come to."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.forms import ForecastForm
from styrhus.economy.models import Answer, Forecast
from styrhus.economy.operations import forecasts
from styrhus.economy.pages import unit_or_404
from styrhus.economy.queries.forecasts import earlier, hits, newest_of, rolled_up
from styrhus.economy.queries.heat import heat_map
from styrhus.economy.queries.money import Money, by_kind, largest_deviations, total, year_asked
from styrhus.economy.words import ORE, month_in_words
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit
from styrhus.planning.pages import tell_refusal
from styrhus.planning.views.measures import NewMeasure

# More than the whole year and a half was booked by now: what came after went back, and the share says nothing.
MOST_TOLD = 150


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
        "share": _share_of_last_year(stands),
        "hits": hits([unit], of),
        "form": form,
    }
    return render(request, "economy/forecast.html", context, status=422 if form.errors else 200)


class MeasureOfForecast(NewMeasure):
    """A measure because the year is expected to come to more than is granted."""

    title = gettext_lazy("New measure because of a forecast")

    def dispatch(self, request, *args, **kwargs):
        self.unit = unit_or_404(kwargs.pop("pk"))
        require(request.user, forecasts.GIVES, self.unit)
        found = Forecast.objects.filter(unit=self.unit).order_by("year", "month", "pk").last()
        if found is None:
            raise Http404
        self.forecast = found
        return super().dispatch(request, *args, **kwargs)

    def initial(self):
        return super().initial() | {
            "title": _("Keep the budget of %(unit)s") % {"unit": self.unit},
            "unit": self.unit.pk,
        }

    @transaction.atomic
    def save(self, form):
        measure = super().save(form)
        Answer.objects.create(forecast=self.forecast, measure=measure)
        return measure

    def cancel_url(self):
        return reverse("economy:money", args=[self.unit.pk])


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


def _share_of_last_year(stands: Money) -> int | None:
    """Per cent of last year that was booked by now; None where it tells nothing."""
    share = 100 * stands.last_year_then / stands.last_year if stands.last_year else 0
    return round(share) if 0 < share <= MOST_TOLD else None


def _whole(ore: int) -> str:
    return f"{round(ore / ORE):,}".replace(",", "\u00a0")
