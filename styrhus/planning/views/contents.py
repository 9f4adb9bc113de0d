"""What stands in a plan: the tree, fetching from other plans, order, and what is taken out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from styrhus.organisation.access import require
from styrhus.planning.forms.contents import FindForm, WordsForm
from styrhus.planning.models import Placement, Plan
from styrhus.planning.operations import contents as operations
from styrhus.planning.queries.contents import PER_PAGE, TWO_LEVELS, Contents, why_closed
from styrhus.planning.queries.fetching import sources_of, why_not_from
from styrhus.planning.queries.versions import AIMS, replaced_in
from styrhus.planning.views.things import additions, plan_or_404

# What may be made under a thing of each kind, and at the top of a plan.
UNDER = {
    "": ("priority_area", "goal", "strategy", "assignment", "measure"),
    "planning.priorityarea": ("goal", "strategy", "assignment", "measure"),
    "planning.goal": ("sub_goal", "strategy", "assignment", "measure"),
    "planning.strategy": ("assignment", "measure"),
    "planning.assignment": ("measure",),
    "planning.measure": (),
}


def contents(request, pk):
    """The tree of a plan; narrowed, a list of what fits with the way to it."""
    plan = plan_or_404(request.user, pk)
    read = Contents(plan, request.user)
    form = FindForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    narrowed = any(chosen.values())
    under = _under(request, read)
    lines = [(key, 0) for key in read.found(chosen)] if narrowed else read.branch(under)
    page = _page(request, lines)
    closed = why_closed(plan)
    may_edit = request.user.has_perm("plan.edit", plan)
    rows = read.rows(page.object_list, with_way=narrowed)
    for row in rows:
        # What stands in a plan of the council is specified from outside: the new thing follows from it.
        held = None if closed or not may_edit else plan.pk
        row.revise_url = _revise_url(plan, row) if may_edit and not closed else ""
        row.adds = [] if row.item.ended else additions(UNDER[row.item.kind], request.user, under=row.item.pk, plan=held)
    context = {
        "plan": plan,
        "rows": rows,
        "page": page,
        "form": form,
        "narrowed": narrowed,
        "opened": read.rows([(under, 0)])[0] if under else None,
        "total": len(read.places),
        "gaps": read.gaps(),
        "closed": closed,
        "may_change": may_edit and not closed,
        "adds": additions(UNDER[""], request.user, plan=plan.pk) if may_edit and not closed and not under else [],
        "querystring": _without_page(request),
    }
    return render(request, "planning/contents.html", context)


def _revise_url(plan: Plan, row) -> str:
    """What a version has from the one before it may be said anew here."""
    is_from_before = plan.replaces_id and row.place.fetched_from == plan.replaces_id
    if not is_from_before or row.item.ended or row.item.kind not in AIMS:
        return ""
    return reverse("planning:revise", args=[plan.pk, row.item.pk])


def _under(request, read: Contents) -> int | None:
    asked = request.GET.get("under", "")
    if not asked:
        return None
    if not asked.isdecimal() or int(asked) not in read.places:
        raise Http404
    return int(asked)


def _page(request, lines: list):
    """Two levels are never so long that they need a second page."""
    paginator = Paginator(lines, TWO_LEVELS if any(depth for _key, depth in lines) else PER_PAGE)
    try:
        return paginator.page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error


def _without_page(request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def fetch(request, pk):
    """Choose a plan above, tick what is to stand here too."""
    plan = plan_or_404(request.user, pk)
    require(request.user, "plan.edit", plan)
    sources = sources_of(plan, request.user)
    source = _source(request, sources)
    closed = why_closed(plan)
    refused = closed
    if request.method == "POST" and source and not closed:
        try:
            return _fetched(request, plan, source)
        except ValidationError as error:
            refused = error.messages[0]
    context = {
        "plan": plan,
        "sources": sources,
        "source": source,
        "refused": refused,
        "closed": closed,
        "reason": why_not_from(plan, source) if source else "",
    }
    if source and not closed and not context["reason"]:
        context |= _offered(request, plan, source)
    return render(request, "planning/fetch.html", context, status=422 if request.method == "POST" else 200)


def _source(request, sources: list[dict]) -> Plan | None:
    asked = request.GET.get("fra", "")
    if not asked:
        return next((each["plan"] for each in sources if not each["reason"]), None)
    return next((each["plan"] for each in sources if str(each["plan"].pk) == asked), None)


def _fetched(request, plan: Plan, source: Plan):
    keys = [int(key) for key in request.POST.getlist("ting") if key.isdecimal() and len(key) < 18]
    if not keys:
        raise ValidationError(_("Tick what is to be fetched."))
    count = operations.fetch(plan, source, keys, by=request.user, with_below=bool(request.POST.get("alt")))
    words = ngettext("%(count)s thing is fetched.", "%(count)s things are fetched.", count) % {"count": count}
    messages.success(request, words)
    return redirect("planning:contents", plan.pk)


def _offered(request, plan: Plan, source: Plan) -> dict:
    """The other plan a branch at a time, or what has the words; and why what cannot be ticked cannot."""
    read = Contents(source, request.user)
    form = WordsForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    under = None if words else _under(request, read)
    page = _page(request, [(key, 0) for key in read.found({"q": words})] if words else read.branch(under))
    here = {*Placement.objects.filter(plan=plan.pk).values_list("item_id", flat=True), *replaced_in(plan)}
    return {
        "form": form,
        "narrowed": bool(words),
        "opened": read.lines([(under, 0)])[0] if under else None,
        "page": page,
        "querystring": _without_page(request),
        "rows": read.lines(page.object_list, with_way=bool(words)),
        "here": here,
    }


def take_out(request, pk, item):
    placement = _placement(request, pk, item)
    error = ""
    if request.method == "POST":
        try:
            count = operations.take_out(placement, by=request.user)
        except ValidationError as refused:
            error = refused.messages[0]
        else:
            words = ngettext("%(count)s thing is taken out.", "%(count)s things are taken out.", count)
            messages.success(request, words % {"count": count})
            return redirect("planning:contents", pk)
    context = {
        "placement": placement,
        "error": error,
        "cancel_url": reverse("planning:contents", args=[pk]),
    }
    return render(request, "planning/take_out.html", context, status=422 if error else 200)


@require_POST
def move(request, pk, item):
    placement = _placement(request, pk, item)
    try:
        operations.move(placement, -1 if request.POST.get("way") == "up" else 1, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    back = reverse("planning:contents", args=[pk])
    under = request.POST.get("under", "")
    return redirect(back + (f"?under={under}" if under.isdecimal() else "") + f"#ting-{item}")


def _placement(request, pk, item) -> Placement:
    plan = plan_or_404(request.user, pk)
    found = get_object_or_404(Placement.objects.select_related("plan__type", "item"), plan=plan, item=item)
    if not type(found.item)._default_manager.visible_to(request.user).filter(pk=item).exists():
        raise Http404
    require(request.user, "plan.edit", plan)
    return found
