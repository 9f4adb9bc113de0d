import calendar
import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from styrhus.compliance.queries import count_findings_of
from styrhus.home import finding, thread_drawing, wheel
from styrhus.home.duties import FOLLOW_UPS, Asked, Duties, leads
from styrhus.home.queries import counts_for, due_by_month, followed_by
from styrhus.home.thread import thread_of
from styrhus.items.queries import deadlines_of
from styrhus.leadership.models import Handover
from styrhus.organisation.queries import positions_of
from styrhus.scorecard.queries.demands import open_by_unit
from styrhus.scorecard.queries.due import figures_to_come, units_led

SHOWN_DEADLINES = 6
HITS_A_PAGE = 25
LARGEST_KEY = 2**63 - 1


def home(request):
    """What now? The wheel, four cards and the next deadlines."""
    today = date.today()
    positions = list(positions_of(request.user, today))
    measures = followed_by(request.user)
    led = units_led(request.user)
    context = {
        "first": positions[0] if positions else None,
        "positions": positions,
        "cards": _cards(counts_for(request.user, today, measures)),
        "deadlines": _deadlines(request.user, led, today),
        "asking": open_by_unit(led, on=today, person=request.user),
        "wheel": _wheel(measures, today, _year(request, today)),
        "today": today,
        "legal_findings": count_findings_of(request.user, today),
        "handovers": Handover.objects.concerning(request.user),
    }
    return render(request, "home/home.html", context)


def _deadlines(person, led, today: date) -> list[dict]:
    """What comes next, figures that are to be entered among it."""
    lines = deadlines_of(person, today, SHOWN_DEADLINES) + figures_to_come(person, today, led)
    return sorted(lines, key=lambda line: line["due"])[:SHOWN_DEADLINES]


def _cards(count: dict) -> list[dict]:
    register = reverse("planning:measures")
    return [
        {
            "phase": "plan",
            "name": _("Plan"),
            "number": count["planned"],
            "text": ngettext("measure waits to be started", "measures wait to be started", count["planned"]),
            "url": f"{register}?mine=on&state=planned",
        },
        {
            "phase": "do",
            "name": _("Do"),
            "number": count["running"],
            "text": ngettext("measure in progress", "measures in progress", count["running"]),
            "url": f"{register}?mine=on&state=running",
        },
        {
            "phase": "follow",
            "name": _("Follow up"),
            "number": count["overdue"],
            "text": ngettext("measure overdue", "measures overdue", count["overdue"]),
            "url": f"{register}?mine=on&state=overdue",
        },
        {
            "phase": "improve",
            "name": _("Improve"),
            "number": count["promises"],
            "text": _promised(count["promises"], count["promises_late"]),
            "url": "#deadlines",
        },
    ]


def _promised(number: int, late: int) -> str:
    if not late:
        return ngettext("follow-up promised by you", "follow-ups promised by you", number)
    words = ngettext(
        "follow-up promised by you, %(late)s overdue", "follow-ups promised by you, %(late)s overdue", number
    )
    return words % {"late": late}


def _year(request, today: date) -> int:
    """The year that the wheel is turned to; whatever is no year of ours is this one."""
    asked = request.GET.get("ar", "")
    return int(asked) if re.fullmatch(r"(19|20|21)[0-9]{2}", asked) else today.year


def _wheel(measures: QuerySet, today: date, year: int) -> dict:
    counts = due_by_month(measures, year)
    names = {"plan": _("Plan"), "do": _("Do"), "follow": _("Follow up"), "improve": _("Improve")}
    return {
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "is_now": year == today.year,
        "week": today.isocalendar().week,
        "months": [_month(today, year, number, counts.get(number, 0)) for number in range(1, 13)],
        "phases": [{"phase": key, "name": names[key], "segment": wheel.phase(start)} for key, start in wheel.PHASES],
        "hand": wheel.hand(today),
    }


def _month(today: date, year: int, number: int, count: int) -> dict:
    first = date(year, number, 1)
    last = first.replace(day=calendar.monthrange(year, number)[1])
    return {
        "name": str(MONTHS[number]).lower(),
        "short": str(MONTHS_3[number]).lower(),
        "count": count,
        "segment": wheel.month(number),
        "is_late": bool(count) and last < today,
        "is_now": first <= today <= last,
        "url": f"{reverse('planning:measures')}?mine=on&due_from={first}&due_to={last}",
    }


