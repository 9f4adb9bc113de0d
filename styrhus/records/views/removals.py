"""What is taken out for good: asked for, looked for, shown, and then, knowingly, away with it."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from styrhus.items.models import Attachment
from styrhus.organisation.access import require
from styrhus.records import operations, queries, removing
from styrhus.records.forms import PersonRemovalForm, RemovalForm, TextRemovalForm
from styrhus.records.models import AskedRemoval, Removal
from styrhus.records.tasks import carry_out_removal, look_for_removal
from styrhus.records.views.keeping import visible_or_404


def removal(request, pk):
    """A receipt: everything but what it was."""
    require(request.user, "privacy.view")
    found = get_object_or_404(Removal.objects.select_related("by", "person"), pk=pk)
    return render(request, "records/removal.html", {"removal": found, "lines": queries.in_words(found.counts)})


def remove_text(request):
    """What must go, and why; a job looks for it."""
    _require_removing(request)
    form = TextRemovalForm(request.POST or None)
    if not form.is_valid():
        return _asked_again(request, form, _("Remove a text"))
    return redirect(removing.ask_for_text(look_for_removal, **_what(form, "value"), by=request.user))


def remove_person(request):
    """Who must go, by address; a job looks for what is known of the person."""
    _require_removing(request)
    form = PersonRemovalForm(request.POST or None, by=request.user)
    if not form.is_valid() or form.found is None:
        return _asked_again(request, form, _("Remove a person who has left"))
    return redirect(removing.ask_for_person(look_for_removal, form.found, **_what(form), by=request.user))


def _require_removing(request) -> None:
    require(request.user, "privacy.remove")
    if getattr(request.user, "support", None):
        # A job runs with all that the person may see.
        raise PermissionDenied


def _what(form, *names: str) -> dict:
    return {name: form.cleaned_data[name] for name in (*names, "basis", "reason")}


def asked_removal(request, pk):
    """The page to come back to: how far it has come, where it stands, and at last the receipt."""
    asked = _own_or_404(request, pk)
    if asked.removal:
        return redirect(asked.removal)
    context = {"asked": asked, "is_running": not asked.job.has_ended}
    return render(request, "records/asked_removal.html", context | _shown(asked))


def _shown(asked: AskedRemoval) -> dict:
    """Where it stands, and who else it would touch."""
    if asked.counts is None or asked.is_over:
        return {"looked": False}
    return {
        "looked": True,
        "lines": queries.in_words(asked.counts),
        "unreadable": queries.unreadable_files(),
        "here": queries.people_here_with([asked.value]) if asked.value else [],
        "namesakes": bool(asked.person and queries.namesakes(asked.person).exists()),
    }


def removal_progress(request, pk):
    """The bar alone, asked for every other second; when the job has ended the whole page is fetched anew."""
    asked = _own_or_404(request, pk)
    if not asked.job.has_ended:
        return render(request, "records/removal_progress.html", {"asked": asked})
    return HttpResponseClientRefresh() if request.htmx else redirect(asked)


@require_POST
def confirm_removal(request, pk):
    return redirect(removing.confirm(_own_or_404(request, pk), carry_out_removal, by=request.user))


@require_POST
def throw_away_removal(request, pk):
    removing.throw_away(_own_or_404(request, pk))
    messages.success(request, _("Nothing was removed."))
    return redirect("records:removals")


def _own_or_404(request, pk) -> AskedRemoval:
    """Seen by the one who asked only: it says what is to go."""
    _require_removing(request)
    asked = AskedRemoval.objects.select_related("job", "person", "removal")
    return get_object_or_404(asked, pk=pk, by=request.user)


def remove_file(request, pk, attachment):
    """The name and the content of one file; that there was one stays."""
    item = visible_or_404(request.user, pk)
    require(request.user, "privacy.remove")
    file = get_object_or_404(Attachment, pk=attachment, item=item)
    form = RemovalForm(request.POST or None)
    title = _("Remove the file “%(name)s”") % {"name": file.name}
    if not form.is_valid():
        return _asked_again(request, form, title, lines=queries.in_words(Counter({operations.FILES: 1})))
    try:
        removed = operations.remove_file(file, **_what(form), by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _asked_again(request, form, title)
    messages.success(request, _("It is removed. This is the receipt."))
    return redirect(removed)


def _asked_again(request, form, title: str, **more):
    context = {"form": form, "title": title, "cancel_url": reverse("records:removals")}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "records/remove.html", context | more, status=status)
