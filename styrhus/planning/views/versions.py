"""A new text in a new version of a plan, made from the old one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from styrhus.items.forms import ITEM_FIELDS, OPENNESS_FIELDS
from styrhus.items.pages import warn_of_vacancy
from styrhus.organisation.access import require
from styrhus.planning.forms.contents import GoalForm, PriorityAreaForm, StrategyForm
from styrhus.planning.models import Placement, Plan
from styrhus.planning.operations.contents import BOUND_FIELDS, stored_parent
from styrhus.planning.operations.versions import revise as say_anew
from styrhus.planning.pages import plan_or_404, tell_refusal
from styrhus.planning.queries.versions import replaced_in

FORMS: dict[str, Any] = {form.Meta.model.kind_name(): form for form in (PriorityAreaForm, GoalForm, StrategyForm)}


def revise(request, pk, item):
    """The form of a new thing, filled in from the one it replaces."""
    plan = plan_or_404(request.user, pk, "replaces")
    old = _old_or_404(plan, request.user, item)
    require(request.user, "plan.edit", plan)
    form = _form(request, plan, old)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made = say_anew(
                old,
                form.save(commit=False),
                plan,
                by=request.user,
                part_of=chosen["part_of"],
                cornerstones=chosen.get("carries", ()),
            )
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": made.title})
            warn_of_vacancy(request, made)
            return redirect(reverse("planning:contents", args=[pk]) + f"#ting-{made.pk}")
    context = {"form": form, "plan": plan, "old": old, "keep": "new", "cancel_url": old.get_absolute_url()}
    context["title"] = _("Change “%(title)s” in the new version") % {"title": old.title}
    return render(request, "planning/revise.html", context, status=422 if form.errors else 200)


def _old_or_404(plan: Plan, person, key: int):
    place = (
        Placement.objects.filter(plan=plan.replaces_id, item=key, item__kind__in=FORMS).select_related("item").first()
    )
    if plan.replaces_id is None or place is None:
        raise Http404
    old = FORMS[place.item.kind].Meta.model.objects.visible_to(person).filter(pk=key).first()
    if old is None:
        raise Http404
    return old


def _form(request, plan: Plan, old):
    parent = stored_parent(old)
    copied = {*BOUND_FIELDS, *ITEM_FIELDS, *OPENNESS_FIELDS}
    known = {name: getattr(old, name) for name in copied if hasattr(old, name)}
    known |= {"unit": old.unit_id, "part_of": replaced_in(plan).get(parent, parent) if parent else None}
    sent = request.POST if request.method == "POST" else None
    form = FORMS[old.kind](sent, by=request.user, permission="goal.create", initial=known)
    # The form of a new thing asks where it stands, and says itself what is carried: here both are known.
    del form.fields["plan"]
    form.initial["carries"] = list(old.cornerstones.values_list("pk", flat=True))
    return form