def search(request):
    """One search over everything: what is found in the house, by kind and state, with the words marked."""
    asked = finding.question(*(request.GET.get(name, "") for name in ("q", "kind", "state")))
    wanted = finding.numbered(request.user, asked.words)
    if wanted and "#" in asked.words:
        return redirect(wanted)
    every_kind = finding.hits(request.user, replace(asked, kind=""), date.today())
    found = _of_kind(request.user, every_kind, asked)
    page = Paginator(found[: finding.AT_MOST], HITS_A_PAGE).get_page(request.GET.get("page"))
    is_first = page.number == 1 and not asked.kind and not asked.state
    context = {
        "asked": asked,
        "numbered": wanted,
        "page": page,
        "is_more": len(found) > finding.AT_MOST,
        "lines": finding.lines(request.user, list(page.object_list), asked),
        "kinds": finding.kinds_found(every_kind),
        "has_many_kinds": len({hit.kind for hit in every_kind}) > 1,
        "house": finding.house(request.user, asked.words) if is_first else {},
        "states": {"open": _("Still open"), "overdue": _("Overdue"), "ended": _("Ended")},
        "querystring": urlencode({"q": asked.words, "kind": asked.kind, "state": asked.state}),
        "today": date.today(),
    }
    return render(request, "home/search.html", context)


def _of_kind(person, every_kind: list[finding.Hit], asked: finding.Question) -> list[finding.Hit]:
    """Those of the kind asked for; asked again only where the thousand were not all."""
    if not asked.kind:
        return every_kind
    if len(every_kind) > finding.AT_MOST:
        return finding.hits(person, asked, date.today())
    return [hit for hit in every_kind if hit.kind == asked.kind]


def duties(request):
    """Everything I answer for, or that my units do, by date; what is promised can be ticked off from a phone."""
    known = {kind: model._meta.verbose_name_plural for kind, model in finding.kinds().items()}
    known[FOLLOW_UPS] = _("follow-ups")
    line = {"line": _("The units I lead")} if leads(request.user) else {}
    whose = {"mine": _("Mine")} | line | {"followed": _("What I follow")}
    asked = Asked(
        whose=_one_of(request, "whose", tuple(whose)),
        when=_one_of(request, "when", ("", "overdue", "soon")),
        kind=_one_of(request, "kind", ("", *known)),
        words=request.GET.get("q", ""),
    )
    listed: Any = Duties(request.user, asked, date.today())
    page = Paginator(listed, HITS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked_duties": asked,
        "page": page,
        "duties": list(page.object_list),
        "whose": whose,
        "whens": {"": _("All"), "overdue": _("Overdue"), "soon": _("Next 30 days")},
        "kinds": known,
        "querystring": urlencode({"whose": asked.whose, "when": asked.when, "kind": asked.kind, "q": asked.words}),
        "today": date.today(),
    }
    context["figures"] = figures_to_come(request.user, date.today()) if asked.whose == "mine" else []
    return render(request, "home/duties.html", context)


def _one_of(request, name: str, known) -> str:
    """What is asked for when it is known, else the first."""
    asked = request.GET.get(name, "")
    return asked if asked in known else known[0]


def suggest(request):
    """Suggestions while someone types in the field that is on every page."""
    found = finding.suggestions(request.user, request.GET.get("q", ""))
    return render(request, "home/suggestions.html", {"found": found})


@require_POST
@login_not_required
def set_language(request):
    """Keeps the chosen language on this device, and for the person where someone is signed in."""
    chosen = request.POST.get("language")
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else "/")
    if chosen not in dict(settings.LANGUAGES):
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    if request.user.is_authenticated and request.user.language != chosen:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return response


def thread(request, pk):
    """From goal to result, both ways from one thing. Not even that the thing exists is told to who may not see it."""
    today = date.today()
    tops = thread_of(pk, request.user, today) if pk <= LARGEST_KEY else []
    if not tops:
        raise Http404
    drawn = thread_drawing.picture(tops, today)
    return render(request, "home/thread.html", {"picture": drawn, "start": drawn.start})
