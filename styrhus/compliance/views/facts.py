"""The dates that the clock counts from."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.compliance import operations
from styrhus.compliance.forms import FactForm
from styrhus.compliance.lists import FACT_COLUMNS, FactFilters
from styrhus.compliance.models import RegisteredFact
from styrhus.compliance.pages import form_page, tell_refusal
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require


class FactList(ListPage):
    title = gettext_lazy("Dates the legal clock counts from")
    intro = gettext_lazy("What has happened, and what is planned; plans and regulations tell their own")
    above = gettext_lazy("Legal deadlines"), "compliance:deadlines"
    columns = FACT_COLUMNS
    filters = FactFilters
    order = "-on"

    def get(self, request):
        require(request.user, "item.view_internal")
        return super().get(request)

    def rows(self):
        return RegisteredFact.objects.all()

    def actions(self):
        if not self.request.user.has_perm("clock.keep"):
            return []
        url = reverse("compliance:new_fact")
        return [{"label": _("New date"), "url": url, "main": True, "adds": True}]


def new(request):
    return _edit(request, RegisteredFact(), _("New date"))


def edit(request, pk):
    require(request.user, "clock.keep")
    found = get_object_or_404(RegisteredFact, pk=pk)
    remove_url = reverse("compliance:remove_fact", args=[pk])
    return _edit(request, found, _("Change “%(title)s”") % {"title": found}, remove_url=remove_url)


def _edit(request, fact: RegisteredFact, title: str, **more):
    require(request.user, "clock.keep")
    form = FactForm(request.POST or None, instance=fact, by=request.user)
    if request.method == "POST" and form.is_valid() and _kept(form, request):
        return redirect("compliance:facts")
    return form_page(request, form, title, reverse("compliance:facts"), template="compliance/fact.html", **more)


def _kept(form, request) -> bool:
    try:
        made = operations.keep_fact(form.instance, by=request.user)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return False
    messages.success(request, _("“%(title)s” is saved, and the deadlines are counted anew.") % {"title": made})
    return True


def remove(request, pk):
    require(request.user, "clock.keep")
    fact = get_object_or_404(RegisteredFact, pk=pk)
    if request.method == "POST":
        operations.remove_fact(fact, by=request.user)
        messages.success(request, _("The date is removed, and the deadlines are counted anew."))
        return redirect("compliance:facts")
    context = {
        "question": _("Remove “%(title)s”?") % {"title": fact},
        "consequence": _("Deadlines that count from it and that nobody has worked with are taken back."),
        "confirm_label": _("Remove"),
        "cancel_url": fact.get_absolute_url(),
        "dangerous": True,
    }
    return render(request, "kit/confirm.html", context)
