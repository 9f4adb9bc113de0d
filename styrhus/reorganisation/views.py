from datetime import date

from django.contrib import messages
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from styrhus.items.models import Item
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require
from styrhus.organisation.models import Position, Unit
from styrhus.reorganisation import operations
from styrhus.reorganisation.dry_run import SECTIONS, outlines_of, sections_of
from styrhus.reorganisation.forms import FORMS, DistributeForm, ReorganisationForm
from styrhus.reorganisation.lists import COLUMNS, ReorganisationFilters
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.queries import changes_of, day_before, plan_of, visible_to

MAY = "organisation.reorganise"
PLACED_ONE_BY_ONE = 100


class ReorganisationList(ListPage):
    title = gettext_lazy("Reorganisations")
    above = gettext_lazy("Units"), "organisation:units"
    intro = gettext_lazy("What becomes otherwise in the organisation, and from which day")
    columns = COLUMNS
    filters = ReorganisationFilters
    order = "-on"

    def rows(self):
        require(self.request.user, "organisation.view")
        return visible_to(self.request.user).select_related("by")

    def actions(self):
        if not self.request.user.has_perm(MAY):
            return []
        return [
            {"label": _("New reorganisation"), "url": reverse("reorganisation:new"), "main": True, "adds": True},
        ]


def visible_or_404(person, pk) -> Reorganisation:
    return get_object_or_404(visible_to(person).select_related("by"), pk=pk)


def draft_or_404(person, pk) -> Reorganisation:
    """One that is still being prepared, for those who may."""
    found = visible_or_404(person, pk)
    require(person, MAY)
    if not found.is_draft:
        raise Http404
    return found


def new(request):
    require(request.user, MAY)
    form = ReorganisationForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        return redirect(operations.begin(form.save(commit=False), by=request.user))
    return _form(request, form, _("New reorganisation"), reverse("reorganisation:list"))


