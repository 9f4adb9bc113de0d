"""How long things are kept, and what is taken out for good."""

from collections import Counter
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.items.models import Attachment, Item
from styrhus.jobs import operations as jobs
from styrhus.organisation.access import require
from styrhus.records import disposing, operations, queries
from styrhus.records.forms import DisposalForm, ExportForm, PersonRemovalForm, RemovalForm, TextRemovalForm
from styrhus.records.models import Disposal, Removal
from styrhus.records.tasks import export_records


def _visible_or_404(person, pk) -> Item:
    return get_object_or_404(Item.objects.visible_to(person).select_related("unit"), pk=pk)


def of_thing(request, pk):
    """A panel: how long a thing is kept, and the files that may be emptied for privacy."""
    item = _visible_or_404(request.user, pk)
    require(request.user, "records.view")
    return render(request, "records/of_thing.html", queries.page_of_thing(item, request.user))


def ask_disposal(request, pk):
    """One asks; another confirms."""
    item = _visible_or_404(request.user, pk)
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
    item = _visible_or_404(request.user, found.number)
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


def removal(request, pk):
    """A receipt: everything but what it was."""
    require(request.user, "privacy.view")
    found = get_object_or_404(Removal.objects.select_related("by", "person"), pk=pk)
    return render(request, "records/removal.html", {"removal": found, "lines": queries.in_words(found.counts)})


def remove_text(request):
    """First what is there, then, knowingly, away with it."""
    require(request.user, "privacy.remove")
    sent = request.POST.copy()
    form = TextRemovalForm(sent or None)
    if not form.is_valid():
        return _asked(request, form, _("Remove a text"))
    value = form.cleaned_data["value"]
    if request.POST.get("do") != "remove" or not form.has_looked():
        sent["looked_for"] = operations.fingerprint(value)[1]
        here = queries.people_here_with([value])
        return _asked(request, form, _("Remove a text"), counts=operations.look_for(value), here=here)
    return _done(request, form, _("Remove a text"), lambda why: operations.remove_text(value, **why))


def remove_person(request):
    require(request.user, "privacy.remove")
    form = PersonRemovalForm(request.POST or None, by=request.user)
    title = _("Remove a person who has left")
    person = form.found if form.is_valid() else None
    if person is None:
        return _asked(request, form, title)
    if request.POST.get("do") != "remove":
        counts = sum((operations.look_for(value) for value in operations.values_of(person)), Counter())
        return _asked(request, form, title, counts=counts, person=person, namesakes=queries.namesakes(person).exists())
    return _done(request, form, title, lambda why: operations.remove_person(person, **why))


def remove_file(request, pk, attachment):
    """The name and the content of one file; that there was one stays."""
    item = _visible_or_404(request.user, pk)
    require(request.user, "privacy.remove")
    file = get_object_or_404(Attachment, pk=attachment, item=item)
    form = RemovalForm(request.POST or None)
    title = _("Remove the file “%(name)s”") % {"name": file.name}
    if not form.is_valid():
        return _asked(request, form, title, counts=Counter({operations.FILES: 1}))
    return _done(request, form, title, lambda why: operations.remove_file(file, **why))


def _done(request, form, title: str, remove):
    why = {name: form.cleaned_data[name] for name in ("basis", "reason")} | {"by": request.user}
    try:
        removed = remove(why)
    except ValidationError as error:
        form.add_error(None, error)
        return _asked(request, form, title)
    messages.success(request, _("It is removed. This is the receipt."))
    return redirect(removed)


def _asked(request, form, title: str, counts: Counter | None = None, **more):
    context = {
        "form": form,
        "title": title,
        "cancel_url": reverse("records:removals"),
        "looked": counts is not None,
        "lines": queries.in_words(counts or {}),
        "unreadable": queries.unreadable_files() if counts is not None else 0,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "records/remove.html", context | more, status=status)
