"""A unit's budget while it is made: its frame, its posts and its other lines."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.economy.access import may_look_into
from styrhus.economy.budget_forms import DetailForm, FrameForm, PostForm
from styrhus.economy.models import Detail, Frame, Post, Version
from styrhus.economy.operations import budgets
from styrhus.economy.pages import keep_form, unit_or_404
from styrhus.economy.queries.budgets import frames_below, taken_in, work_of
from styrhus.economy.queries.codes import with_names
from styrhus.economy.words import in_kroner
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit
from styrhus.planning.pages import form_page


def budget(request, pk):
    """Frame, pay, other lines and what is left; frames of the units below."""
    unit = unit_or_404(pk)
    if not may_look_into(request.user, unit):
        raise PermissionDenied
    versions = list(Version.objects.order_by("-year", "-pk"))
    asked = request.GET.get("versjon", "")
    version = next((each for each in versions if str(each.pk) == asked), versions[0] if versions else None)
    context = {"unit": unit, "versions": versions, "version": version, "above": list(Unit.objects.above(unit))}
    if version:
        living = Unit.objects.filter(parent=unit).living(date.today()).order_by("path")
        context |= {
            "work": (work := work_of(version, unit)),
            "details": with_names(work.details, version.year),
            "below": frames_below(version, unit, living),
            "may_make": request.user.has_perm(budgets.MAKES, unit),
            "may_give": budgets.may_give_frame(request.user, unit),
            "may_give_below": request.user.has_perm(budgets.GIVES, unit) or request.user.has_perm(budgets.KEEPS),
            "taken_in": taken_in(version, budgets.source_of(unit)),
        }
    return render(request, "economy/budget.html", context)


def _page_of(unit: Unit, version: Version) -> str:
    return f"{reverse('economy:budget', args=[unit.pk])}?versjon={version.pk}"


def frame(request, pk, version):
    unit, found = unit_or_404(pk), get_object_or_404(Version, pk=version)
    if not budgets.may_give_frame(request.user, unit):
        raise PermissionDenied
    stands = Frame.objects.filter(version=found, unit=unit).first()
    form = FrameForm(
        request.POST if request.method == "POST" else None,
        initial={"amount": in_kroner(stands.amount)} if stands else {},
    )
    back = _page_of(unit.parent or unit, found)
    if keep_form(form, lambda: budgets.give_frame(found, unit, form.cleaned_data["amount"], by=request.user)):
        messages.success(request, _("The frame of %(unit)s is saved.") % {"unit": unit})
        return redirect(back)
    return form_page(request, form, _("Frame of %(unit)s, %(version)s") % {"unit": unit, "version": found}, back)


def new_post(request, pk, version):
    return _line(request, Post(unit=unit_or_404(pk), version=get_object_or_404(Version, pk=version)))


def post(request, pk):
    return _line(request, get_object_or_404(Post.objects.select_related("unit", "version"), pk=pk))


def new_detail(request, pk, version):
    return _line(request, Detail(unit=unit_or_404(pk), version=get_object_or_404(Version, pk=version)))


def detail(request, pk):
    return _line(request, get_object_or_404(Detail.objects.select_related("unit", "version"), pk=pk))


def _line(request, line: Post | Detail):
    require(request.user, budgets.MAKES, line.unit)
    back = _page_of(line.unit, line.version)
    if request.method == "POST" and "remove" in request.POST and line.pk:
        budgets.remove(line, by=request.user)
        messages.success(request, _("“%(title)s” is taken away.") % {"title": line})
        return redirect(back)
    form_class, keep = (PostForm, budgets.keep_post) if isinstance(line, Post) else (DetailForm, budgets.keep_detail)
    form = form_class(request.POST if request.method == "POST" else None, instance=line)
    if keep_form(form, lambda: keep(form.save(commit=False), by=request.user)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": line})
        return redirect(back)
    new = _("New post in the wage budget") if isinstance(line, Post) else _("New line in the budget")
    title = _("Change “%(title)s”") % {"title": type(line).objects.get(pk=line.pk)} if line.pk else new
    context = {"form": form, "title": title, "cancel_url": back, "may_remove": bool(line.pk)}
    return render(request, "economy/line_form.html", context, status=422 if form.errors else 200)


@require_POST
def take_in(request, pk, version):
    unit, found = unit_or_404(pk), get_object_or_404(Version, pk=version)
    try:
        budgets.take_in(found, unit, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The lines of %(unit)s are in %(version)s.") % {"unit": unit, "version": found})
    return redirect(_page_of(unit, found))
