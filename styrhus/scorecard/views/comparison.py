"""An indicator compared with other municipalities, and the groups one compares oneself with."""

import csv
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.kit import charts
from styrhus.kit.export import harmless
from styrhus.organisation.access import require
from styrhus.planning.pages import form_page
from styrhus.scorecard import drawing
from styrhus.scorecard.forms.comparison import ComparisonGroupForm
from styrhus.scorecard.models import ComparisonGroup
from styrhus.scorecard.operations.comparison import CHOOSES, keep_group, remove_group
from styrhus.scorecard.pages import indicator_or_404, sent
from styrhus.scorecard.queries.comparison import Comparison, compared

SHOWN = "scorecard:comparison_groups"


def comparison(request, pk):
    """Our own figure, the median and the quartiles over time, and the place among the others in one period."""
    indicator = indicator_or_404(request.user, pk)
    asked = request.GET
    found = compared(
        indicator, request.user, group=asked.get("gruppe", ""), period=asked.get("periode", ""), on=date.today()
    )
    form = asked.get("format")
    if form in ("csv", "json"):
        return as_file(found, form)
    if form in ("chart", "svg"):
        return charts.answer(drawing.beside_others(found), form)
    context = {
        "item": indicator,
        "found": found,
        "chosen": _address(found),
        "may_discuss": request.user.has_perm("item.discuss"),
        "may_choose": request.user.has_perm(CHOOSES),
    }
    return render(request, "scorecard/comparison.html", context)


def _address(found: Comparison) -> str:
    """What the address says of the group and the period, for links to the same comparison."""
    group = found.group.pk if found.group else ""
    return f"gruppe={group}&periode={found.chosen.start.isoformat() if found.chosen else ''}"


def as_file(found: Comparison, form: str):
    """The municipalities in the period that is chosen, as open figures."""
    own, period = _("Our own municipality"), found.chosen.period if found.chosen else ""
    rows = [[each.place, each.name or own, period, each.value, each.source] for each in found.placed]
    if form == "json":
        names = ("rank", "municipality", "period", "value", "source")
        return JsonResponse([dict(zip(names, row, strict=True)) for row in rows], safe=False)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sammenligning-{found.indicator.pk}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Rank"), _("Municipality"), _("Period"), _("Value"), _("Source")])
    for place, name, when, value, source in rows:
        writer.writerow([place, harmless(name), when, str(value).replace(".", ","), harmless(source)])
    return response


def comparison_groups(request):
    require(request.user, "organisation.view")
    groups = [(group, list(group.others())) for group in ComparisonGroup.objects.all()]
    context = {"groups": groups, "may_choose": request.user.has_perm(CHOOSES)}
    return render(request, "scorecard/comparison_groups.html", context)


def new_comparison_group(request):
    require(request.user, CHOOSES)
    return _asked(request, ComparisonGroupForm(sent(request)), _("New comparison group"))


def edit_comparison_group(request, pk):
    require(request.user, CHOOSES)
    group = get_object_or_404(ComparisonGroup, pk=pk)
    title = _("Change “%(title)s”") % {"title": group}
    return _asked(request, ComparisonGroupForm(sent(request), instance=group), title)


@require_POST
def remove_comparison_group(request, pk):
    require(request.user, CHOOSES)
    group = get_object_or_404(ComparisonGroup, pk=pk)
    remove_group(group, by=request.user)
    messages.success(request, _("“%(title)s” is removed.") % {"title": group})
    return redirect(SHOWN)


def _asked(request, form: ComparisonGroupForm, title: str):
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kept = keep_group(form.save(commit=False), given["members"], given["own"], by=request.user)
        messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
        return redirect(SHOWN)
    return form_page(request, form, title, reverse(SHOWN))
