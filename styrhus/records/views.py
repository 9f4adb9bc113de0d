"""How long things are kept, and what is taken out for good."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from styrhus.items.models import Attachment, Item
from styrhus.jobs import operations as jobs
from styrhus.organisation.access import require
from styrhus.records import operations, queries
from styrhus.records.forms import ExportForm, PersonRemovalForm, RemovalForm, TextRemovalForm
from styrhus.records.models import Removal
from styrhus.records.tasks import export_records


def _visible_or_404(person, pk) -> Item:
    return get_object_or_404(Item.objects.visible_to(person).select_related("unit"), pk=pk)


def of_thing(request, pk):
    """A panel: how long a thing is kept, and the files that may be emptied for privacy."""
    item = _visible_or_404(request.user, pk)
    require(request.user, "records.view")
    return render(request, "records/of_thing.html", queries.page_of_thing(item, request.user))


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
