"""The codes of the accounts, and what has been loaded."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.forms import CodeForm
from styrhus.economy.lists import CODE_COLUMNS, EXTRACT_COLUMNS, CodeFilters, ExtractFilters
from styrhus.economy.models import Code, Extract
from styrhus.economy.operations.codes import KEEPS, keep_code
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require
from styrhus.planning.pages import form_page

LOADS = "ledger.load"


class CodeList(ListPage):
    title = gettext_lazy("Codes of the accounts")
    intro = gettext_lazy("Cost centres and the units they belong to; kinds and functions, and what KOSTRA calls them")
    columns = CODE_COLUMNS
    filters = CodeFilters
    order = "dimension"

    def rows(self):
        require(self.request.user, KEEPS)
        return Code.objects.select_related("unit")


def edit_code(request, pk):
    require(request.user, KEEPS)
    code = get_object_or_404(Code, pk=pk)
    form = CodeForm(request.POST if request.method == "POST" else None, instance=code)
    if request.method == "POST" and form.is_valid():
        kept = keep_code(form.save(commit=False), by=request.user)
        messages.success(request, _("“%(title)s” is saved.") % {"title": kept})
        return redirect("economy:codes")
    title = _("Change “%(title)s”") % {"title": Code.objects.get(pk=pk)}
    return form_page(request, form, title, reverse("economy:codes"))


class ExtractList(ListPage):
    title = gettext_lazy("Loaded figures")
    intro = gettext_lazy("What has been loaded of accounts and budgets, month by month, and what stands now")
    columns = EXTRACT_COLUMNS
    filters = ExtractFilters
    order = "-year"

    def rows(self):
        require(self.request.user, LOADS)
        return Extract.objects.select_related("version")

    def actions(self):
        return [{"label": _("From a file"), "url": reverse("imports:new"), "main": True, "adds": True}]
