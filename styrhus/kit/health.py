"""Addresses for the machines around the program: alive, ready, and what a browser reports."""

import json
import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

log = logging.getLogger("styrhus.browser")
REPORT_LIMIT = 8_192


@login_not_required
@never_cache
def alive(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
def ready(request):
    """The process can serve people: its database answers and holds the program's tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM items_item WHERE false")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@csrf_exempt
@login_not_required
@require_POST
def browser_report(request):
    """A browser that met something the Content Security Policy forbids says so here."""
    try:
        report = json.loads(request.body[:REPORT_LIMIT])["csp-report"]
        wanted = ("effective-directive", "violated-directive", "blocked-uri", "source-file")
        found = {name.replace("-", "_"): str(report.get(name, ""))[:200] for name in wanted}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    log.warning("csp", extra=found)
    return HttpResponse(status=204)
