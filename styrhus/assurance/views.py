"""Owner health: what nobody stands by, where, since when, and what can be done about it."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.assurance.forms import GiveForm
from styrhus.assurance.lists import FINDING_COLUMNS, FindingFilters
from styrhus.assurance.queries import (
    SEE,
    answered_for,
    findings,
    gravest,
    looked_after,
    may_see_trend,
    overview_of,
    to_confirm,
    tops,
    trend,
)
from styrhus.items import operations
from styrhus.items.keeping import CAUSES, EXPLAINED
from styrhus.items.lists import ItemList
from styrhus.items.models import Item
from styrhus.kit import charts
from styrhus.kit.lists import COUNT_AT_MOST, FoundKeys
from styrhus.organisation.access import require, units_where
from styrhus.organisation.models import Appointment, Unit

SHOWN_WEEKS = 13
CONFIRMED_AT_ONCE = 100


def overview(request):
    """One unit and those right under it: the share that is kept, the three causes, and the last quarter."""
    require(request.user, SEE)
    highest = tops(request.user)
    unit = _chosen(request, highest)
    weeks = _weeks(request.user, unit)
    if request.GET.get("format") in ("json", "svg"):
        return _drawn(weeks, request.GET["format"])
    shown = overview_of(request.user, date.today(), unit)
    found = shown.by_unit
    context = {
        "unit": unit,
        "above": units_where(request.user, SEE).above(unit).exclude(pk=unit.pk),
        "others": [other for other in highest if other != unit],
        "health": found[unit.pk],
        "counted": shown.counted,
        "causes": [
            {"cause": name, "label": label, "number": getattr(found[unit.pk], name)} for name, label in CAUSES.items()
        ],
        "below": [
            {"unit": child, "health": found[child.pk]} for child in unit.children.order_by("name") if child.pk in found
        ],
        "weeks": weeks,
        "mine": to_confirm(request.user, date.today()).count(),
    }
    return render(request, "assurance/overview.html", context)


def _chosen(request, highest: list[Unit]) -> Unit:
    """The unit asked for, if it lies within the reader's reach; else the highest of it."""
    asked = request.GET.get("enhet", "")
    if not asked:
        return highest[0]
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(units_where(request.user, SEE), pk=asked)


def _weeks(person, unit: Unit) -> list[dict]:
    since = date.today() - timedelta(weeks=SHOWN_WEEKS)
    return trend(unit, since) if may_see_trend(person, unit) else []


def _drawn(weeks: list[dict], form: str):
    rows = [
        {
            "week": date_format(week["week"], "SHORT_DATE_FORMAT"),
            "cause": str(label),
            "count": getattr(week["health"], name),
        }
        for week in weeks
        for name, label in CAUSES.items()
    ]
    titles = {"week": _("Week"), "cause": _("What is wrong"), "count": _("Findings")}
    return charts.answer(charts.stacked_bars(rows, category="week", series="cause", value="count", titles=titles), form)


class FindingList(ItemList):
    title = gettext_lazy("Findings of owner health")
    above = gettext_lazy("Owner health"), "assurance:overview"
    intro = gettext_lazy("Open things that nobody stands by. Choose one to see what can be done.")
    columns = FINDING_COLUMNS
    filters = FindingFilters
    # The vacant first.
    order = "-cause"

    def rows(self):
        require(self.request.user, SEE)
        today = date.today()
        held = Appointment.objects.in_force(today).select_related("person").order_by("kind", "start")
        return (
            findings(self.request.user, today)
            .select_related("unit", "responsible")
            .prefetch_related(Prefetch("responsible__appointments", queryset=held, to_attr="holders_now"))
        )

    def page(self, chosen):
        """The keys first, from the index alone; in any other order the cause is worked out for all of the line."""
        if self.sort == self.order:
            return self._gravest_first(chosen)
        page = super().page(chosen.only("pk").select_related(None).prefetch_related(None))
        page.object_list = chosen.filter(pk__in=[row.pk for row in page.object_list])
        return page

    def _gravest_first(self, chosen):
        """A cause at a time, and no more of them than are counted."""
        things = self.filterset.narrowed(looked_after(self.request.user))
        cause = self.filterset.form.cleaned_data.get("cause", "")
        keys = gravest(things, date.today(), cause, COUNT_AT_MOST + 1)
        page = self.page_asked_for(FoundKeys(keys, self.per_page))
        rows = chosen.in_bulk(page.object_list)
        page.object_list = [rows[key] for key in page.object_list if key in rows]
        return page

    def actions(self):
        return [{"label": _("Overview"), "url": reverse("assurance:overview")}]


def finding(request, pk):
    """What is wrong with one thing, and the ways out of it that this person may take."""
    require(request.user, SEE)
    rows = answered_for(request.user, date.today()).select_related("unit", "responsible__unit")
    item = get_object_or_404(rows, pk=pk)
    may_give = request.user.has_perm(item.concrete().edit_permission(), item)
    form = GiveForm(request.POST or None)
    if request.method == "POST":
        require(request.user, item.concrete().edit_permission(), item)
        if form.is_valid():
            return _given(request, item, form.cleaned_data["responsible"])
    context = {
        "item": item,
        "cause": item.cause,
        "words": CAUSES.get(item.cause, ""),
        "explained": EXPLAINED[item.cause],
        "holders": item.responsible.holders(date.today()),
        "may_confirm": item.is_answered_for_by(request.user),
        "may_give": may_give,
        "form": form,
    }
    return render(request, "assurance/finding.html", context, status=422 if form.errors else 200)


def _given(request, item, position):
    operations.give_to(item, position, by=request.user)
    words = {"title": item.title, "position": position}
    messages.success(request, _("“%(title)s” is given to %(position)s.") % words)
    return redirect("assurance:findings")


def confirm(request):
    """Everything that waits for a word from the one who reads this, and one button for all that is ticked."""
    waiting = to_confirm(request.user, date.today())
    if request.method == "POST":
        return _confirmed(request, waiting)
    rows = list(waiting.select_related("unit")[: CONFIRMED_AT_ONCE + 1])
    context = {
        "rows": [{"item": item, "words": CAUSES[item.cause]} for item in rows[:CONFIRMED_AT_ONCE]],
        "is_more": len(rows) > CONFIRMED_AT_ONCE,
    }
    return render(request, "assurance/confirm.html", context)


def _confirmed(request, waiting):
    keys = [int(key) for key in request.POST.getlist("thing") if key.isdecimal() and len(key) < 19]
    if not keys:
        messages.error(request, _("Nothing was ticked. Tick what still holds, and send again."))
        return redirect("assurance:confirm")
    number = operations.confirm(Item.objects.filter(pk__in=waiting.filter(pk__in=keys).values("pk")), by=request.user)
    said = ngettext(
        "It is noted that %(number)s thing still holds.", "It is noted that %(number)s things still hold.", number
    )
    messages.success(request, said % {"number": number})
    return redirect("assurance:confirm")
