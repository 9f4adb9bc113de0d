"""Lets an administrator see what another person sees, and change nothing meanwhile."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from styrhus.signin.models import SupportSession
from styrhus.signin.operations import end_support
from styrhus.signin.queries import running_support
from styrhus.signin.sessions import SUPPORT

READING = frozenset({"GET", "HEAD"})
END = "end_support_session"
# A person's passwords, codes and devices are never another's to see.
CLOSED = "konto/"


class Support:
    """Sets `request.support_session`; while it runs `request.user` is the person who is helped."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.support_session, request.support_is_over = None, False
        key = request.session.get(SUPPORT)
        if key is not None:
            self._enter(request, key)
        return self.get_response(request)

    def _enter(self, request, key: int) -> None:
        session = running_support(key, request.user) if request.user.is_authenticated else None
        if session is None:
            self._leave(request, key)
            return
        request.support_session = session
        # Ending it is the administrator's own act, and is written down as such.
        if request.path != reverse(END):
            session.person.support = session
            request.user = session.person

    def _leave(self, request, key: int) -> None:
        del request.session[SUPPORT]
        request.support_is_over = True
        for session in SupportSession.objects.filter(pk=key, ended__isnull=True):
            end_support(session, request=request)

    def process_view(self, request, view, args, kwargs):
        if request.support_is_over:
            return self._home(request)
        if request.support_session and not self._allowed(request):
            return render(request, "signin/support_refused.html", status=403)
        return None

    def _allowed(self, request) -> bool:
        match = request.resolver_match
        return match.url_name == END or (request.method in READING and not match.route.startswith(CLOSED))

    def _home(self, request):
        """A form that was opened as somebody else must not be sent as the administrator."""
        messages.info(request, _("The support session is over. You see Styrhus as yourself again."))
        away = HttpResponseClientRedirect if request.htmx else HttpResponseRedirect
        return away(reverse("home"))
