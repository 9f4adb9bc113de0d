"""What several pages of plans share."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils.functional import Promise

from styrhus.planning.models import Plan


def plan_or_404(person, pk, *related: str) -> Plan:
    """404 for what may not be seen: not even that it exists is told."""
    plans = Plan.objects.visible_to(person).select_related("unit", "responsible", "type", *related)
    found = plans.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def form_page(request, form, title: str | Promise, cancel_url: str, *, about=None, **more):
    """A form on a page of its own. `more`: `intro`, a sentence above the fields; `save_label`, what the button says."""
    context = {"form": form, "title": title, "cancel_url": cancel_url, "about": about} | more
    return render(request, "planning/form.html", context, status=422 if form.errors else 200)


def tell_refusal(form, refused: ValidationError) -> None:
    """Puts each reason at its field; what is about no field of the form stands at its top."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, reasons in told.items():
        form.add_error(field if field in form.fields else None, reasons)
