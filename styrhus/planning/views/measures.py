from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items import operations
from styrhus.items.lists import ItemList
from styrhus.items.pages import EditItem, NewItem
from styrhus.items.queries import page_of
from styrhus.kit import charts
from styrhus.organisation.access import require
from styrhus.organisation.queries import positions_of
from styrhus.planning.forms.measures import MeasureForm, ProgressForm
from styrhus.planning.lists.measures import MEASURE_COLUMNS, MeasureFilters
from styrhus.planning.models import Measure
from styrhus.planning.queries.measures import measures_by_area


class MeasureList(ItemList):
    title = gettext_lazy("Measures")
    intro = gettext_lazy("Everything that is to be done, and who answers for it")
    columns = MEASURE_COLUMNS
    filters = MeasureFilters

    def rows(self):
        return Measure.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        shown: list[dict] = [{"label": _("As a chart"), "url": reverse("planning:chart")}]
        if self.request.user.has_perm("measure.create"):
            shown.append(
                {
                    "label": _("New measure"),
                    "url": reverse("planning:new_measure"),
                    "main": True,
                    "adds": True,
                }
            )
        return shown


class NewMeasure(NewItem):
    form_class = MeasureForm
    permission = "measure.create"
    title = gettext_lazy("New measure")

    def initial(self):
        """What one's own position says: its unit, and that it answers for what it registers."""
        mine = positions_of(self.request.user, date.today()).first()
        return {"unit": mine.unit_id, "responsible": mine} if mine else {}

    def cancel_url(self):
        return reverse("planning:measures")


class EditMeasure(EditItem):
    model = Measure
    form_class = MeasureForm
    permission = "measure.edit"


def visible_or_404(person, pk) -> Measure:
    measures = Measure.objects.visible_to(person).select_related("unit", "responsible")
    measure = measures.filter(pk=pk).first()
    if measure is None:
        raise Http404
    return measure


def measure(request, pk):
    found = visible_or_404(request.user, pk)
    may_edit = request.user.has_perm("measure.edit", found)
    context = page_of(found, request.user) | {"may_edit": may_edit}
    return render(request, "planning/measure.html", context)


def progress(request, pk):
    """Progress alone, from a phone: one number and one button."""
    found = visible_or_404(request.user, pk)
    require(request.user, "measure.edit", found)
    form = ProgressForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        operations.edit(form.save(commit=False), version=found.version, by=request.user)
        return redirect(found)
    context = {
        "form": form,
        "title": _("How far has it come?"),
        "about": found,
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "items/form.html", context, status=422 if form.errors else 200)


def chart(request):
    """Measures in each area by state; as a page, as data for the page, or as a picture."""
    rows = measures_by_area(request.user)
    if request.GET.get("format") in ("json", "svg"):
        titles = {"area": _("Area"), "state": _("Status"), "count": _("Measures")}
        drawn = charts.stacked_bars(rows, category="area", series="state", value="count", titles=titles)
        return charts.answer(drawn, request.GET["format"])
    return render(request, "planning/chart.html", {"rows": rows})
