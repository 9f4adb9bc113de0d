"""The deadlines: as a register, month by month, and each on its page."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.compliance import operations, queries
from styrhus.compliance.forms import FulfilForm
from styrhus.compliance.lists import DEADLINE_COLUMNS, DeadlineFilters
from styrhus.compliance.models import LegalDeadline
from styrhus.compliance.pages import form_page, tell_refusal
from styrhus.compliance.rules import lovdata_address
from styrhus.compliance.words import APPLIES_TO, AREAS, CONFIDENCES, SEVERITIES, formula
from styrhus.items.flow import State
from styrhus.items.lists import ItemList
from styrhus.items.queries import page_of
from styrhus.organisation.access import require


class DeadlineList(ItemList):
    title = gettext_lazy("Legal deadlines")
    intro = gettext_lazy("What the law asks of the municipality, and by when")
    columns = DEADLINE_COLUMNS
    filters = DeadlineFilters

    def rows(self):
        return LegalDeadline.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        return [
            {"label": _("The rules"), "url": reverse("compliance:rules")},
            {"label": _("Dates it counts from"), "url": reverse("compliance:facts")},
            {"label": _("Month by month"), "url": reverse("compliance:year"), "main": True},
        ]


def year(request):
    """What falls due in the next twelve months."""
    months = queries.by_month(request.user, date.today())
    return render(request, "compliance/year.html", {"months": months, "today": date.today()})


def visible_or_404(person, pk) -> LegalDeadline:
    rows = LegalDeadline.objects.visible_to(person).select_related("unit", "responsible", "about")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def deadline(request, pk):
    found = visible_or_404(request.user, pk)
    page = page_of(found, request.user)
    may_step = request.user.has_perm(found.edit_permission(), found)
    fulfilments = list(found.fulfilments.select_related("by", "item"))
    seen = queries.seen_among([found.about, *(each.item for each in fulfilments)], request.user)
    context = page | {
        "state": _state(found, page["state"]),
        "may_fulfil": may_step and found.ended is None,
        "is_overdue": found.is_overdue(date.today()),
        "fulfilments": [(each, each.item if each.item_id in seen else None) for each in fulfilments],
        "about": found.about if found.about_id in seen else None,
    }
    return render(request, "compliance/legaldeadline.html", context | words_of(found))


def _state(found: LegalDeadline, state: State) -> State:
    """Done is not well done when it was too late, or against the rule."""
    wrong = found.finding or (_("done late") if found.is_late else "")
    if not wrong:
        return state
    words = _("%(state)s: %(finding)s") % {"state": state.label, "finding": wrong[0].lower() + wrong[1:]}
    return replace(state, look="warn", label=words)


def words_of(found: LegalDeadline) -> dict:
    """What a page says of a deadline's rule, in the reader's language."""
    rule = found.rule
    return {
        "rule": rule,
        "formula": formula(rule, found.anchor),
        "lovdata": lovdata_address(rule.law),
        "area": AREAS[rule.area],
        "severity": SEVERITIES[rule.severity],
        "confidence": CONFIDENCES[rule.confidence],
        "applies_to": APPLIES_TO.get(rule.applies_to, ""),
        "age": (date.today() - found.anchor).days if found.anchor and found.due is None else None,
    }


def fulfil(request, pk):
    found = visible_or_404(request.user, pk)
    require(request.user, found.edit_permission(), found)
    form = FulfilForm(request.POST or None, by=request.user, initial={"on": date.today()})
    if request.method == "POST" and form.is_valid() and _fulfilled(form, found, request):
        return redirect(found)
    return form_page(request, form, _("Mark as done"), found.get_absolute_url(), about=found)


def _fulfilled(form, found, request) -> bool:
    try:
        done = operations.fulfil(found, **form.cleaned_data, by=request.user)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return False
    if done.ended is None:
        left = done.wanted - done.fulfilments.count()
        messages.success(request, _("It is noted. %(left)s more are wanted this year.") % {"left": left})
    else:
        messages.success(request, _("“%(title)s” is done.") % {"title": found.title})
    return True
