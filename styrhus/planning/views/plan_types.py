"""The types of plan that the municipality makes, as it calls and orders them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from styrhus.organisation.access import require
from styrhus.planning.forms.plan_types import PlanTypeForm
from styrhus.planning.models import PlanType
from styrhus.planning.operations.plan_types import keep_type
from styrhus.planning.pages import form_page


def plan_types(request):
    types = PlanType.objects.select_related("above")
    context = {"types": types, "may_set_up": request.user.has_perm("plan.set_up")}
    return render(request, "planning/plan_types.html", context)


def new_plan_type(request):
    require(request.user, "plan.set_up")
    return _asked(request, PlanType(), _("New plan type"))


def edit_plan_type(request, pk):
    require(request.user, "plan.set_up")
    found = get_object_or_404(PlanType, pk=pk)
    return _asked(request, found, _("Change “%(title)s”") % {"title": found})


def _asked(request, plan_type: PlanType, title: str):
    form = PlanTypeForm(request.POST or None, instance=plan_type)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        return redirect("planning:plan_types")
    return form_page(request, form, title, reverse("planning:plan_types"))


def _kept(request, form) -> bool:
    try:
        kept = keep_type(form.save(commit=False))
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
    return True
