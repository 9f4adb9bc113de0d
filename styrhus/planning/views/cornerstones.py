"""Vision, values and cross-cutting challenges: what holds on a date, and what is done about each challenge."""

from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from styrhus.organisation.access import require
from styrhus.planning.forms.contents import CornerstoneForm, EndForm
from styrhus.planning.models import Cornerstone
from styrhus.planning.queries.contents import challenges_read, cornerstones_on


def cornerstones(request):
    day = _day(request.GET.get("dato", "")) or date.today()
    stones = list(cornerstones_on(day))
    context = {
        "day": day,
        "is_today": day == date.today(),
        "groups": [
            {"label": label, "stones": [stone for stone in stones if stone.kind == kind]}
            for kind, label in Cornerstone.Kind.choices
        ],
        "to_come": Cornerstone.objects.filter(since__gt=day),
        "may_set_up": request.user.has_perm("plan.set_up"),
    }
    return render(request, "planning/cornerstones.html", context)


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None


def challenges(request):
    """Goals and measures read by challenge, across the service areas."""
    read = challenges_read(request.user, date.today())
    return render(request, "planning/challenges.html", {"read": read})


def new(request):
    require(request.user, "plan.set_up")
    form = CornerstoneForm(request.POST or None, initial={"since": date.today()})
    return _form(request, form, _("New vision, value or challenge"))


def edit(request, pk):
    stone = get_object_or_404(Cornerstone, pk=pk)
    require(request.user, "plan.set_up")
    form = CornerstoneForm(request.POST or None, instance=stone)
    return _form(request, form, _("Change “%(title)s”") % {"title": stone.name})


def end(request, pk):
    stone = get_object_or_404(Cornerstone, pk=pk)
    require(request.user, "plan.set_up")
    form = EndForm(request.POST or None, instance=stone)
    return _form(request, form, _("End “%(title)s”") % {"title": stone.name})


def _form(request, form, title: str):
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The changes are saved."))
        return redirect("planning:cornerstones")
    context = {"form": form, "title": title, "cancel_url": reverse("planning:cornerstones")}
    return render(request, "items/form.html", context, status=422 if form.errors else 200)
