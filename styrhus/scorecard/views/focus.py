"""The focus areas of the scorecard, as the municipality orders them from a year on."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from styrhus.organisation.access import require
from styrhus.planning.pages import form_page
from styrhus.scorecard.forms.focus import FocusAreaForm, LastYearForm
from styrhus.scorecard.models import FocusArea
from styrhus.scorecard.operations import focus
from styrhus.scorecard.pages import sent, tell_refusal

SHOWN = "scorecard:focus_areas"


def focus_areas(request):
    """The set that holds now, what is to come, and what was judged by before."""
    require(request.user, "organisation.view")
    year = date.today().year
    areas = list(FocusArea.objects.order_by("first_year", "order"))
    now = [area for area in areas if area.holds_in(year)]
    context = {
        "sets": [
            (_("Hold in %(year)s") % {"year": year}, sorted(now, key=lambda area: area.order)),
            (_("To come"), [area for area in areas if area.first_year > year]),
            (_("Earlier"), [area for area in areas if area.last_year is not None and area.last_year < year]),
        ],
        "may_set_up": request.user.has_perm(focus.SET_UP),
    }
    return render(request, "scorecard/focus_areas.html", context)


def new_focus_area(request):
    require(request.user, focus.SET_UP)
    order = FocusArea.objects.of_year(date.today().year).count() + 1
    form = FocusAreaForm(sent(request), initial={"first_year": date.today().year, "order": order})

    def keep():
        year = form.cleaned_data["first_year"]
        return focus.make_area(form.words(), year=year, this_year=date.today().year, by=request.user)

    return _asked(request, form, keep, _("New focus area"))


def edit_focus_area(request, pk):
    require(request.user, focus.SET_UP)
    area = get_object_or_404(FocusArea, pk=pk)
    this_year = date.today().year
    form = FocusAreaForm(sent(request), instance=area, initial={"first_year": max(area.first_year, this_year + 1)})

    def keep():
        year = form.cleaned_data["first_year"]
        return focus.change_area(area, form.words(), year=year, this_year=this_year, by=request.user)

    return _asked(request, form, keep, _("Change “%(title)s”") % {"title": FocusArea.objects.get(pk=pk)})


def end_focus_area(request, pk):
    require(request.user, focus.SET_UP)
    area = get_object_or_404(FocusArea, pk=pk)
    this_year = date.today().year
    form = LastYearForm(sent(request), initial={"last_year": max(area.first_year, this_year)})

    def keep():
        year = form.cleaned_data["last_year"]
        return focus.end_area(area, last_year=year, this_year=this_year, by=request.user)

    return _asked(request, form, keep, _("End “%(title)s”") % {"title": area})


def _asked(request, form, keep, title: str):
    """Keeps what is asked for, or shows the form with what is wrong; nothing that was typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep()
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
            return redirect(SHOWN)
    return form_page(request, form, title, reverse(SHOWN))
