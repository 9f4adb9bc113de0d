"""The scorecard of a unit, a focus area across units, and the grid in which figures are entered."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.organisation.access import authority_of, require
from styrhus.organisation.models import Position, Unit
from styrhus.scorecard.forms.entry import LineForm
from styrhus.scorecard.models import FocusArea, Series
from styrhus.scorecard.operations import measurements
from styrhus.scorecard.pages import unit_or_404
from styrhus.scorecard.queries.cards import card, heat
from styrhus.scorecard.queries.demands import Demand, demands_in
from styrhus.scorecard.queries.due import due_in, units_to_enter
from styrhus.scorecard.queries.evenness import evenness


def own_unit(person) -> Unit | None:
    """The unit whose card a person opens first: the one led, the one worked in, else the municipality."""
    held = Position.objects.filter(pk__in=authority_of(person).positions).order_by("-leads", "unit__path")
    first = held.select_related("unit").first()
    if first and Series.objects.filter(unit__path__startswith=first.unit.path).exists():
        return first.unit
    return Unit.objects.filter(parent=None).order_by("pk").first()


def scorecard(request, pk=None):
    """A unit on one screen: goal, indicator, trend, target, status."""
    require(request.user, "organisation.view")
    unit = unit_or_404(pk) if pk else own_unit(request.user)
    if unit is None:
        raise Http404
    areas, is_more = card(unit, on=date.today(), person=request.user)
    below = [each for each in Unit.objects.below(unit).living(date.today()).order_by("path") if each != unit]
    demands = demands_in([unit, *below], on=date.today(), person=request.user)
    asking = [each for each in demands if each.is_open]
    nearest = [each for each in below if each.parent_id == unit.pk]
    context = {
        "unit": unit,
        "areas": areas,
        "empty": [each.area for each in areas if not each.lines and not each.goals],
        "asking": [each for each in asking if each.unit == unit],
        "asking_below": _asking_below(nearest, asking),
        "may_make": request.user.has_perm("measure.create", unit),
        "is_more": is_more,
        "above": list(Unit.objects.above(unit)),
        "below": nearest,
        "may_enter": request.user.has_perm("measurement.enter", unit),
    }
    return render(request, "scorecard/card.html", context)


def _asking_below(nearest: list[Unit], asking: list[Demand]) -> list[tuple[Unit, int]]:
    """The units right below with something lacking in them or further down: one line each, so one can go down to it."""
    counted = [(each, sum(place.unit.path.startswith(each.path) for place in asking)) for each in nearest]
    return [(each, count) for each, count in counted if count]


def focus_area(request, pk):
    """A heat map: how the units right below one stand on every indicator of the area."""
    require(request.user, "organisation.view")
    area = FocusArea.objects.filter(pk=pk).first()
    asked = request.GET.get("enhet", "")
    unit = (
        unit_or_404(int(asked)) if asked.isdecimal() and len(asked) < 18 else Unit.objects.filter(parent=None).first()
    )
    if area is None or unit is None:
        raise Http404
    indicators, rows = heat(area, unit, on=date.today(), person=request.user)
    context = {"area": area, "unit": unit, "indicators": indicators, "rows": rows}
    context["areas"] = list(FocusArea.objects.of_year(date.today().year))
    return render(request, "scorecard/focus_area.html", context)


def evenness_below(request, pk):
    """Whether the units right below one are steered alike."""
    require(request.user, "organisation.view")
    unit = unit_or_404(pk)
    units, spreads = evenness(unit, on=date.today(), person=request.user)
    context = {"unit": unit, "units": units, "spreads": spreads, "above": list(Unit.objects.above(unit))}
    return render(request, "scorecard/evenness.html", context)


def to_enter(request):
    """The units whose figures one enters; a single one is opened at once."""
    require(request.user, "measurement.enter")
    units = units_to_enter(request.user)
    if len(units) == 1:
        return redirect("scorecard:enter", units[0].pk)
    return render(request, "scorecard/to_enter.html", {"units": units})


def enter(request, pk):
    """All the figures of a unit on one page: what is written is kept, what is left empty says nothing."""
    unit = unit_or_404(pk)
    require(request.user, "measurement.enter", unit)
    asked = due_in(unit, on=date.today(), person=request.user)
    demands = {
        (each.indicator.pk, each.start): each for each in demands_in([unit], on=date.today(), person=request.user)
    }
    forms = [_line(each, request.POST if request.method == "POST" else None) for each in asked]
    status = 200
    if request.method == "POST":
        if all([form.is_valid() for form in forms]) and _kept(request, forms):  # noqa: C419
            return redirect("scorecard:enter", pk)
        status = 422
    lines = [
        (due, form, demands.get((due.series.indicator_id, due.start))) for due, form in zip(asked, forms, strict=True)
    ]
    context = {"unit": unit, "lines": lines, "today": date.today()}
    context["may_make"] = request.user.has_perm("measure.create", unit)
    context["wrong"] = [form for form in forms if form.is_bound and form.errors]
    return render(request, "scorecard/enter.html", context, status=status)


def _line(due, sent) -> LineForm:
    doubted = bool(sent) and f"s{due.series.pk}-sure" in sent
    return LineForm(sent, series=due.series, start=due.start, stands=due.stands, is_doubted=doubted)


def _kept(request, forms) -> bool:
    said = [form for form in forms if form.has_changed() and form.says_something]
    try:
        count = measurements.enter([form.entry() for form in said], on=date.today(), by=request.user)
    except measurements.WrittenMeanwhile as meanwhile:
        messages.error(request, meanwhile.messages[0])
        return False
    except measurements.Unfit as refused:
        _tell(said, refused.faults)
        return False
    words = ngettext("%(n)s figure is saved.", "%(n)s figures are saved.", count)
    messages.success(request, words % {"n": count} if count else _("Nothing was changed."))
    _ask_for_answers(request, {form.series.unit for form in said})
    return True


def _ask_for_answers(request, units) -> None:
    """The figure is kept whatever it says; what it then asks for is told at once, and stands on the page."""
    asking = sum(each.is_open for each in demands_in(list(units), on=date.today(), person=request.user))
    if asking:
        words = ngettext(
            "%(n)s result is not as it should be. Write why, and make a measure.",
            "%(n)s results are not as they should be. Write why, and make measures.",
            asking,
        )
        messages.warning(request, words % {"n": asking})


def _tell(forms, faults: dict) -> None:
    for place, found in faults.items():
        for field, reason in found:
            forms[place].add_error(field if field in forms[place].fields else None, reason)
            if field in ("value", "numerator"):
                forms[place].offer_to_be_sure()
