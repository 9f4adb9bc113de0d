"""What can be decided at all, and the levels with their reservations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.delegation import forms, operations
from styrhus.delegation.lists import (
    POWER_COLUMNS,
    PowerFilters,
)
from styrhus.delegation.models import (
    AuthorityLevel,
    Power,
)
from styrhus.delegation.pages import form_page, tell_refusal
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require


class PowerList(ListPage):
    title = gettext_lazy("Powers to decide")
    above = gettext_lazy("Authority"), "delegation:authorisations"
    intro = gettext_lazy("Everything that can be decided, and how many hold it now")
    columns = POWER_COLUMNS
    filters = PowerFilters
    order = "theme"

    def rows(self):
        held = Q(authorisations__ended=None)
        return Power.objects.annotate(held=Count("authorisations", filter=held))

    def actions(self):
        shown: list[dict] = [{"label": _("Authority levels"), "url": reverse("delegation:levels")}]
        if self.request.user.has_perm("authorisation.keep"):
            new_power = reverse("delegation:new_power")
            shown.append({"label": _("New power to decide"), "url": new_power, "main": True, "adds": True})
        return shown


def new_power(request):
    return _edit_power(request, Power(), _("New power to decide"))


def edit_power(request, pk):
    found = get_object_or_404(Power, pk=pk)
    return _edit_power(request, found, _("Change “%(title)s”") % {"title": found.name})


def _edit_power(request, found: Power, title: str):
    require(request.user, "authorisation.keep")
    form = forms.PowerForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid() and _kept(form, request):
        return redirect("delegation:powers")
    return form_page(request, form, title, reverse("delegation:powers"))


def _kept(form, request):
    try:
        made = operations.keep_power(form.instance)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return None
    messages.success(request, _("“%(title)s” is saved.") % {"title": made.name})
    return made


def levels(request):
    found = AuthorityLevel.objects.prefetch_related("excludes")
    may_edit = request.user.has_perm("authorisation.keep")
    return render(request, "delegation/levels.html", {"levels": found, "may_edit": may_edit})


def edit_level(request, pk):
    require(request.user, "authorisation.keep")
    found = get_object_or_404(AuthorityLevel, pk=pk)
    form = forms.LevelForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The changes are saved."))
        return redirect("delegation:levels")
    title = _("Change authority level %(level)s") % {"level": found.level}
    return form_page(request, form, title, reverse("delegation:levels"))
