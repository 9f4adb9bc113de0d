"""The delegation regulations: versions that compare, are adopted and re-issue what stands on them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.delegation import forms, operations, queries
from styrhus.delegation.lists import (
    REGULATIONS_COLUMNS,
    RegulationsFilters,
)
from styrhus.delegation.models import (
    Authorisation,
    Regulations,
)
from styrhus.delegation.pages import form_page, number_or_404, tell_refusal
from styrhus.delegation.versions import differences, sections_of
from styrhus.items.lists import ItemList
from styrhus.items.pages import EditItem
from styrhus.items.queries import page_of
from styrhus.organisation.access import require


class RegulationsList(ItemList):
    title = gettext_lazy("Delegation regulations")
    above = gettext_lazy("Authority"), "delegation:authorisations"
    intro = gettext_lazy("Every version, from draft to replaced")
    columns = REGULATIONS_COLUMNS
    filters = RegulationsFilters
    order = "-number"

    def rows(self):
        return Regulations.objects.visible_to(self.request.user)

    def actions(self):
        if not self.request.user.has_perm("regulations.edit"):
            return []
        url = reverse("delegation:new_regulations")
        return [{"label": _("New draft"), "url": url, "main": True, "adds": True}]


def visible_version_or_404(person, pk) -> Regulations:
    rows = Regulations.objects.visible_to(person).select_related("unit", "responsible__unit")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def regulations_version(request, pk):
    found = visible_version_or_404(request.user, pk)
    person, is_draft = request.user, found.state == Regulations.DRAFT
    page = page_of(found, person)
    asked = set(found.receipts.values_list("follow_up", flat=True))
    context = page | {
        # To adopt has a page of its own; the confirmations are counted, not listed one by one.
        "steps": [step for step in page["steps"] if step.name == "drop"],
        "follow_ups": [each for each in page["follow_ups"] if each.pk not in asked],
        "sections": sections_of(found.text),
        "receipts": queries.receipts_of(found),
        "wanted": queries.receipts_wanted_from(person, found),
        "before": queries.version_before(found),
        "standing": Authorisation.objects.live().filter(issued_under=found.pk).count(),
        "may_edit": is_draft and person.has_perm("regulations.edit", found),
        "may_adopt": is_draft and person.has_perm("regulations.adopt", found),
    }
    return render(request, "delegation/regulations.html", context)


def new_regulations(request):
    """A draft begins as what holds now, so that the difference is what somebody meant to change."""
    require(request.user, "regulations.edit")
    if queries.council() is None:
        messages.error(request, _("First register the council as a political body with a position that leads it."))
        return redirect("delegation:regulations")
    now = queries.adopted_regulations()
    initial = {"title": now.title if now else _("Delegation regulations"), "text": now.text if now else ""}
    form = forms.RegulationsForm(request.POST or None, instance=Regulations(), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = operations.draft(form.instance, by=request.user)
        messages.success(request, _("“%(title)s” is saved.") % {"title": made.title})
        return redirect(made)
    return form_page(request, form, _("New draft"), reverse("delegation:regulations"))


class EditRegulations(EditItem):
    model = Regulations
    form_class: Any = forms.RegulationsForm
    permission = "regulations.edit"

    def _item(self, pk):
        found = super()._item(pk)
        if found.state != Regulations.DRAFT:
            # What the council has adopted is changed by a new version.
            raise PermissionDenied(self.permission)
        return found


def adopt_regulations(request, pk):
    found = visible_version_or_404(request.user, pk)
    require(request.user, "regulations.adopt", found)
    if found.state != Regulations.DRAFT:
        raise PermissionDenied("regulations.adopt")
    form = forms.AdoptForm(request.POST or None, instance=found, initial={"adopted_on": date.today()})
    if request.method == "POST" and form.is_valid() and _adopted(form, found, request):
        return redirect(found)
    context = {"form": form, "item": found, "standing": queries.to_be_reissued().count()}
    return render(request, "delegation/adopt.html", context, status=422 if form.errors else 200)


def _adopted(form, found, request) -> bool:
    try:
        issued = operations.adopt(found, by=request.user)
    except ValidationError as refused:
        # Somebody else was quicker.
        tell_refusal(form, refused)
        return False
    text = ngettext("%(count)s authorisation is re-issued.", "%(count)s authorisations are re-issued.", issued)
    messages.success(request, text % {"count": issued})
    return True


def compare_regulations(request, pk):
    """With the version before it, or with the one whose number is asked for."""
    found = visible_version_or_404(request.user, pk)
    others = Regulations.objects.visible_to(request.user).exclude(pk=found.pk).order_by("-number")
    asked = request.GET.get("med")
    other = get_object_or_404(others, number=number_or_404(asked)) if asked else queries.version_before(found)
    context = {
        "item": found,
        "other": other,
        "others": others,
        "differences": differences(other.text, found.text) if other else [],
    }
    return render(request, "delegation/compare.html", context)
