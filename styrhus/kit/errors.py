"""Pages for what went wrong: what happened, and what to do."""

from django.shortcuts import render


def csrf_failed(request, reason=""):
    return render(request, "400.html", {"form_was_old": True}, status=403)
