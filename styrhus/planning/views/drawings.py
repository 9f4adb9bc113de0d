"""The plans drawn: on a line of years, and as a hierarchy."""

from datetime import date

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from styrhus.planning import drawing
from styrhus.planning.models import PlanType
from styrhus.planning.queries.plans import living_plans

BARS = 60
YEARS_BACK = 4
KNOWN_YEARS = range(1950, 2151)


def time_line(request):
    """Twelve years at a time; the list below says the same in words."""
    today, types = timezone.localdate(), list(PlanType.objects.all())
    first, asked = _first_year(request, today), request.GET.get("type", "")
    chosen = asked if asked in {each.code for each in types} else ""
    page = _page(living_plans(request.user, chosen), request.GET.get("page", 1))
    kept = {name: value for name, value in (("type", chosen), ("fra", request.GET.get("fra", ""))) if value}
    context = {
        "line": drawing.time_line(page, first, today),
        "page": page,
        "types": types,
        "chosen": chosen,
        "first": first,
        "before": _address(first - drawing.YEARS // 2, chosen),
        "after": _address(first + drawing.YEARS // 2, chosen),
        "is_moved": "fra" in request.GET,
        "querystring": urlencode(kept),
    }
    return render(request, "planning/time_line.html", context)


def _address(first: int, chosen: str) -> str:
    return "?" + urlencode({"fra": first} | ({"type": chosen} if chosen else {}))


def _first_year(request, today: date) -> int:
    asked = request.GET.get("fra", "")
    if asked.isdecimal() and len(asked) < 5 and int(asked) in KNOWN_YEARS:
        return int(asked)
    return today.year - YEARS_BACK


def _page(plans, number):
    try:
        return Paginator(plans, BARS).page(number)
    except InvalidPage as error:
        raise Http404 from error


def hierarchy(request):
    lines, loose = drawing.trees(living_plans(request.user))
    return render(request, "planning/hierarchy.html", {"lines": lines, "loose": loose})
