from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items import operations as items
from styrhus.items.lists import ItemList
from styrhus.items.models import Item
from styrhus.items.queries import promised_by
from styrhus.kit import charts
from styrhus.organisation.access import require
from styrhus.planning.forms.measures import EvaluationForm, MeasureForm, ProgressForm
from styrhus.planning.lists.measures import MEASURE_COLUMNS, MeasureFilters
from styrhus.planning.models import Measure
from styrhus.planning.operations import measures as operations
from styrhus.planning.queries.branches import branches
from styrhus.planning.queries.evaluation import awaits_evaluation
from styrhus.planning.queries.measures import measures_by_area, measures_by_part
from styrhus.planning.views.things import EditContent, NewContent, ThingPage, thing_or_404


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


class NewMeasure(NewContent):
    form_class = MeasureForm
    permission = "measure.create"
    title = gettext_lazy("New measure")
    register = "planning:measures"


class EditMeasure(EditContent):
    model = Measure
    form_class = MeasureForm
    permission = "measure.edit"


class MeasurePage(ThingPage):
    model, name = Measure, "measure"
    template_name = "planning/measure.html"

    def more(self, thing):
        may_edit = self.request.user.has_perm("measure.edit", thing)
        evaluations = list(thing.evaluations.select_related("by"))
        return {
            "may_edit": may_edit,
            "evaluations": evaluations,
            "may_evaluate": may_edit and awaits_evaluation(thing),
        }


def progress(request, pk):
    """Progress alone, from a phone: one number and one button."""
    found = thing_or_404(Measure, request.user, pk)
    require(request.user, "measure.edit", found)
    form = ProgressForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        items.edit(form.save(commit=False), version=found.version, by=request.user)
        return redirect(found)
    context = {
        "form": form,
        "title": _("How far has it come?"),
        "about": found,
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "items/form.html", context, status=422 if form.errors else 200)


def chart(request):
    """Measures by state; as a page, as facts for the page, or as a picture. In each area, or of one plan or goal."""
    of, rows = _charted(request.user, request.GET.get("av"))
    if request.GET.get("format") in ("json", "svg"):
        titles = {"area": _("Part") if of else _("Area"), "state": _("Status"), "count": _("Measures")}
        drawn = charts.stacked_bars(rows, category="area", series="state", value="count", titles=titles)
        return charts.answer(drawn, request.GET["format"], narrow=request.GET.get("bredde") == "smal")
    return render(request, "planning/chart.html", {"rows": rows, "of": of})


def _charted(person, asked: str | None) -> tuple[Item | None, list[dict]]:
    """The plan or goal that is asked for, if any, and what is drawn of it. 404 for what may not be seen."""
    if asked is None:
        return None, measures_by_area(person)
    key = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
    branch = branches([key], person).get(key)
    if branch is None:
        raise Http404
    parts = [part for part, _counts in branch.measures_by_part() if part is not None]
    items = Item.objects.visible_to(person).in_bulk([key, *parts])
    return items[key], measures_by_part(branch, {part: items[part].title for part in parts if part in items})


def evaluate(request, pk):
    """Did it work? Asked when the measure is done; the answer is never changed, only followed by another."""
    found = thing_or_404(Measure, request.user, pk)
    if not promised_by(request.user).filter(pk=found.evaluation_id).exists():
        require(request.user, "measure.edit", found)
    form = EvaluationForm(request.POST or None, initial={"on": date.today()})
    if request.method == "POST" and form.is_valid():
        try:
            again_on = form.cleaned_data["again_on"]
            operations.evaluate(found, form.save(commit=False), by=request.user, again_on=again_on)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The evaluation is saved."))
            return redirect(found)
    context = {
        "form": form,
        "title": _("Did it work?"),
        "about": found,
        "cancel_url": found.get_absolute_url(),
        "keep": "evaluation",
    }
    return render(request, "items/form.html", context, status=422 if form.errors else 200)