def edit(request, pk):
    found = draft_or_404(request.user, pk)
    form = ReorganisationForm(_sent(request), instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(operations.edit(form.instance))
        except operations.Refused as refusal:
            form.add_error(None, refusal)
    return _form(request, form, found.title, found.get_absolute_url())


def _sent(request):
    """What was sent, an empty form too."""
    return request.POST if request.method == "POST" else None


def _form(request, form, title: str, cancel_url: str, **more):
    context = {"form": form, "title": title, "cancel_url": cancel_url} | more
    return render(request, "reorganisation/form.html", context, status=422 if form.is_bound and form.errors else 200)


def page(request, pk):
    """The dry run, until it is carried out; afterwards what was done."""
    found = visible_or_404(request.user, pk)
    changes = changes_of(found)
    context = {
        "reorganisation": found,
        "changes": [_told(change) for change in changes],
        "may": request.user.has_perm(MAY),
        "kinds": Change.Kind.choices,
        "day_before": day_before(found.on),
        "receipt": [(SECTIONS[line["what"]], line["count"]) for line in found.receipt],
    }
    if found.is_open:
        plan = plan_of(found, changes)
        context |= {"plan": plan, "sections": sections_of(plan, request.user), "outlines": outlines_of(plan)}
    return render(request, "reorganisation/page.html", context)


def _told(change: Change) -> dict:
    """A change in one plain sentence."""
    words = {
        "unit": change.unit,
        "name": change.name,
        "code": change.code,
        "parent": change.parent or (change.parent_change and change.parent_change.name) or _("the top"),
        "successor": change.successor or change.name,
        "units": ", ".join(str(unit) for unit in change.units.all()),
        "parts": ", ".join(part.name for part in change.parts.all()),
    }
    return {"change": change, "told": _sentence(change) % words}


def _sentence(change: Change) -> str:
    kind = change.kind
    if kind == Change.Kind.RENAME:
        if change.name and change.code:
            return _("“%(unit)s” is to be called “%(name)s” and have the code %(code)s.")
        if change.name:
            return _("“%(unit)s” is to be called “%(name)s”.")
        return _("“%(unit)s” gets the code %(code)s.") if change.code else _("“%(unit)s” gets a new kind or number.")
    if kind == Change.Kind.CLOSE:
        return (
            _("“%(unit)s” is closed, and “%(successor)s” takes over.")
            if change.successor_id
            else _("“%(unit)s” is closed.")
        )
    return {
        Change.Kind.CREATE: _("“%(name)s” is made under “%(parent)s”."),
        Change.Kind.MOVE: _("“%(unit)s” is moved to “%(parent)s”."),
        Change.Kind.MERGE: _("%(units)s become one: “%(successor)s”."),
        Change.Kind.SPLIT: _("“%(unit)s” is split into %(parts)s."),
    }[Change.Kind(kind)]


def add_change(request, pk, kind):
    found = draft_or_404(request.user, pk)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](_sent(request), reorganisation=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        change = operations.add(found, form.change(), units=form.merged(), parts=form.parts())
        if change.kind == Change.Kind.SPLIT:
            return redirect("reorganisation:distribute", found.pk, change.pk)
        return redirect(found)
    return _form(request, form, str(Change.Kind(kind).label), found.get_absolute_url(), about=found)


@require_POST
def take_away(request, pk, change):
    found = draft_or_404(request.user, pk)
    operations.take_away(get_object_or_404(found.changes, pk=change))
    return redirect(found)


def distribute(request, pk, change):
    """Which part each position, unit and open thing of a split unit goes to."""
    found = draft_or_404(request.user, pk)
    split = get_object_or_404(found.changes, pk=change, kind=Change.Kind.SPLIT)
    items = Item.objects.visible_to(request.user).filter(unit=split.unit_id, ended__isnull=True)
    form = DistributeForm(
        _sent(request),
        change=split,
        positions=Position.objects.living(found.on).filter(unit=split.unit_id).order_by("-leads", "title", "pk"),
        units=Unit.objects.living(found.on).filter(parent=split.unit_id).order_by(Lower("name")),
        items=items.order_by("due", "pk")[:PLACED_ONE_BY_ONE],
    )
    if request.method == "POST" and form.is_valid():
        operations.place_parts(split, form.choices())
        return redirect(found)
    title = _("Where everything in “%(unit)s” goes") % {"unit": split.unit}
    return _form(request, form, title, found.get_absolute_url(), about=found)


def plan(request, pk):
    """GET asks once more; POST decides."""
    found = draft_or_404(request.user, pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            decided = operations.plan(found, by=request.user, on=date.today())
        except operations.Refused as refusal:
            refused = refusal.messages
        else:
            messages.success(request, _said(decided))
            return redirect(found)
    return _confirm(request, _question(found) | {"refused": refused}, found)


def _question(found: Reorganisation) -> dict[str, str]:
    words = {"title": found.title, "day": date_format(found.on)}
    if found.is_due(date.today()):
        now = _("It is carried out at once, from %(day)s, and cannot be withdrawn. The leaders concerned are told.")
        return {
            "question": _("Carry out “%(title)s” now?") % words,
            "consequence": now % words,
            "confirm_label": _("Carry out"),
        }
    later = _("It is carried out on %(day)s and can be withdrawn until then. The leaders concerned are told now.")
    return {"question": _("Plan “%(title)s”?") % words, "consequence": later % words, "confirm_label": _("Plan it")}


def _confirm(request, context: dict, found: Reorganisation):
    context["cancel_url"] = found.get_absolute_url()
    return render(request, "reorganisation/confirm.html", context, status=422 if context["refused"] else 200)


def _said(decided: Reorganisation) -> str:
    if decided.is_planned:
        return _("It is planned, and happens by itself on %(day)s.") % {"day": date_format(decided.on)}
    return _("It is carried out.")


def withdraw(request, pk):
    found = visible_or_404(request.user, pk)
    require(request.user, MAY)
    refused: list[str] = []
    if request.method == "POST":
        try:
            operations.withdraw(found, by=request.user, reason=request.POST.get("reason", "")[:2000])
        except operations.Refused as refusal:
            refused = refusal.messages
        else:
            messages.success(request, _("It is withdrawn. Nothing has been changed."))
            return redirect(found)
    context = {
        "refused": refused,
        "question": _("Withdraw “%(title)s”?") % {"title": found.title},
        "consequence": _("Nothing is changed in the organisation. The leaders concerned are told."),
        "confirm_label": _("Withdraw"),
        "asks_why": True,
        "dangerous": True,
    }
    return _confirm(request, context, found)
