"""Changes of the budget in the year, and who may certify and order payment."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from styrhus.economy.budget_forms import AmendmentForm, AmendmentLineForm, PaymentRightForm
from styrhus.economy.lists import AMENDMENT_COLUMNS, PAYMENT_COLUMNS, AmendmentFilters, PaymentFilters
from styrhus.economy.models import Amendment, AmendmentLine, PaymentRight
from styrhus.economy.operations import amendments, payments
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.pages import keep_form
from styrhus.economy.queries.codes import with_names
from styrhus.economy.queries.payments import could_do_both, who_holds
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require
from styrhus.planning.pages import form_page

VIEWS = "ledger.view"


class AmendmentList(ListPage):
    title = gettext_lazy("Budget amendments")
    intro = gettext_lazy("What has been changed in the budget in the year, by whom and by what authority")
    columns = AMENDMENT_COLUMNS
    filters = AmendmentFilters
    order = "-made"

    def rows(self):
        require(self.request.user, VIEWS)
        return Amendment.objects.select_related("version", "authority", "by")

    def actions(self):
        if not self.request.user.has_perm(amendments.MOVES):
            return []
        return [{"label": _("New amendment"), "url": reverse("economy:new_amendment"), "main": True, "adds": True}]


def new_amendment(request):
    require(request.user, amendments.MOVES)
    return _amendment_form(request, Amendment(), _("New budget amendment"), reverse("economy:amendments"))


def edit_amendment(request, pk):
    found = get_object_or_404(Amendment, pk=pk)
    _must_be_own(request.user, found)
    return _amendment_form(request, found, _("Change “%(title)s”") % {"title": found}, found.get_absolute_url())


def _amendment_form(request, amendment: Amendment, title: str, back: str):
    if not amendment.pk:
        amendment.by = request.user
    form = AmendmentForm(request.POST if request.method == "POST" else None, instance=amendment, person=request.user)
    if keep_form(form, lambda: amendments.keep_amendment(form.save(commit=False), by=request.user)):
        return redirect(amendment)
    return form_page(request, form, title, back)


def _must_be_own(person, amendment: Amendment) -> None:
    if not _may_change(person, amendment):
        raise PermissionDenied


def _may_change(person, amendment: Amendment) -> bool:
    is_own = amendment.by_id == person.pk and person.has_perm(amendments.MOVES)
    return not amendment.is_taken_in and (is_own or person.has_perm(KEEPS))


def amendment(request, pk):
    """The lines, what they come to, and what it rests on."""
    require(request.user, VIEWS)
    return _amendment_page(request, _amendment_or_404(pk))


def new_line(request, pk):
    """The same page: a line is added where the others stand."""
    found = _amendment_or_404(pk)
    _must_be_own(request.user, found)
    form = AmendmentLineForm(
        request.POST if request.method == "POST" else None, instance=AmendmentLine(amendment=found)
    )
    if keep_form(form, lambda: amendments.keep_line(form.save(commit=False), by=request.user)):
        return redirect(found)
    return _amendment_page(request, found, form)


def _amendment_or_404(pk: int) -> Amendment:
    rows = Amendment.objects.select_related("version", "authority__power", "by", "taken_in_by")
    return get_object_or_404(rows, pk=pk)


def _amendment_page(request, found: Amendment, form=None):
    lines = list(found.lines.all())
    may_change = _may_change(request.user, found)
    context = {
        "amendment": found,
        "lines": with_names(lines, found.version.year),
        "total": sum(each.amount for each in lines),
        "form": form or (AmendmentLineForm(instance=AmendmentLine(amendment=found)) if may_change else None),
        "may_change": may_change,
    }
    return render(request, "economy/amendment.html", context, status=422 if form and form.errors else 200)


@require_POST
def remove_line(request, pk):
    line = get_object_or_404(AmendmentLine.objects.select_related("amendment"), pk=pk)
    _must_be_own(request.user, line.amendment)
    amendments.remove_line(line, by=request.user)
    return redirect(line.amendment)


@require_POST
def take_in(request, pk):
    found = get_object_or_404(Amendment, pk=pk)
    _must_be_own(request.user, found)
    try:
        amendments.take_in(found, by=request.user)
    except ValidationError as refused:
        for reason in refused.messages:
            messages.error(request, reason)
    else:
        messages.success(request, _("“%(title)s” is in the budget.") % {"title": found})
    return redirect(found)


@require_POST
def drop(request, pk):
    found = get_object_or_404(Amendment, pk=pk)
    _must_be_own(request.user, found)
    amendments.drop(found, by=request.user)
    messages.success(request, _("“%(title)s” is taken away.") % {"title": found})
    return redirect("economy:amendments")


class PaymentList(ListPage):
    title = gettext_lazy("Who certifies and orders payment")
    intro = gettext_lazy("Attestation and anvisning: never the same person for the same unit")
    columns = PAYMENT_COLUMNS
    template_name = "economy/payment_rights.html"
    filters = PaymentFilters
    order = "unit"

    def rows(self):
        require(self.request.user, VIEWS)
        return PaymentRight.objects.select_related("unit", "position__unit")

    def actions(self):
        if not self.request.user.has_perm(KEEPS):
            return []
        return [{"label": _("New right"), "url": reverse("economy:new_payment_right"), "main": True, "adds": True}]

    def context(self, chosen):
        words = _("%(who)s may both certify and order payment for %(unit)s.")
        found = [words % {"who": who_holds(one), "unit": other.unit} for one, other in could_do_both(date.today())]
        return super().context(chosen) | {"clashes": found}


def new_payment_right(request):
    return _right_form(request, PaymentRight(start=date.today()), _("New right to certify or order payment"))


def payment_right(request, pk):
    found = get_object_or_404(PaymentRight, pk=pk)
    return _right_form(request, found, _("Change “%(title)s”") % {"title": found})


def _right_form(request, right: PaymentRight, title: str):
    require(request.user, KEEPS)
    back = reverse("economy:payment_rights")
    form = PaymentRightForm(request.POST if request.method == "POST" else None, instance=right)
    if keep_form(form, lambda: payments.keep_right(form.save(commit=False), by=request.user)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": right})
        return redirect(back)
    return form_page(request, form, title, back)
