"""What allauth asks of the program it works in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Person
from styrhus.signin import sessions
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
