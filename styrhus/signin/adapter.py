"""What allauth asks of the program it works in."""

from datetime import date
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Person
from styrhus.signin import sessions
from styrhus.signin.identities import Refused, receive
from styrhus.signin.models import SecurityEvent
from styrhus.signin.operations import end_sessions, record, record_locked
from styrhus.signin.tasks import send_notice

ONE_YEAR = 365 * 24 * 60 * 60


class Adapter(DefaultAccountAdapter):
    # allauth has no nynorsk, so what people meet is said here.
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This person may not sign in now."),
        "email_password_mismatch": _("The e-mail or the password is wrong. Try again."),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _("The code is wrong or too old. Wait for the next one and try again."),
        "incorrect_password": _("The password is wrong. Try again."),
        "invalid_password_reset": _("The link has been used, or it is too old."),
        "rate_limited": _("You have tried many times. Wait some minutes and try again."),
        "too_many_login_attempts": _("You have tried many times. Wait some minutes and try again."),
    }

    def is_open_for_signup(self, request):
        """People are made by administrators."""
        return False

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            record_locked(request, _person(credentials))
            raise

    def pre_login(self, request, user, *, signal_kwargs, **more):
        """Where passwords are switched off they open, and passkeys too, for system administrators alone."""
        by_provider = "sociallogin" in (signal_kwargs or {})
        may_enter = by_provider or settings.PASSWORDS_ARE_FOR_ALL or user.has_perm("security.view")
        if user.is_active and not may_enter:
            record(SecurityEvent.Kind.FAILED, request=request, person=user, note="passwords_off")
            return render(request, "signin/refused.html", {"reason": "passwords_off"}, status=403)
        return super().pre_login(request, user, signal_kwargs=signal_kwargs, **more)

    def get_login_stages(self):
        mine = {"allauth.mfa.stages.AuthenticateStage": "styrhus.signin.adapter.SecondStep"}
        return [mine.get(stage, stage) for stage in super().get_login_stages()]

    def logout(self, request):
        """Leaves; when the provider is to be left too, its address goes with the browser to the next page."""
        onward = _end_at_provider(request)
        super().logout(request)
        if onward:
            request.session[sessions.ONWARD] = onward

    def get_logout_redirect_url(self, request):
        return reverse("signed_out") if _end_at_provider(request) else super().get_logout_redirect_url(request)

    def authentication_failed(self, request, **credentials):
        record(SecurityEvent.Kind.FAILED, request=request, person=_person(credentials), note="password")

    def login(self, request, user):
        super().login(request, user)
        sessions.begin(request.session)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        if user.language in dict(settings.LANGUAGES):
            keep_language(response, user.language)
        return response

    def set_password(self, user, password):
        """A new password ends every session but the one it was chosen in."""
        super().set_password(user, password)
        end_sessions(user, keep=context.request.session.session_key)

    def get_password_change_redirect_url(self, request):
        return reverse("account_security")

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        # By way of the queue: a mail server that is down must not stop anyone from changing a password.
        send_notice.defer(person_id=user.pk, template=template_prefix, language=get_language())


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": Adapter.error_messages["incorrect_code"]}

    def _get_site_name(self):
        return "Styrhus"


class SecondStep(AuthenticateStage):
    """Asks for the second step, but not again of those who have taken it at the provider."""

    def _should_handle(self, request):
        login = (self.login.signal_kwargs or {}).get("sociallogin")
        return not getattr(login, "took_second_step", False) and super()._should_handle(request)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """What allauth asks about sign-in by OpenID Connect."""

    def list_apps(self, request, provider=None, client_id=None):
        """The providers of the settings; the library's table of them is not used."""
        wanted = [
            app
            for name, app in settings.OIDC_PROVIDERS.items()
            if provider in (None, name, "openid_connect") and client_id in (None, app.client_id)
        ]
        return [_as_app(one) for one in wanted]

    def populate_user(self, request, sociallogin, data):
        return sociallogin.user

    def pre_social_login(self, request, sociallogin):
        """Decides who it is, or stops with a page that says what to do."""
        provider = settings.OIDC_PROVIDERS[sociallogin.account.provider]
        if sociallogin.claims.get("nonce") != sociallogin.state.get("nonce"):
            raise ImmediateHttpResponse(self._failed(request, provider, "nonce"))
        try:
            person = receive(provider, sociallogin.claims, sociallogin.account, on=date.today(), request=request)
        except Refused as refused:
            raise ImmediateHttpResponse(self._refused(request, provider, refused)) from refused
        sociallogin.user = person
        sociallogin.took_second_step = any(
            wanted in _values(sociallogin.claims.get(claim)) for claim, wanted in provider.second_step
        )
        if provider.signs_out and sociallogin.ends_at:
            request.session[sessions.PROVIDER] = {"ends_at": sociallogin.ends_at, "id_token": sociallogin.id_token}

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """Whatever went wrong on the way: a page of ours, and the cause in the security log, never in the page."""
        found = settings.OIDC_PROVIDERS[provider.app.provider_id]
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(_page(request, found, "cancelled", 200))
        raise ImmediateHttpResponse(self._failed(request, found, type(exception).__name__ if exception else "state"))

    def _failed(self, request, provider, why: str):
        record(SecurityEvent.Kind.FAILED, request=request, note=f"{provider.label}: {why}")
        return _page(request, provider, "failed", 400)

    def _refused(self, request, provider, refused: Refused):
        note = f"{provider.label}: {refused.reason}"
        record(SecurityEvent.Kind.FAILED, request=request, person=refused.person, note=note)
        return _page(request, provider, refused.reason, 403)


def _page(request, provider, reason: str, status: int):
    return render(request, "signin/refused.html", {"reason": reason, "provider": provider}, status=status)


def _as_app(provider) -> SocialApp:
    described = {"server_url": provider.issuer, "scope": list(provider.scopes)}
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.name,
        name=provider.label,
        client_id=provider.client_id,
        secret=provider.client_secret,
        settings=described,
    )


def _values(claim) -> list[str]:
    return list(map(str, claim)) if isinstance(claim, list) else [str(claim)]


def _end_at_provider(request) -> str:
    """Where the browser goes to end the session at the provider as well (RP-Initiated Logout 1.0)."""
    kept = request.session.get(sessions.PROVIDER)
    if not kept:
        return ""
    back = request.build_absolute_uri(reverse("account_login"))
    query = urlencode({"id_token_hint": kept["id_token"], "post_logout_redirect_uri": back})
    return f"{kept['ends_at']}{'&' if '?' in kept['ends_at'] else '?'}{query}"


def keep_language(response, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=ONE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _person(credentials) -> Person | None:
    return Person.objects.filter(email__iexact=credentials.get("email", "")).first()
