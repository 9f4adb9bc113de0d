"""The register, one authorisation and what is done with it, and what a position may decide."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.delegation import branches, forms, operations, queries
from styrhus.delegation.lists import (
    AUTHORISATION_COLUMNS,
    CHECK_COLUMNS,
    AuthorisationFilters,
    CheckFilters,
)
from styrhus.delegation.models import (
    Authorisation,
    AuthorityLevel,
    DelegationCheck,
    Power,
    Source,
    name_of,
)
from styrhus.delegation.pages import form_page, number_or_404, tell_refusal
from styrhus.items.lists import ItemList
from styrhus.items.pages import EditItem
from styrhus.items.queries import page_of
from styrhus.organisation.access import require
from styrhus.organisation.models import Position
from styrhus.organisation.queries import positions_of

# What each way of registering is called in the address, and the form that asks for it.
NEW = {
    "delegert": (Source.DELEGATED, forms.CouncilDelegationForm, gettext_lazy("Delegate from the council")),
    "lov": (Source.BY_LAW, forms.ByLawForm, gettext_lazy("Register authority given by law")),
    "reservert": (Source.RESERVED, forms.ReservedForm, gettext_lazy("Register what the council itself decides")),
}


# So much of what a position decides or checks stands on its page; the register has the rest.
SHOWN = 25


class AuthorisationList(ItemList):
    title = gettext_lazy("Authorisations")
    intro = gettext_lazy("Who may decide what, by what authority, and when it is checked")
    columns = AUTHORISATION_COLUMNS
    filters = AuthorisationFilters
    # By the next check, as every register of things: by holder all of them are sorted before the first is shown.
    order = "due"

    def rows(self):
        rows = Authorisation.objects.visible_to(self.request.user)
        return rows.select_related("power", "holder__unit", "giver__unit")

    def actions(self):
        shown: list[dict] = [
            {"label": _("Tree of authority"), "url": reverse("delegation:tree")},
            {"label": _("Checks not done"), "url": reverse("delegation:checks_not_done")},
            {"label": _("Delegation regulations"), "url": reverse("delegation:regulations")},
        ]
        if self.request.user.has_perm("authorisation.keep"):
            shown.append({"label": _("Register"), "url": reverse("delegation:new"), "main": True, "adds": True})
        return shown


class ChecksNotDone(ItemList):
    """A finding with its own list: the duty to check that cannot be passed on, and was not done."""

    title = gettext_lazy("Checks not done")
    above = gettext_lazy("Authority"), "delegation:authorisations"
    columns = CHECK_COLUMNS
    filters = CheckFilters

    @property
    def intro(self) -> str:  # type: ignore[override]
        counted = queries.count_checks_not_done(self.request.user, date.today())
        late = ngettext(
            "%(late)s check of delegated authority is late.",
            "%(late)s checks of delegated authority are late.",
            counted["late"],
        )
        never = ngettext(
            "%(never)s of them has never been done.", "%(never)s of them have never been done.", counted["never"]
        )
        return f"{late % counted} {never % counted}"

    def rows(self):
        rows = queries.checks_not_done(self.request.user, date.today())
        return rows.select_related("power", "holder__unit", "giver__unit")


def visible_or_404(person, pk) -> Authorisation:
    rows = Authorisation.objects.visible_to(person).select_related(
        "unit", "power", "responsible__unit", "holder__unit", "giver__unit", "issued_under"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_pass_on(person, found: Authorisation) -> bool:
    return found.may_be_passed_on and found.is_live and queries.may_give_from(person, found.holder)


def may_change(person, found: Authorisation) -> bool:
    """What is delegated: who gave it, or leads there. What the law says: who keeps the register."""
    if not found.is_live:
        return False
    if found.source == Source.DELEGATED:
        return person.has_perm("authorisation.delegate", found)
    return person.has_perm("authorisation.keep")


def may_in_force(person, permission: str, found: Authorisation) -> bool:
    return found.is_live and found.source == Source.DELEGATED and person.has_perm(permission, found)


def authorisation(request, pk):
    found = visible_or_404(request.user, pk)
    person, today = request.user, date.today()
    below = Authorisation.objects.visible_to(person).live().filter(passed_on_from=found.pk)
    context = page_of(found, person) | {
        # The buttons are the page's own: to withdraw takes along what stands on it.
        "steps": [],
        "chain": queries.chain_of(found),
        "below": below.select_related("holder__unit").order_by("holder__unit__path", "holder__title"),
        "held_by": [each.person for each in found.holder.holders(today)],
        "checks": found.checks.select_related("by")[:20],
        "level": queries.level_of(found.holder),
        "may_pass_on": may_pass_on(person, found),
        "may_change": may_change(person, found),
        "may_check": may_in_force(person, "authorisation.check", found),
        "may_withdraw": may_in_force(person, "authorisation.withdraw", found),
    }
    return render(request, "delegation/authorisation.html", context)


def pass_on(request, pk):
    """Gives on what one holds: the power, the giver and the basis are known, so only the rest is asked for."""
    basis = visible_or_404(request.user, pk)
    if not may_pass_on(request.user, basis):
        raise PermissionDenied("authorisation.delegate")
    wanted = Authorisation(power=basis.power, giver=basis.holder, passed_on_from=basis, source=Source.DELEGATED)
    initial = {
        "start": max(date.today(), basis.start),
        "end": basis.end,
        "reservations": basis.reservations,
        "check_how": basis.check_how,
        "check_every": basis.check_every or 12,
    }
    form = forms.PassOnForm(request.POST or None, instance=wanted, basis=basis, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted.legal_basis = basis.legal_basis
        made = _saved_or_refused(form, operations.delegate, request)
        if made:
            return redirect(made)
    title = _("Pass on: %(power)s") % {"power": basis.power}
    return form_page(request, form, title, basis.get_absolute_url(), about=_("From %s") % name_of(basis.holder))


def _saved_or_refused(form, operation, request):
    try:
        made = operation(form.instance, by=request.user)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return None
    messages.success(request, _("“%(title)s” is saved.") % {"title": made.title})
    return made


def new(request):
    """The three ways an authority comes to be."""
    require(request.user, "authorisation.keep")
    ways = [{"url": reverse("delegation:new_from", args=[way]), "label": NEW[way][2]} for way in NEW]
    return render(request, "delegation/new.html", {"ways": ways})


def new_from(request, way):
    require(request.user, "authorisation.keep")
    if way not in NEW:
        raise Http404
    source, form_class, title = NEW[way]
    council = queries.council()
    if council is None and source != Source.BY_LAW:
        messages.error(request, _("First register the council as a political body with a position that leads it."))
        return redirect("delegation:new")
    wanted = Authorisation(source=source, giver=council if source == Source.DELEGATED else None)
    initial = {"power": request.GET.get("power"), "start": date.today(), "check_every": 12}
    form = form_class(request.POST or None, instance=wanted, initial=initial)
    operation = operations.delegate if source == Source.DELEGATED else operations.register
    if request.method == "POST" and form.is_valid():
        made = _saved_or_refused(form, operation, request)
        if made:
            return redirect(made)
    return form_page(request, form, title, reverse("delegation:authorisations"))


class EditAuthorisation(EditItem):
    model = Authorisation
    form_class: Any = forms.TermsForm
    permission = "authorisation.delegate"

    def _item(self, pk):
        found = visible_or_404(self.request.user, pk)
        if not may_change(self.request.user, found):
            raise PermissionDenied(self.permission)
        return found


def withdraw(request, pk):
    """Asks once, with a list of all that goes along."""
    found = visible_or_404(request.user, pk)
    is_done = found.state == Authorisation.WITHDRAWN and request.user.has_perm("authorisation.withdraw", found)
    if request.method == "POST" and is_done:
        messages.info(request, _("It is withdrawn already."))
        return redirect(found)
    if not may_in_force(request.user, "authorisation.withdraw", found):
        raise PermissionDenied("authorisation.withdraw")
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _withdrawn(form, found, request):
        return redirect(found)
    rows = Authorisation.objects.filter(pk__in=queries.standing_on(found)).select_related("holder__unit")
    context = {"form": form, "item": found, "below": rows.order_by("holder__unit__path", "pk")}
    return render(request, "delegation/withdraw.html", context, status=422 if form.errors else 200)


def _withdrawn(form, found, request) -> bool:
    try:
        below = operations.withdraw(found, by=request.user, note=form.cleaned_data["note"])
    except ValidationError as refused:
        # Somebody else was quicker.
        tell_refusal(form, refused)
        return False
    count = len(below) + 1
    text = ngettext("%(count)s authorisation is withdrawn.", "%(count)s authorisations are withdrawn.", count)
    messages.success(request, text % {"count": count})
    return True


def check(request, pk):
    """Two answers, from a phone if need be; the next check moves forward."""
    found = visible_or_404(request.user, pk)
    if not may_in_force(request.user, "authorisation.check", found):
        raise PermissionDenied("authorisation.check")
    form = forms.CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _checked(form, found, request)
        if made:
            return redirect(found)
    about = _("Held by %(holder)s. How: %(how)s") % {"holder": name_of(found.holder), "how": found.check_how}
    title = _("Check: %(power)s") % {"power": found.power}
    return form_page(request, form, title, found.get_absolute_url(), about=about)


def _checked(form, found, request):
    answers = form.cleaned_data
    try:
        made = operations.record_check(found, answers["outcome"], answers["note"], by=request.user)
    except ValidationError as refused:
        tell_refusal(form, refused)
        return None
    messages.success(request, _("The check is kept."))
    if made.outcome == DelegationCheck.Outcome.BREACH:
        messages.warning(request, _("The breach has become a follow-up below, with a deadline."))
    return made


def position(request, pk):
    """What may I decide, by what authority, and what must I check that others do?"""
    mine = positions_of(request.user, date.today()).filter(pk=pk).exists()
    if not mine:
        require(request.user, "organisation.view")
    found = get_object_or_404(Position.objects.select_related("unit"), pk=pk)
    return render(request, "delegation/position.html", _of_position(found, request.user))


def _of_position(found: Position, person) -> dict:
    today, level = date.today(), queries.level_of(found)
    levels = AuthorityLevel.objects.filter(level__lte=level or 0).prefetch_related("excludes")
    held = list(queries.held_by(found, person, today)[: SHOWN + 1])
    to_check = list(queries.to_check_by(found, person, today)[: SHOWN + 1])
    return {
        "position": found,
        "holders": found.holders(today),
        "held": held[:SHOWN],
        "to_check": to_check[:SHOWN],
        "is_more_held": len(held) > SHOWN,
        "is_more_to_check": len(to_check) > SHOWN,
        "may_give": queries.may_give_from(person, found),
        "level": level,
        "levels": [each for each in levels if each.reservations or each.excludes.all()],
        "today": today,
    }


def tree(request):
    """From the council downwards: the whole of it, or one power. A branch is drawn when somebody opens it."""
    power = get_object_or_404(Power, pk=number_or_404(request.GET.get("power"))) if request.GET.get("power") else None
    drawing, words = branches.Drawing(power, request.user, date.today()), request.GET.get("q", "").strip()
    if request.GET.get("fra"):
        return _branch(request, drawing)
    context = {
        "power": power,
        "powers": Power.objects.order_by("name"),
        "words": words,
        "found": branches.found_by_words(drawing, words) if words else [],
        "tree": [] if words else branches.from_the_top(drawing),
        "beside": queries.not_delegated(power, request.user, date.today()),
        "may_edit": request.user.has_perm("authorisation.keep"),
    }
    return render(request, "delegation/tree.html", context)


def _branch(request, drawing: branches.Drawing):
    """Those right under one position: lines to put into the tree, or a page of its own."""
    giver = get_object_or_404(Position.objects.select_related("unit"), pk=number_or_404(request.GET["fra"]))
    lines, page = branches.right_under(drawing, giver, request.GET.get("page"))
    context: dict = {"power": drawing.power, "giver": giver, "tree": lines, "page": page}
    if request.htmx:
        return render(request, "delegation/branches.html", context)
    context["above"] = branches.givers_of(drawing, giver)
    context["querystring"] = urlencode({"fra": giver.pk} | ({"power": drawing.power.pk} if drawing.power else {}))
    return render(request, "delegation/branch.html", context)
