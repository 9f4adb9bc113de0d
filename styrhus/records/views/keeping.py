"""How long things are kept, and what is taken out for good."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.items.models import Item
from styrhus.jobs import operations as jobs
from styrhus.organisation.access import require
from styrhus.records import disposing, queries
from styrhus.records.forms import DisposalForm, ExportForm
from styrhus.records.models import Disposal
from styrhus.records.tasks import export_records


def visible_or_404(person, pk) -> Item:
    return get_object_or_404(Item.objects.visible_to(person).select_related("unit"), pk=pk)


def of_thing(request, pk):
    """A panel: how long a thing is kept, and the files that may be emptied for privacy."""
    item = visible_or_404(request.user, pk)
    require(request.user, "records.view")
    return render(request, "records/of_thing.html", queries.page_of_thing(item, request.user))


def ask_disposal(request, pk):
    """One asks; another confirms."""
    item = visible_or_404(request.user, pk)
    require(request.user, "records.dispose")
    form = DisposalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(disposing.ask(item, reason=form.cleaned_data["reason"], by=request.user))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "item": item, "rule": queries.rules_of_kinds()[item.kind]}
    context |= {"hindrances": disposing.hindrances(item, date.today()), "title": _("Ask for disposal")}
    return render(request, "records/ask_disposal.html", context, status=422 if form.errors else 200)


def disposal(request, pk):
    """What is asked for, or the receipt of what is gone."""
    require(request.user, "records.view")
    found = get_object_or_404(Disposal.objects.select_related("asked_by", "decided_by"), pk=pk)
    is_open = found.state == Disposal.State.ASKED and request.user.has_perm("records.dispose")
    context = {
        "disposal": found,
        "item": Item.objects.visible_to(request.user).filter(pk=found.number).first(),
        "lines": queries.in_words(found.counts),
        "may_confirm": is_open and found.asked_by_id != request.user.pk,
        "may_decline": is_open,
    }
    return render(request, "records/disposal.html", context)


def confirm_disposal(request, pk):
    """The second pair of eyes. GET shows what goes; POST lets it go."""
    require(request.user, "records.dispose")
    found = get_object_or_404(Disposal, pk=pk)
    item = visible_or_404(request.user, found.number)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            disposing.confirm(found, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is disposed of. This is the receipt."))
            return redirect(found)
    context = {
        "form": form,
        "question": _("Dispose of “%(title)s”?") % {"title": item.title},
        "consequence": _("Everything goes: text, history, comments, follow-ups and files. It cannot be undone."),
        "confirm_label": _("Dispose of it for good"),
        "dangerous": True,
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


@require_POST
def decline_disposal(request, pk):
    require(request.user, "records.dispose")
    found = get_object_or_404(Disposal, pk=pk)
    try:
        disposing.decline(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("It stays where it is."))
    return redirect(found)


def rules(request):
    return render(request, "records/rules.html", {"rules": queries.rules()})


def export(request):
    """A selection of what one may see, as records for the archive: made by a job."""
    require(request.user, "records.export")
    if getattr(request.user, "support", None):
        # A job is written down, and runs with all that the person may see.
        raise PermissionDenied
    form = ExportForm(request.POST if request.method == "POST" else None, by=request.user)
    if not form.is_valid():
        context = {"form": form, "title": _("Export of records"), "cancel_url": reverse("records:rules")}
        return render(request, "records/export.html", context, status=422 if form.is_bound else 200)
    job = jobs.start(export_records, by=request.user, title=_("Export of records"), chosen=form.chosen())
    return redirect(job)
