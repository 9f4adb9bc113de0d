"""The register of requirements, and what points to them."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from styrhus.compliance import requirements as operations
from styrhus.compliance.forms import RequirementForm, TakeInForm
from styrhus.compliance.lists import REQUIREMENT_COLUMNS, RequirementFilters
from styrhus.compliance.models import Requirement
from styrhus.compliance.pages import form_page
from styrhus.items.lists import ItemList
from styrhus.items.models import Item, Link
from styrhus.items.pages import EditItem, NewItem
from styrhus.items.queries import page_of
from styrhus.organisation.access import require
from styrhus.organisation.queries import positions_of

THINGS_A_PAGE = 25


class RequirementList(ItemList):
    title = gettext_lazy("Requirements")
    intro = gettext_lazy("Acts, regulations and sustainable development goals that things can point to")
    columns = REQUIREMENT_COLUMNS
    filters = RequirementFilters
    order = "source"

    def rows(self):
        rows = Requirement.objects.visible_to(self.request.user).select_related("unit", "responsible")
        return rows.with_number_of_things(self.request.user)

    def actions(self):
        if not self.request.user.has_perm("requirement.keep"):
            return []
        new = reverse("compliance:new_requirement")
        return [
            {"label": _("Take in lists"), "url": reverse("compliance:take_in")},
            {"label": _("New requirement"), "url": new, "main": True, "adds": True},
        ]


class NewRequirement(NewItem):
    form_class = RequirementForm
    permission = "requirement.keep"
    title = gettext_lazy("New requirement")

    def initial(self):
        mine = positions_of(self.request.user, date.today()).first()
        return {"unit": mine.unit_id, "responsible": mine} if mine else {}

    def cancel_url(self):
        return reverse("compliance:requirements")


class EditRequirement(EditItem):
    model = Requirement
    form_class = RequirementForm
    permission = "requirement.edit"


def take_in(request):
    """Our own lists of laws and goals, as many times as one likes."""
    require(request.user, "requirement.keep")
    mine = positions_of(request.user, date.today()).first()
    form = TakeInForm(request.POST or None, initial={"lists": list(operations.LISTS), "position": mine})
    if request.method == "POST" and form.is_valid():
        made = operations.take_in(form.cleaned_data["lists"], form.cleaned_data["position"], by=request.user)
        messages.success(
            request, ngettext("%(n)s requirement is taken in.", "%(n)s requirements are taken in.", made) % {"n": made}
        )
        return redirect("compliance:requirements")
    return form_page(request, form, _("Take in lists"), reverse("compliance:requirements"))


def requirement(request, pk):
    rows = Requirement.objects.visible_to(request.user).select_related("unit", "responsible", "parent")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    pointing = Item.objects.visible_to(request.user).filter(links_out__target=pk, links_out__kind=Link.Kind.FULFILS)
    page = Paginator(pointing.select_related("unit").order_by("kind", "title_key", "pk"), THINGS_A_PAGE)
    context = page_of(found, request.user) | {
        "page": page.get_page(request.GET.get("page")),
        "parts": list(Requirement.objects.visible_to(request.user).filter(parent=pk).order_by("pk")),
        "may_edit": request.user.has_perm("requirement.edit", found),
    }
    return render(request, "compliance/requirement.html", context)


def _visible_or_404(person, pk) -> Item:
    return get_object_or_404(Item.objects.visible_to(person).select_related("unit"), pk=pk)


def points_to(request, pk):
    """A panel on any thing's page: the laws and goals it points to; who may change the thing adds and removes."""
    return _panel(request, _visible_or_404(request.user, pk))


def _panel(request, item: Item):
    may_change = request.user.has_perm(item.concrete().edit_permission(), item)
    words = request.GET.get("q", "")[:100]
    context = {
        "item": item,
        "pointed": operations.pointed_to_by(item, request.user),
        "may_change": may_change,
        "words": words,
        # The button that was pressed is gone with what it was about: the next one is sought in the same field.
        "is_changed": request.method == "POST",
        "found": operations.to_point_to(item, words, request.user) if may_change else [],
    }
    return render(request, "compliance/points_to.html", context)


@require_POST
def add(request, pk):
    item = _visible_or_404(request.user, pk)
    require(request.user, item.concrete().edit_permission(), item)
    wanted = request.POST.get("requirement", "")
    rows = Requirement.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=wanted if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0)
    operations.point_to(item, found, by=request.user)
    return _afterwards(request, item)


@require_POST
def take_away(request, pk, link):
    item = _visible_or_404(request.user, pk)
    require(request.user, item.concrete().edit_permission(), item)
    made = get_object_or_404(Link, pk=link, source=item, kind=Link.Kind.FULFILS)
    operations.point_no_longer(item, made, by=request.user)
    return _afterwards(request, item)


def _afterwards(request, item: Item):
    """The panel anew where it was fetched into a page; otherwise back to the panel's own page."""
    return _panel(request, item) if request.htmx else redirect("compliance:points_to", item.pk)
