"""The register of indicators and the page of one."""

import csv
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.http import require_POST

from styrhus.items.lists import ItemList
from styrhus.items.pages import EditItem, NewItem
from styrhus.items.queries import page_of
from styrhus.kit import charts
from styrhus.kit.export import harmless
from styrhus.organisation.access import require, units_where
from styrhus.scorecard import drawing
from styrhus.scorecard.forms.indicators import IndicatorForm, MeasuredInForm, TargetForm
from styrhus.scorecard.lists.indicators import INDICATOR_COLUMNS, IndicatorFilters
from styrhus.scorecard.models import Indicator, Target
from styrhus.scorecard.operations import measurements, targets
from styrhus.scorecard.pages import indicator_or_404, tell_refusal
from styrhus.scorecard.queries.comparison import compared, has_others
from styrhus.scorecard.queries.indicators import figures_of, history_of, units_compared

FILES = ("csv", "json")


class IndicatorList(ItemList):
    title = gettext_lazy("Indicators")
    intro = gettext_lazy("What is measured, how it is added up, and who answers for it")
    columns = INDICATOR_COLUMNS
    filters = IndicatorFilters
    order = "title"

    def rows(self):
        return Indicator.objects.visible_to(self.request.user).select_related("unit", "responsible", "focus_area")

    def actions(self):
        shown: list[dict] = []
        if self.request.user.has_perm("measurement.load"):
            shown.append({"label": _("From a file"), "url": reverse("imports:new")})
        if self.request.user.has_perm("indicator.create"):
            new = {"label": _("New indicator"), "url": reverse("scorecard:new_indicator")}
            shown.append(new | {"main": True, "adds": True})
        return shown


class NewIndicator(NewItem):
    form_class = IndicatorForm
    permission = "indicator.create"
    title = gettext_lazy("New indicator")

    def cancel_url(self):
        return reverse("scorecard:indicators")


class EditIndicator(EditItem):
    model = Indicator
    form_class = IndicatorForm
    permission = "indicator.edit"


class IndicatorPage(View):
    """What is measured, how it has gone in the unit that is asked for, and how the units below it compare."""

    def get(self, request, pk):
        indicator = indicator_or_404(request.user, pk)
        figures = figures_of(indicator, request.user, request.GET.get("enhet", ""), on=date.today())
        form = request.GET.get("format")
        if form in FILES:
            return as_file(figures, form)
        if form in ("chart", "svg") and request.GET.get("vis") == "enheter":
            below = units_compared(figures, request.user, on=date.today())
            return charts.answer(drawing.unit_by_unit(indicator, below), form)
        if form in ("chart", "svg"):
            return charts.answer(drawing.over_time(indicator, figures.trend, figures.aims), form)
        context = page_of(indicator, request.user) | {"figures": figures}
        context |= {
            "compared": units_compared(figures, request.user, on=date.today()),
            "others": compared(indicator, request.user, on=date.today()) if has_others(indicator) else None,
            "corrections": history_of(indicator, figures.unit, request.user),
            "may_edit": request.user.has_perm("indicator.edit", indicator),
            "may_aim": request.user.has_perm("target.set") and not indicator.is_key_figure,
        }
        return render(request, "scorecard/indicator.html", context)

    def post(self, request, pk):
        """A page shows itself, whatever it is sent."""
        return self.get(request, pk)


def as_file(figures, form: str):
    """The results as open figures: period, value, target and status."""
    names = (_("Period"), _("Value"), _("Target value"), _("Status"))
    rows = [[line.period, line.value, line.target, str(line.status.label)] for line in figures.lines]
    if form == "json":
        return JsonResponse(
            [dict(zip(("period", "value", "target", "status"), row, strict=True)) for row in rows], safe=False
        )
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="indikator-{figures.indicator.pk}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(names)
    writer.writerows([[harmless(_written(cell)) for cell in row] for row in rows])
    return response


def _written(cell):
    return "" if cell is None else cell if isinstance(cell, str) else str(cell).replace(".", ",")


def set_target(request, pk):
    """A target value for a unit and some years; those that are set stand below."""
    indicator = indicator_or_404(request.user, pk)
    require(request.user, "target.set")
    year = date.today().year + 1
    proposed = {"unit": indicator.unit_id, "first_year": year, "last_year": year + 3}
    sent = request.POST if request.method == "POST" else None
    form = TargetForm(sent, indicator=indicator, by=request.user, initial=proposed)
    form.instance.indicator = indicator
    if request.method == "POST" and form.is_valid():
        try:
            targets.set_target(form.save(commit=False), indicator, on=date.today(), by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("The target value is saved."))
            return redirect("scorecard:set_target", pk)
    context = {
        "form": form,
        "item": indicator,
        "targets": list(indicator.targets.select_related("unit")),
        "this_year": date.today().year,
    }
    return render(request, "scorecard/targets.html", context, status=422 if form.errors else 200)


@require_POST
def remove_target(request, pk, target):
    indicator = indicator_or_404(request.user, pk)
    found = get_object_or_404(Target.objects.select_related("unit"), indicator=indicator.pk, pk=target)
    try:
        targets.remove_target(found, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("The target value is removed."))
    return redirect("scorecard:set_target", pk)


def measured_in(request, pk):
    """Which units deliver the figure, and from when."""
    indicator = indicator_or_404(request.user, pk)
    require(request.user, "indicator.edit", indicator)
    already = list(indicator.series.select_related("unit").order_by("unit__path"))
    units = units_where(request.user, "indicator.edit").living(date.today())
    units = units.exclude(pk__in=[each.unit_id for each in already]).order_by("path")
    sent = request.POST if request.method == "POST" else None
    form = MeasuredInForm(sent, units=units, initial={"since": date(date.today().year, 1, 1)})
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["units"])
        try:
            made = measurements.measure_in(indicator, chosen, since=form.cleaned_data["since"], by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            words = ngettext("%(n)s unit delivers it now.", "%(n)s more units deliver it now.", len(made))
            messages.success(request, words % {"n": len(made)})
            return redirect(indicator)
    context = {"form": form, "item": indicator, "series": already}
    return render(request, "scorecard/measured_in.html", context, status=422 if form.errors else 200)
