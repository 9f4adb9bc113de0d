from datetime import date

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils.module_loading import import_string

from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.access import authority_of, require
from styrhus.organisation.drawing import drawn
from styrhus.organisation.forms import TreeDateForm, label_of
from styrhus.organisation.models import Position, Unit
from styrhus.organisation.queries import (
    arranged,
    dates_of_change,
    in_force,
    positions_at,
    positions_of,
    positions_with_words,
    tree,
)

SUGGESTIONS = 20
SHOWN_HOLDERS = 50


def units(request):
    require(request.user, "organisation.view")
    form = TreeDateForm(request.GET)
    on = (form.is_valid() and form.cleaned_data["dato"]) or date.today()
    context = {
        "form": form,
        "on": on,
        "is_today": on == date.today(),
        "is_to_come": on > date.today(),
        "tree": drawn(arranged(import_string(settings.PLANNED_TREE)(on)) if on > date.today() else tree(on)),
        "dates": dates_of_change(),
        "planned": import_string(settings.PLANNED_DATES)(date.today()),
    }
    return render(request, "organisation/units.html", context)


def unit(request, pk):
    require(request.user, "organisation.view")
    found = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    context = {
        "unit": found,
        "is_closed": found.is_closed(date.today()),
        "successions": found.successions.select_related("new"),
        "inheritances": found.inheritances.select_related("old"),
        "periods": found.periods.select_related("parent"),
        "above": Unit.objects.above(found).exclude(pk=found.pk),
        "below": found.children.living(date.today()).order_by(NorwegianKey("name")),
        "positions": positions_at(found, date.today()),
    }
    return render(request, "organisation/unit.html", context)


def position(request, pk):
    """Who is in it, and what it carries. One's own position is always open to oneself."""
    today = date.today()
    if pk not in authority_of(request.user).positions:
        require(request.user, "organisation.view")
    positions = Position.objects.select_related("unit").prefetch_related(in_force(today), "roles__reach")
    found = get_object_or_404(positions, pk=pk)
    context = {
        "position": found,
        "closed": found.is_closed(today),
        "history": found.appointments.select_related("person")[:SHOWN_HOLDERS],
    }
    return render(request, "organisation/position.html", context)


def find_positions(request):
    """Suggestions while someone types: whatever the field is called, its words are the only parameter."""
    require(request.user, "organisation.view")
    words = next(iter(request.GET.values()), "")[:100]
    found = positions_with_words(words).prefetch_related(in_force(date.today()))[:SUGGESTIONS] if words.strip() else []
    return render(request, "organisation/found_positions.html", {"found": [(label_of(one), one) for one in found]})


def my_positions(request):
    return render(request, "organisation/my_positions.html", {"positions": positions_of(request.user, date.today())})
