from datetime import date

from django.shortcuts import get_object_or_404, render

from styrhus.organisation.access import require
from styrhus.organisation.models import Position, Unit
from styrhus.organisation.queries import in_force, positions_at, positions_of, tree


def units(request):
    require(request.user, "organisation.view")
    return render(request, "organisation/units.html", {"tree": tree()})


def unit(request, pk):
    require(request.user, "organisation.view")
    found = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    context = {
        "unit": found,
        "above": Unit.objects.above(found).exclude(pk=found.pk),
        "below": found.children.order_by("name"),
        "positions": positions_at(found, date.today()),
    }
    return render(request, "organisation/unit.html", context)


def position(request, pk):
    """What may be decided here, and who is in it. One's own position is always open to oneself."""
    mine = positions_of(request.user, date.today()).filter(pk=pk).exists()
    if not mine:
        require(request.user, "organisation.view")
    positions = Position.objects.select_related("unit").prefetch_related(in_force(date.today()), "roles__reach")
    return render(request, "organisation/position.html", {"position": get_object_or_404(positions, pk=pk)})


def my_positions(request):
    return render(request, "organisation/my_positions.html", {"positions": positions_of(request.user, date.today())})
