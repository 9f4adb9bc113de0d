"""Planoversikt: the register of plans, one plan, and how it comes to be, is adopted and ends."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.lists import ItemList
from styrhus.items.pages import EditItem, warn_of_vacancy
from styrhus.items.queries import page_of
from styrhus.organisation.access import require
from styrhus.organisation.queries import positions_of
from styrhus.planning.forms.plans import AdoptForm, PlanForm, RepealForm
from styrhus.planning.lists.plans import PLAN_COLUMNS, PlanFilters
from styrhus.planning.models import Plan, PlanType
from styrhus.planning.operations import plans as operations
from styrhus.planning.pages import form_page, plan_or_404, tell_refusal
from styrhus.planning.queries.making import making_of, reasons_before
from styrhus.planning.queries.plans import proposed_above, relatives_of, way_of

# Steps that ask for more than a reason: where they are asked for.
PAGES = {
    "submit": "planning:submit_plan",
    "adopt": "planning:adopt_plan",
    "adopt_here": "planning:adopt_plan",
    "repeal": "planning:repeal_plan",
}


class PlanList(ItemList):
    title = gettext_lazy("Plan overview")
    intro = gettext_lazy("Every plan of the municipality: what holds, what is being made, and what has grown old")
    columns = PLAN_COLUMNS
    filters = PlanFilters
    order = "type"

    def rows(self):
        plans = Plan.objects.visible_to(self.request.user).with_revision(self.request.user)
        return plans.select_related("type", "responsible")

    def actions(self):
        shown: list[dict] = [
            {"label": _("Time line"), "url": reverse("planning:time_line")},
            {"label": _("Hierarchy"), "url": reverse("planning:hierarchy")},
        ]
        if self.request.user.has_perm("plan.set_up"):
            shown.append({"label": _("Plan types"), "url": reverse("planning:plan_types")})
        if self.request.user.has_perm("plan.create"):
            shown.append({"label": _("New plan"), "url": reverse("planning:new_plan"), "main": True, "adds": True})
        return shown


def plan(request, pk):
    found = plan_or_404(request.user, pk)
    prefetch_related_objects([found], "consultations")
    person = request.user
    context = page_of(found, person) | making_of(found, person)
    context |= relatives_of(found, person) | {
        "next_steps": next_steps(found, context["steps"]),
        "way": way_of(found),
        "may_edit": person.has_perm("plan.edit", found),
        "may_step": person.has_perm("plan.step", found),
        "too_old": found.is_too_old(date.today()),
    }
    context["may_renew"] = found.is_in_force and not context["replaced_by"] and person.has_perm("plan.create")
    return render(request, "planning/plan.html", context)


def next_steps(plan: Plan, steps) -> list[dict]:
    """What may be done next: a button that takes the step, or a link to the page that asks for what it needs."""
    adopting = operations.adopting_step(plan)
    found = []
    for step in steps:
        if step.name in {"supersede", "adopt", "adopt_here"} - {adopting}:
            continue
        found.append(
            {
                "step": step,
                "url": _page_of_step(plan, step.name) or reverse("items:step", args=[plan.pk, step.name]),
                "is_link": bool(_page_of_step(plan, step.name)) or step.needs_note,
                "is_quiet": step.name in ("drop", "repeal"),
                "reasons": reasons_before(plan, step.name),
            }
        )
    # What may be done comes before what must wait, and what ends the plan comes last.
    return sorted(
        _without_what_the_type_has_not(plan, found), key=lambda line: (line["is_quiet"], bool(line["reasons"]))
    )


def _page_of_step(plan: Plan, name: str) -> str:
    if name == "open_consultation":
        return reverse("planning:open_consultation", args=[plan.pk, "forslag"])
    return reverse(PAGES[name], args=[plan.pk]) if name in PAGES else ""


def _without_what_the_type_has_not(plan: Plan, lines: list[dict]) -> list[dict]:
    left_out = set() if plan.type.has_programme else {"set_programme"}
    return [line for line in lines if line["step"].name not in left_out]


def new_plan(request):
    """Which type: it gives horizon, what the plan follows up and who adopts it."""
    require(request.user, "plan.create")
    return render(request, "planning/new_plan.html", {"types": PlanType.objects.filter(retired=False)})


def new_plan_of_type(request, code):
    require(request.user, "plan.create")
    plan_type = get_object_or_404(PlanType, code=code, retired=False)
    first = timezone.localdate().year + 1
    last = first + plan_type.horizon_years - 1 if plan_type.horizon_years else None
    mine = positions_of(request.user, date.today()).first()
    proposed: dict[str, Any] = {
        "title": f"{plan_type} {first}–{last}" if last and last > first else f"{plan_type} {first}",
        "first_year": first,
        "last_year": last,
        "follows_up": proposed_above(plan_type, request.user, date.today()),
    }
    if mine:
        proposed |= {"unit": mine.unit_id, "responsible": mine}
    title = _("New plan: %(type)s") % {"type": plan_type}
    return _made(request, Plan(type=plan_type), title, reverse("planning:new_plan"), proposed)


def new_version(request, pk):
    """The next version of a plan that holds: what can be copied is there already."""
    older = plan_or_404(request.user, pk, "follows_up")
    require(request.user, "plan.create")
    first = max(timezone.localdate().year, older.first_year) + 1
    years = older.last_year - older.first_year + 1 if older.last_year else older.type.horizon_years
    above = older.follows_up
    wanted = Plan(type=older.type, replaces=older)
    proposed = {
        "title": older.title.replace(older.period, "").strip(" ,–"),
        "first_year": first,
        "last_year": first + years - 1 if years else None,
        "follows_up": above if above and above.is_in_force else proposed_above(older.type, request.user, date.today()),
        "purpose": older.purpose,
        "unit": older.unit_id,
        "responsible": older.responsible,
        "field": older.field,
        "openness": older.openness,
        "access_code": older.access_code,
        "exemption_basis": older.exemption_basis,
        "reassess_on": older.reassess_on,
    }
    return _made(request, wanted, _("New version of “%(plan)s”") % {"plan": older}, older.get_absolute_url(), proposed)


def _made(request, wanted: Plan, title: str, cancel_url: str, proposed: dict):
    form = PlanForm(request.POST or None, instance=wanted, by=request.user, permission="plan.create", initial=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.propose(form.save(commit=False), by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": made.title})
            warn_of_vacancy(request, made)
            return redirect(made)
    return form_page(request, form, title, cancel_url, facts=wanted.type, keep="new")


class EditPlan(EditItem):
    model = Plan
    form_class = PlanForm
    permission = "plan.edit"

    def save(self, form, version: int):
        return operations.edit(form.save(commit=False), version=version, by=self.request.user)


def adopt_plan(request, pk):
    found = plan_or_404(request.user, pk, "replaces")
    require(request.user, operations.permission_to_adopt(found), found)
    proposed = {"adopted_on": found.decided_at or timezone.localdate()}
    form = AdoptForm(request.POST or None, instance=found, initial=proposed)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        strategy = {name: answers[name] for name in ("kommuneplan", "kommuneplan_reason") if name in answers}
        try:
            operations.adopt(
                found,
                by=request.user,
                on=answers["adopted_on"],
                decision=answers["decision"],
                decision_url=answers["decision_url"],
                warned=form.confirmed,
                **strategy,
            )
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is adopted.") % {"title": found.title})
            return redirect(found)
    context = {"form": form, "item": found, "objections": found.objections.filter(outcome="open")}
    return render(request, "planning/adopt.html", context, status=422 if form.errors else 200)


def repeal_plan(request, pk):
    found = plan_or_404(request.user, pk)
    require(request.user, "plan.adopt", found)
    form = RepealForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.repeal(found, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is repealed.") % {"title": found.title})
            return redirect(found)
    intro = _("The plan stays in the overview as repealed. What is to replace it is made as a new version instead.")
    return form_page(
        request, form, _("Repeal the plan"), found.get_absolute_url(), about=found, intro=intro, save_label=_("Repeal")
    )
