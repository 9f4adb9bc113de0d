"""One goal, several units: each is given an assignment or a measure of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from styrhus.organisation.access import units_where
from styrhus.planning.forms.contents import GiveForm
from styrhus.planning.models import Goal
from styrhus.planning.operations.contents import assign
from styrhus.planning.queries.giving import leaders_of
from styrhus.planning.views.things import thing_or_404


def give(request, pk):
    """First a list of who would get it, then it is given: nothing is made before it has been seen."""
    goal = thing_or_404(Goal, request.user, pk)
    units = _units(request.user)
    if goal.ended or not units.exists():
        raise PermissionDenied
    form = GiveForm(request.POST or None, units=units, initial={"due": goal.due})
    listed = leaders_of(form.cleaned_data["units"]) if request.method == "POST" and form.is_valid() else []
    if listed and request.POST.get("confirmed"):
        try:
            return _given(request, goal, form, listed)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"goal": goal, "form": form, "listed": listed, "someone": any(each["leader"] for each in listed)}
    return render(request, "planning/give.html", context, status=422 if form.errors else 200)


def _units(person):
    """Where this person may give both; a unit that is closed is given nothing."""
    both = units_where(person, "assignment.create") & units_where(person, "measure.create")
    return both.filter(until=None).exclude(kind="body").order_by("path")


def _given(request, goal, form, listed):
    said = form.cleaned_data
    leaders = [each["leader"] for each in listed if each["leader"]]
    fields = {"title": said["title"], "description": said["description"], "due": said["due"]}
    made = assign(goal, leaders, form.model, by=request.user, **fields)
    words = ngettext("Given to %(count)s unit.", "Given to %(count)s units.", len(made)) % {"count": len(made)}
    messages.success(request, words)
    return redirect(goal)
