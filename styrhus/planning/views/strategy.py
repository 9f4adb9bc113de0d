"""What a planning strategy says of all the plans: many lines at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.items.pages import warn_of_vacancy
from styrhus.organisation.access import require
from styrhus.planning.forms.making import JudgementForm, NeededPlanForm
from styrhus.planning.models import Plan, PlanType
from styrhus.planning.operations import making as operations
from styrhus.planning.pages import form_page, plan_or_404
from styrhus.planning.queries.making import judged_by
from styrhus.planning.views.making import done, may_write

LINES = 40


def strategy_or_404(person, pk) -> Plan:
    found = plan_or_404(person, pk)
    if not found.is_planning_strategy:
        raise Http404
    return found


def judgements(request, pk):
    """A line for each plan. Only the lines that were changed are saved, all of them or none."""
    strategy = strategy_or_404(request.user, pk)
    sent = request.POST if may_write(request.user, strategy) else None
    types = list(PlanType.objects.all())
    asked = request.GET.get("type", "")
    chosen = asked if asked in {each.code for each in types} else ""
    page = _page(judged_by(strategy, request.user, chosen), request.GET.get("page", 1))
    forms = [_line(plan, sent or None) for plan in page]
    # Every line is asked, so that all that is wrong is told at once.
    if sent and all([form.is_valid() for form in forms]) and _saved(request, strategy, forms):  # noqa: C419
        return redirect(request.get_full_path())
    context = {
        "item": strategy,
        "forms": forms,
        "page": page,
        "types": types,
        "chosen": chosen,
        "may_write": may_write(request.user, strategy),
        "wrong": [form for form in forms if form.is_bound and form.errors],
        "querystring": f"type={chosen}" if chosen else "",
    }
    return render(request, "planning/judgements.html", context, status=422 if context["wrong"] else 200)


def _page(plans, number):
    try:
        return Paginator(plans, LINES).page(number)
    except InvalidPage as error:
        raise Http404 from error


def _line(plan, sent) -> JudgementForm:
    said = plan.said[0] if plan.said else None
    stored = {"choice": said.choice, "reason": said.reason, "year": said.year} if said else {}
    return JudgementForm(sent, plan=plan, initial=stored)


def _saved(request, strategy, forms) -> bool:
    changed = [form.answer for form in forms if form.has_changed()]
    try:
        count = operations.judge(strategy, changed, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return True
    messages.success(request, ngettext("%(n)s line is saved.", "%(n)s lines are saved.", count) % {"n": count})
    return True


def needed_plan(request, pk):
    """A plan that is not there yet: proposed in the strategy, and in the overview from now on."""
    strategy = strategy_or_404(request.user, pk)
    require(request.user, "plan.edit", strategy)
    require(request.user, "plan.create")
    proposed = {
        "first_year": timezone.localdate().year + 1,
        "unit": strategy.unit_id,
        "responsible": strategy.responsible_id,
    }
    form = NeededPlanForm(request.POST or None, instance=Plan(), initial=proposed, by=request.user)
    if request.method == "POST" and form.is_valid():
        wanted = form.save(commit=False)
        if done(form, operations.find_needed, strategy, wanted, by=request.user, reason=form.cleaned_data["reason"]):
            messages.success(request, _("“%(title)s” is saved.") % {"title": wanted.title})
            warn_of_vacancy(request, wanted)
            return redirect("planning:judgements", pk)
    back = reverse("planning:judgements", args=[pk])
    return form_page(request, form, _("A new plan is needed"), back, about=strategy)
