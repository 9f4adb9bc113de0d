"""The making of a plan: consultation, decision, objections, programme and guidelines."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.organisation.access import require
from styrhus.planning.forms import making as forms
from styrhus.planning.models import Consultation, Guideline, Objection, Plan, ProgrammeEntry
from styrhus.planning.operations import making as operations
from styrhus.planning.pages import form_page, plan_or_404, tell_refusal
from styrhus.planning.queries.guards import held_before_consultation

ABOUT = {"program": Consultation.About.PROGRAMME, "forslag": Consultation.About.PROPOSAL}


def done(form, operation: Callable, *args, **more) -> bool:
    """Whether the operation was carried out; what refused it stands in the form."""
    try:
        operation(*args, **more)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return False
    return True


def open_consultation(request, pk, about):
    """Sends the programme or the proposal on consultation."""
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.step", plan)
    if about not in ABOUT:
        raise Http404
    wanted = Consultation(plan=plan, about=ABOUT[about])
    today = timezone.localdate()
    proposed = forms.proposed_consultation(plan, today)
    form = forms.ConsultationForm(request.POST or None, instance=wanted, initial=proposed)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        if done(form, operations.open_consultation, made, by=request.user, warned=form.confirmed):
            messages.success(request, _("The consultation is open to %(day)s.") % {"day": f"{made.closes:%d.%m.%Y}"})
            return redirect(plan)
    title = _("Send the proposal on consultation")
    if wanted.about == Consultation.About.PROGRAMME:
        title = _("Send the planning programme on consultation")
    return form_page(
        request,
        form,
        title,
        plan.get_absolute_url(),
        about=plan,
        held=held_before_consultation(wanted) if request.method == "GET" else [],
        intro=_("What is sent on consultation becomes public: everybody may read the plan."),
        save_label=_("Send on consultation"),
    )


def close_consultation(request, pk, consultation):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.step", plan)
    found = get_object_or_404(Consultation, pk=consultation, plan=plan)
    form = forms.CloseConsultationForm(request.POST or None, initial={"assessment": found.assessment})
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, operations.close_consultation, found, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The consultation is closed."))
        return redirect(plan)
    return form_page(request, form, _("Close the consultation"), plan.get_absolute_url(), about=plan)


def submit(request, pk):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.step", plan)
    form = forms.SubmitForm(request.POST or None, instance=plan)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, operations.submit, plan, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("“%(title)s” is sent for decision.") % {"title": plan.title})
        return redirect(plan)
    return form_page(
        request,
        form,
        _("Send for decision"),
        plan.get_absolute_url(),
        about=plan,
        intro=_("From the day it is public, everybody may read the plan."),
        save_label=_("Send for decision"),
    )


def new_objection(request, pk):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.step", plan)
    form = forms.ObjectionForm(
        request.POST or None, instance=Objection(plan=plan), initial={"received_on": timezone.localdate()}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, operations.object_to, form.save(commit=False), by=request.user)
    ):
        messages.success(request, _("The objection is registered."))
        return redirect(plan.get_absolute_url() + "#objections")
    return form_page(request, form, _("Register an objection"), plan.get_absolute_url(), about=plan)


def objection(request, pk, objection):
    """What has become of an objection: mediation, sending, outcome."""
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.step", plan)
    found = get_object_or_404(Objection.objects.select_related("follow_up"), pk=objection, plan=plan)
    form = forms.FollowObjectionForm(request.POST or None, instance=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, operations.follow_objection, form.save(commit=False), by=request.user)
    ):
        messages.success(request, _("The changes are saved."))
        return redirect(plan.get_absolute_url() + "#objections")
    title = _("Objection from %(authority)s") % {"authority": found.authority}
    return form_page(request, form, title, plan.get_absolute_url(), about=plan, intro=found.parts)


# -- programme and guidelines: lists with a form below, a line at a time


def programme(request, pk):
    plan = plan_or_404(request.user, pk)
    form = None
    if may_write(request.user, plan):
        form = forms.EntryForm(request.POST or None, instance=ProgrammeEntry(plan=plan))
    if form and request.method == "POST" and form.is_valid() and _entry_is_written(form, request.user):
        return redirect("planning:programme", pk)
    lines = plan.programme.select_related("follow_up__responsible")
    context = {"item": plan, "lines": lines, "form": form, "may_write": form is not None}
    return render(request, "planning/programme.html", context, status=422 if form and form.errors else 200)


def may_write(person, plan: Plan) -> bool:
    return plan.is_under_work and person.has_perm("plan.edit", plan)


def _entry_is_written(form, by) -> bool:
    entry, answers = form.save(commit=False), form.cleaned_data
    return done(form, operations.write_entry, entry, by=by, responsible=answers["responsible"], due=answers["due"])


def edit_entry(request, pk, entry):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.edit", plan)
    found = get_object_or_404(ProgrammeEntry.objects.select_related("follow_up"), pk=entry, plan=plan)
    form = forms.EntryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid() and _entry_is_written(form, request.user):
        return redirect("planning:programme", pk)
    return form_page(request, form, found.title, _address("planning:programme", plan), about=plan)


def _address(name: str, plan: Plan) -> str:
    return reverse(name, args=[plan.pk])


@require_POST
def remove_entry(request, pk, entry):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.edit", plan)
    found = get_object_or_404(ProgrammeEntry.objects.select_related("follow_up"), pk=entry, plan=plan)
    return _removed(request, operations.remove_entry, found, "planning:programme", plan)


def _removed(request, operation, found, page: str, plan: Plan):
    try:
        operation(found, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("“%(title)s” is taken out.") % {"title": found.title})
    return redirect(page, plan.pk)


def guidelines(request, pk):
    plan = plan_or_404(request.user, pk)
    form = None
    if may_write(request.user, plan):
        form = forms.GuidelineForm(request.POST or None, instance=Guideline(plan=plan))
    if (
        form
        and request.method == "POST"
        and form.is_valid()
        and done(form, operations.write_guideline, form.save(commit=False), by=request.user)
    ):
        return redirect("planning:guidelines", pk)
    context = {"item": plan, "lines": plan.guidelines.all(), "form": form, "may_write": form is not None}
    return render(request, "planning/guidelines.html", context, status=422 if form and form.errors else 200)


def edit_guideline(request, pk, guideline):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.edit", plan)
    found = get_object_or_404(Guideline, pk=guideline, plan=plan)
    form = forms.GuidelineForm(request.POST or None, instance=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, operations.write_guideline, form.save(commit=False), by=request.user)
    ):
        return redirect("planning:guidelines", pk)
    return form_page(request, form, found.title, _address("planning:guidelines", plan), about=plan)


@require_POST
def remove_guideline(request, pk, guideline):
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.edit", plan)
    found = get_object_or_404(Guideline, pk=guideline, plan=plan)
    return _removed(request, operations.remove_guideline, found, "planning:guidelines", plan)
