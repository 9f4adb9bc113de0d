from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation import operations
from styrhus.organisation.access import authority_of, may_appoint, require
from styrhus.organisation.drawing import drawn
from styrhus.organisation.forms import (
    PersonForm,
    PositionForm,
    PreparerForm,
    Roles,
    TreeDateForm,
    label_of,
    name_of,
)
from styrhus.organisation.models import Person, Position, Preparer, Unit
from styrhus.organisation.queries import (
    arranged,
    dates_of_change,
    in_force,
    people_with_words,
    positions_at,
    positions_of,
    positions_with_words,
    prepared_for_by,
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
    mine = pk in authority_of(request.user).positions
    if not mine:
        require(request.user, "organisation.view")
    positions = Position.objects.select_related("unit").prefetch_related(in_force(today), "roles__reach")
    found = get_object_or_404(positions, pk=pk)
    history = list(found.appointments.select_related("person")[:SHOWN_HOLDERS])
    keeps = request.user.has_perm("organisation.edit", found)
    appoints = may_appoint(request.user, found, deputy=True)
    context = {
        "position": found,
        "closed": found.is_closed(today),
        "history": history,
        "may_end": {row.pk for row in history if row.is_running(today) and (keeps or (appoints and row.is_deputy))},
        "mine": mine,
        "preparers": found.preparers.exclude(end__lt=today).select_related("person", "by"),
        "may_keep": keeps and not mine,
        "may_appoint": appoints,
    }
    return render(request, "organisation/position.html", context)


def new_position(request):
    require(request.user, "organisation.edit")
    return _keep_position(request, Position(), _("New position"))


def edit_position(request, pk):
    """Nobody changes the position they hold: who gives authority and who gets it are two people."""
    found = get_object_or_404(Position.objects.select_related("unit"), pk=pk)
    require(request.user, "organisation.edit", found)
    if pk in authority_of(request.user).positions:
        raise PermissionDenied
    return _keep_position(request, found, _("Change “%(title)s”") % {"title": found})


def _keep_position(request, position, title):
    carried = [
        {"role": role.role, "reach": role.reach_id, "field": role.field}
        for role in (position.roles.all() if position.pk else ())
    ]
    form = PositionForm(request.POST or None, instance=position, by=request.user)
    roles: Any = Roles(request.POST or None, initial=carried, prefix="role")
    if request.method == "POST" and form.is_valid() and roles.is_valid():
        kept = form.save(commit=False)
        try:
            operations.keep_position(kept, roles.made(kept.unit), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
            return redirect(kept)
    context = {"form": form, "roles": roles, "title": title, "cancel_url": _back_to(position)}
    status = 422 if request.method == "POST" else 200
    return render(request, "organisation/position_form.html", context, status=status)


def _back_to(thing) -> str:
    return thing.get_absolute_url() if thing.pk else reverse("organisation:positions")


def let_prepare(request, pk):
    """The holder lets a colleague prepare on behalf of the position."""
    found = get_object_or_404(Position.objects.select_related("unit"), pk=pk)
    if pk not in authority_of(request.user).positions:
        raise PermissionDenied
    form = PreparerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.let_prepare(position=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("%(name)s may prepare on your behalf. Only you take the steps.") % {"name": made.person}
            )
            return redirect(found)
    context = {
        "form": form,
        "title": _("Let a colleague prepare on your behalf"),
        "about": found,
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "organisation/form.html", context, status=422 if form.errors else 200)


@require_POST
def stop_preparing(request, pk, preparer):
    row = get_object_or_404(Preparer.objects.select_related("person", "position"), pk=preparer, position=pk)
    operations.stop_preparing(row, by=request.user)
    messages.success(request, _("%(name)s no longer prepares on your behalf.") % {"name": row.person})
    return redirect(row.position)


def person(request, pk):
    """Who someone is and what they hold. One's own page is always open to oneself."""
    if pk != request.user.pk:
        require(request.user, "organisation.view")
    found = get_object_or_404(Person, pk=pk)
    today = date.today()
    held = list(found.appointments.select_related("position__unit"))
    context = {
        "person": found,
        "now": [row for row in held if row.is_in_force(today)],
        "other": [row for row in held if not row.is_in_force(today)][:SHOWN_HOLDERS],
        "may_keep": request.user.has_perm("person.edit"),
    }
    return render(request, "organisation/person.html", context)


def new_person(request):
    require(request.user, "person.edit")
    return _keep_person(request, Person(), _("New person"))


def edit_person(request, pk):
    found = get_object_or_404(Person, pk=pk)
    require(request.user, "person.edit")
    return _keep_person(request, found, _("Change “%(title)s”") % {"title": found})


def _keep_person(request, person, title):
    is_new = person.pk is None
    form = PersonForm(request.POST or None, instance=person, by=request.user)
    if request.method == "POST" and form.is_valid():
        kept = form.save(commit=False)
        if is_new:
            kept.set_unusable_password()
        kept.save()
        messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
        return redirect(kept)
    back = reverse("organisation:people") if is_new else person.get_absolute_url()
    context = {"form": form, "title": title, "cancel_url": back}
    return render(request, "organisation/form.html", context, status=422 if request.method == "POST" else 200)


def find_people(request):
    """Suggestions while someone types."""
    require(request.user, "organisation.view")
    words = next(iter(request.GET.values()), "")[:100]
    found = people_with_words(words)[:SUGGESTIONS] if words.strip() else []
    return render(request, "organisation/found_people.html", {"found": [name_of(one) for one in found]})


def find_positions(request):
    """Suggestions while someone types: whatever the field is called, its words are the only parameter."""
    require(request.user, "organisation.view")
    words = next(iter(request.GET.values()), "")[:100]
    found = positions_with_words(words).prefetch_related(in_force(date.today()))[:SUGGESTIONS] if words.strip() else []
    return render(request, "organisation/found_positions.html", {"found": [(label_of(one), one) for one in found]})


def my_positions(request):
    today = date.today()
    context = {"positions": positions_of(request.user, today), "prepared": prepared_for_by(request.user, today)}
    return render(request, "organisation/my_positions.html", context)
