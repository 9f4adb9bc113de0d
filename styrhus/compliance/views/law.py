"""The rules themselves, and who answers for what the law lays on somebody."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.compliance import operations, queries
from styrhus.compliance.forms import AnsweringForm, ReasonForm
from styrhus.compliance.pages import form_page
from styrhus.compliance.rules import lovdata_address, rules
from styrhus.compliance.words import AREAS, CONFIDENCES, RESPONSIBLE, when
from styrhus.organisation.access import require


def rule_list(request):
    """Every rule the clock knows, area by area, and whether it holds."""
    require(request.user, "item.view_internal")
    rows = [_line(row) for row in queries.rules_as_they_hold(date.today())]
    areas = [
        {"label": label, "rows": [row for row in rows if row["rule"].area == area]} for area, label in AREAS.items()
    ]
    return render(request, "compliance/rules.html", {"areas": areas, "may_keep": request.user.has_perm("clock.keep")})


def _line(row: dict) -> dict:
    rule = row["rule"]
    lacks_date = rule.is_dated and not row["made"] and not row["off"]
    return row | {
        "when": when(rule),
        "lovdata": lovdata_address(rule.law),
        "confidence": CONFIDENCES[rule.confidence],
        "lacks_date": lacks_date,
    }


def _rule_or_404(name: str):
    rule = rules().get(name)
    if rule is None:
        raise Http404
    return rule


def switch_off(request, rule):
    found = _rule_or_404(rule)
    require(request.user, "clock.keep")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.switch_off(found.id, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("“%(title)s” is switched off.") % {"title": found.title})
        return redirect("compliance:rules")
    context = {
        "form": form,
        "question": _("Switch off “%(title)s”?") % {"title": found.title},
        "consequence": _("Its open deadlines go. Who switched it off, when and why is kept."),
        "confirm_label": _("Switch off"),
        "cancel_url": reverse("compliance:rules"),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


@require_POST
def switch_on(request, rule):
    found = _rule_or_404(rule)
    operations.switch_on(found.id, by=request.user)
    messages.success(request, _("“%(title)s” is in use again.") % {"title": found.title})
    return redirect("compliance:rules")


def answering_list(request):
    """Which position answers for what the law lays on the council, the auditor, the records manager …"""
    require(request.user, "item.view_internal")
    positions, chief = queries.answering(), queries.director()
    rows = [
        {"name": name, "label": label, "position": positions.get(name, chief), "is_own": name in positions}
        for name, label in RESPONSIBLE.items()
    ]
    context = {"rows": rows, "may_keep": request.user.has_perm("clock.keep")}
    return render(request, "compliance/answering.html", context)


def let_answer(request, name):
    require(request.user, "clock.keep")
    if name not in RESPONSIBLE:
        raise Http404
    form = AnsweringForm(request.POST or None, initial={"position": queries.answering().get(name)})
    if request.method == "POST" and form.is_valid():
        operations.let_answer(name, form.cleaned_data["position"], by=request.user)
        messages.success(request, _("The changes are saved."))
        return redirect("compliance:answering")
    title = _("Who answers for: %(name)s") % {"name": RESPONSIBLE[name]}
    return form_page(request, form, title, reverse("compliance:answering"))
