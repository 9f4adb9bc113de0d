"""Budget versions: made, spread over the months, and back to the accounting system. And the months themselves."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from styrhus.economy.budget_forms import PeriodsForm, PhasingRuleForm, VersionForm, WageRatesForm
from styrhus.economy.imports.back import budget_file
from styrhus.economy.lists import VERSION_COLUMNS, VersionFilters
from styrhus.economy.models import Extract, PhasingRule, Version, WageRates
from styrhus.economy.operations import budgets, periods, phasing
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.pages import keep_form
from styrhus.economy.queries.months import chain, states
from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require
from styrhus.planning.pages import form_page


class VersionList(ListPage):
    title = gettext_lazy("Budget versions")
    intro = gettext_lazy("Original, amended and proposed budgets: spread over the months, and back to the accounts")
    columns = VERSION_COLUMNS
    filters = VersionFilters
    order = "-year"

    def rows(self):
        require(self.request.user, KEEPS)
        return Version.objects.select_related("based_on")

    def actions(self):
        return [
            {"label": _("Periods"), "url": reverse("economy:periods")},
            {"label": _("Rules for the months"), "url": reverse("economy:phasing_rules")},
            {"label": _("New version"), "url": reverse("economy:new_version"), "main": True, "adds": True},
        ]


def new_version(request):
    return _version_form(request, Version(year=date.today().year + 1), _("New budget version"))


def edit_version(request, pk):
    found = get_object_or_404(Version, pk=pk)
    return _version_form(request, found, _("Change “%(title)s”") % {"title": found})


def _version_form(request, version: Version, title: str):
    require(request.user, KEEPS)
    form = VersionForm(request.POST if request.method == "POST" else None, instance=version)
    if keep_form(form, lambda: budgets.keep_version(form.save(commit=False), by=request.user)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": version})
        return redirect(version)
    return form_page(request, form, title, reverse("economy:versions"))


def version(request, pk):
    """What the version is made of, month by month."""
    require(request.user, KEEPS)
    found = get_object_or_404(Version.objects.select_related("based_on"), pk=pk)
    standing = Extract.objects.standing().filter(version__in=chain(found)).select_related("version")
    months: dict[int, int] = {}
    sources: dict[tuple[str, str], list[int]] = {}
    for each in standing.order_by("month"):
        months[each.month] = months.get(each.month, 0) + each.total
        told = sources.setdefault((each.version.name, each.source), [0, 0])
        told[0], told[1] = told[0] + each.lines, told[1] + each.total
    context = {
        "version": found,
        "months": sorted(months.items()),
        "sources": [(name, source, *told) for (name, source), told in sorted(sources.items())],
        "total": sum(months.values()),
        "may_spread": 0 in {each.month for each in standing if each.version_id == found.pk},
        "rates": WageRates.objects.filter(year=found.year).first(),
    }
    return render(request, "economy/version.html", context)


@require_POST
def phase(request, pk):
    found = get_object_or_404(Version, pk=pk)
    try:
        phasing.phase(found, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(version)s is spread over the months.") % {"version": found})
    return redirect(found)


def version_file(request, pk):
    """The budget as a file in the layout that it came in, for the accounting system."""
    require(request.user, KEEPS)
    found = get_object_or_404(Version, pk=pk)
    name = slugify(f"{found.name}-{found.year}") or "budsjett"
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(budget_file(found), content_type="text/csv; charset=utf-8", headers=headers)


def wage_rates(request, year):
    require(request.user, KEEPS)
    before = WageRates.objects.filter(year__lt=year).order_by("-year").first()
    found = WageRates.objects.filter(year=year).first() or before or WageRates()
    if found.year != year:
        found.pk, found.year, found._state.adding = None, year, True
    form = WageRatesForm(request.POST if request.method == "POST" else None, instance=found)
    back = reverse("economy:versions")
    if keep_form(form, lambda: budgets.keep_rates(form.save(commit=False), by=request.user)):
        messages.success(request, _("The wage rates of %(year)s are saved.") % {"year": year})
        return redirect(back)
    return form_page(request, form, _("Wage rates of %(year)s") % {"year": year}, back)


def phasing_rules(request):
    require(request.user, KEEPS)
    rules = PhasingRule.objects.select_related("unit").order_by("kind", "unit__path")
    return render(request, "economy/phasing_rules.html", {"rules": rules})


def new_phasing_rule(request):
    return _rule_form(request, PhasingRule(), _("New rule for the months"))


def phasing_rule(request, pk):
    found = get_object_or_404(PhasingRule, pk=pk)
    return _rule_form(request, found, _("Change “%(title)s”") % {"title": found})


def _rule_form(request, rule: PhasingRule, title: str):
    require(request.user, KEEPS)
    back = reverse("economy:phasing_rules")
    if request.method == "POST" and "remove" in request.POST and rule.pk:
        phasing.remove_rule(rule, by=request.user)
        return redirect(back)
    form = PhasingRuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if keep_form(form, lambda: phasing.keep_rule(form.save(commit=False), by=request.user)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": rule})
        return redirect(back)
    context = {"form": form, "title": title, "cancel_url": back, "may_remove": bool(rule.pk)}
    return render(request, "economy/line_form.html", context, status=422 if form.errors else 200)


def month_states(request):
    """The months of a year, and which may still be booked in."""
    require(request.user, KEEPS)
    asked = request.GET.get("ar", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else date.today().year
    form = PeriodsForm(request.POST if request.method == "POST" else None, states=states(year))
    if request.method == "POST" and form.is_valid():
        asked_for = {int(name.removeprefix("month_")): form.cleaned_data[name] for name in form.changed_data}
        periods.keep_periods(year, asked_for, by=request.user)
        messages.success(request, _("The months of %(year)s are saved.") % {"year": year})
        return redirect(f"{reverse('economy:periods')}?ar={year}")
    return render(request, "economy/periods.html", {"year": year, "form": form}, status=422 if form.errors else 200)
