from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.items.queries import open_of
from styrhus.leadership import forms, operations
from styrhus.leadership.models import Handover
from styrhus.leadership.queries import open_work_of, work_handed_over
from styrhus.organisation.access import authority_of, may_appoint, require
from styrhus.organisation.models import Appointment, Position

LISTED = 200
SHOWN_HANDOVERS = 5


def _position(pk) -> Position:
    return get_object_or_404(Position.objects.select_related("unit"), pk=pk)


def _answer(request, form, **context):
    """A form on a page, with 422 when it was refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "leadership/form.html", {"form": form} | context, status=status)


def appoint(request, pk):
    require(request.user, "organisation.view")
    position = _position(pk)
    if not may_appoint(request.user, position, deputy=True):
        raise PermissionDenied
    only_deputies = not request.user.has_perm("organisation.edit", position)
    form = forms.AppointmentForm(request.POST or None, only_deputies=only_deputies)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.appoint(Appointment(position=position, **form.cleaned_data), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is appointed, and is told.") % {"name": made.person})
            return redirect(position)
    title = _("Appoint to “%(title)s”") % {"title": position}
    return _answer(request, form, title=title, about=position, cancel_url=position.get_absolute_url())


def end(request, pk):
    require(request.user, "organisation.view")
    held = get_object_or_404(Appointment.objects.select_related("position__unit", "person"), pk=pk)
    if not may_appoint(request.user, held.position, deputy=held.is_deputy):
        raise PermissionDenied
    form = forms.EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.end(held, on=form.cleaned_data["end"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The last day is kept, and %(name)s is told.") % {"name": held.person})
            return redirect(held.position)
    title = _("When does %(name)s leave the position?") % {"name": held.person}
    return _answer(request, form, title=title, about=held.position, cancel_url=held.position.get_absolute_url())


def close(request, pk):
    """Lists what will move first; then the position is closed and all of it moved in one operation."""
    position = _position(pk)
    require(request.user, "organisation.edit", position)
    form = forms.CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            operations.close(position, on=chosen["until"], successor=chosen["successor"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The position is closed."))
            return redirect(position)
    things, promises = open_of(position, request.user)
    number = sum(open_work_of(position))
    listed = [*things[:LISTED], *promises[:LISTED]]
    context = {
        "form": form,
        "title": _("Close “%(title)s”") % {"title": position},
        "about": position,
        "cancel_url": position.get_absolute_url(),
        "number": number,
        "things": things[:LISTED],
        "promises": promises[:LISTED],
        "unseen": max(number - len(listed), 0),
    }
    return render(request, "leadership/close.html", context, status=422 if form.is_bound and form.errors else 200)


def of_position(request, pk):
    """A panel: the changes of leader of a position, for those concerned and for leaders in the line."""
    position = _position(pk)
    if pk not in authority_of(request.user).positions:
        require(request.user, "organisation.view")
    rows = position.handovers.select_related("leaver", "receiver")[:SHOWN_HANDOVERS]
    context = {
        "position": position,
        "handovers": [(row, row.is_seen_by(request.user)) for row in rows],
        "may_begin": request.user.has_perm("handover.begin", position),
    }
    return render(request, "leadership/of_position.html", context)


def begin(request, pk):
    position = _position(pk)
    require(request.user, "handover.begin", position)
    form = forms.BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.begin(
                position, form.cleaned_data["receiver"], on=form.cleaned_data["on"], by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The change of leader is begun, and both are told."))
            return redirect(made)
    title = _("Begin a change of leader")
    return _answer(request, form, title=title, about=position, cancel_url=position.get_absolute_url())


def _handover(request, pk) -> Handover:
    rows = Handover.objects.select_related("position__unit", "leaver", "receiver", "handed_over_by")
    found = rows.filter(pk=pk).first()
    if found is None or not found.is_seen_by(request.user):
        raise Http404
    return found


def handover(request, pk):
    """One page for both: what the position answers for, its authority, what is promised and what is late."""
    found = _handover(request, pk)
    writes = found.may_be_handed_over_by(request.user)
    if request.method == "POST":
        if not writes:
            raise PermissionDenied
        operations.write(found, word=request.POST.get("word", ""), notes=_notes(request.POST), by=request.user)
        if "sign" in request.POST:
            return redirect("leadership:hand_over", pk=pk)
        messages.success(request, _("What you have written is kept."))
        return redirect(found)
    today = timezone.localdate()
    context = work_handed_over(found, request.user, today) | {
        "handover": found,
        "writes": writes,
        "receives": found.may_be_received_by(request.user),
        "today": today,
    }
    return render(request, "leadership/handover.html", context)


def _notes(posted) -> dict[tuple[str, int], str]:
    """The words about single things: fields named item-12 and follow_up-3."""
    parts = {name: name.rpartition("-") for name in posted}
    return {
        (kind, int(key)): posted[name]
        for name, (kind, _dash, key) in parts.items()
        if kind in ("item", "follow_up") and key.isdecimal() and len(key) < 18
    }


def hand_over(request, pk):
    found = _handover(request, pk)
    if not found.may_be_handed_over_by(request.user):
        raise PermissionDenied
    if request.method == "POST":
        operations.hand_over(found, by=request.user)
        messages.success(request, _("Handed over. %(name)s is told.") % {"name": found.receiver})
        return redirect(found)
    context = {
        "question": _("Hand over “%(title)s” to %(name)s?") % {"title": found.position, "name": found.receiver},
        "consequence": _("This is your receipt. You cannot write more afterwards."),
        "confirm_label": _("Sign as handed over"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "kit/confirm.html", context)


def receive(request, pk):
    found = _handover(request, pk)
    if not found.may_be_received_by(request.user):
        raise PermissionDenied
    if request.method == "POST":
        operations.receive(found, by=request.user)
        messages.success(request, _("You have taken over. %(name)s is told.") % {"name": found.leaver})
        return redirect(found)
    context = {
        "question": _("Have you read what you take over?"),
        "consequence": _("This is your receipt to %(name)s.") % {"name": found.leaver},
        "confirm_label": _("Confirm as received"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "kit/confirm.html", context)
