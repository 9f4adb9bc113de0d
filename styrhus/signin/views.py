"""Sign-in, each person's own security, and support."""

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from styrhus.organisation.access import require
from styrhus.organisation.models import Person
from styrhus.signin.devices import device
from styrhus.signin.forms import SignInForm, SupportForm
from styrhus.signin.models import SecurityEvent
from styrhus.signin.operations import end_sessions, end_support, may_be_supported, record, record_locked, start_support
from styrhus.signin.provider import Conversation
from styrhus.signin.queries import demo_people, demo_person, second_steps_of, sessions_of
from styrhus.signin.sessions import ONWARD, SUPPORT

Kind = SecurityEvent.Kind


class SignIn(account.LoginView):
    form_class = SignInForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "mail_is_sent": "dummy" not in settings.MAILERS["default"]["BACKEND"],
            "demo_roles": demo_people() if _is_demo() else [],
            "providers": settings.OIDC_PROVIDERS.values(),
            "next": get_next_redirect_url(self.request) or "",
            "passwords_are_for_all": settings.PASSWORDS_ARE_FOR_ALL,
        }


def _is_demo() -> bool:
    return settings.ENVIRONMENT == "demo"


@login_not_required
@never_cache
def go_to_provider(request, provider_id):
    """Begins sign-in at a provider.

    By a link, not a form: Chromium holds every redirect after a form against form-action in our policy, and providers
    send people on to addresses that we cannot know.
    """
    _known_or_404(provider_id)
    provider = get_adapter().get_provider(request, provider_id)
    if too_many := ratelimit.consume_or_429(request, action="provider", limit_get=True):
        return too_many
    try:
        return provider.redirect(request, AuthProcess.LOGIN, get_next_redirect_url(request))
    except (RequestException, OAuth2Error) as error:
        return render_authentication_error(request, provider, exception=error)


@login_not_required
@never_cache
def come_from_provider(request, provider_id):
    """The provider has sent the browser back, with a code or with a refusal."""
    _known_or_404(provider_id)
    if too_many := ratelimit.consume_or_429(request, action="provider", limit_get=True):
        return too_many
    return OAuth2CallbackView.adapter_view(Conversation(request, provider_id))(request)


def _known_or_404(provider_id: str) -> None:
    if provider_id not in settings.OIDC_PROVIDERS:
        raise Http404


@login_not_required
@never_cache
def signed_out(request):
    """Goes on to the provider's own way out. A header and a link: after a form our policy would stop a redirect."""
    onward = request.session.pop(ONWARD, "")
    response = render(request, "signin/signed_out.html", {"onward": onward})
    if onward:
        response["Refresh"] = f"0; url={onward}"
    return response


@login_not_required
@require_POST
def try_as(request):
    """Signs a visitor of the demonstration in as one of its people. Nowhere else is there such a page."""
    person = demo_person(request.POST.get("person", "")) if _is_demo() else None
    if person is None:
        raise Http404
    return perform_login(request, person)


def too_many_requests(request, *_args):
    record_locked(request)
    return render(request, "429.html", status=429)


@require_GET
@never_cache
def security(request):
    current = request.session.session_key
    sessions = [
        {"session": session, "device": device(session.user_agent), "current": session.session_key == current}
        for session in sessions_of(request.user)
    ]
    return render(
        request,
        "signin/security.html",
        {"sessions": sessions, "others": any(not row["current"] for row in sessions)} | second_steps_of(request.user),
    )


@require_POST
def end_session(request, pk):
    _say_ended(request, end_sessions(request.user, keep=request.session.session_key, only=pk))
    return redirect("account_security")


@require_POST
def end_other_sessions(request):
    _say_ended(request, end_sessions(request.user, keep=request.session.session_key))
    return redirect("account_security")


def _say_ended(request, number: int) -> None:
    if number:
        record(Kind.SESSIONS_ENDED, request=request, person=request.user, note=str(number))
    text = ngettext("Signed out in %(number)s place.", "Signed out in %(number)s places.", number)
    messages.success(request, text % {"number": number})


def support(request, pk):
    """Asks for the reason, and begins."""
    require(request.user, "support.start")
    person = get_object_or_404(Person, pk=pk, is_active=True)
    if not may_be_supported(person, by=request.user):
        return render(request, "signin/not_supported.html", {"person": person}, status=403)
    form = SupportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = start_support(person, by=request.user, reason=form.cleaned_data["reason"], request=request)
        request.session[SUPPORT] = session.pk
        return redirect("home")
    return render(request, "signin/support.html", {"form": form, "person": person})


@require_POST
def leave_support(request):
    if request.support_session:
        del request.session[SUPPORT]
        end_support(request.support_session, request=request)
        messages.success(request, _("You see Styrhus as yourself again."))
    return redirect("home")
