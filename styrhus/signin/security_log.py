"""What allauth and Django tell of people's way in, written to the security log.

This is the one place that listens to signals: they are the libraries' own way of telling, and no view or adapter of
ours sees all of it. Our own code calls `operations.record` instead.
"""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out

from styrhus.signin.models import SecurityEvent
from styrhus.signin.operations import record

Kind = SecurityEvent.Kind


def listen() -> None:
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"styrhus.signin.{receiver.__name__}.{id(signal)}")


def signed_in(request, user, **_kwargs):
    record(Kind.SIGNED_IN, request=request, person=user, note=_provider(request, user))


def _provider(request, user) -> str:
    """The provider that someone came by, as its button calls it."""
    ways = get_authentication_records(request, user)
    names = [way["provider"] for way in ways if way["method"] == "socialaccount"]
    return settings.OIDC_PROVIDERS[names[-1]].label if names and names[-1] in settings.OIDC_PROVIDERS else ""


def signed_out(request, user, **_kwargs):
    if user is not None:
        record(Kind.SIGNED_OUT, request=request, person=user)


def password_was_changed(request, user, **_kwargs):
    record(Kind.PASSWORD_CHANGED, request=request, person=user)


def password_was_reset(request, user, **_kwargs):
    record(Kind.PASSWORD_RESET, request=request, person=user)


def second_step_was_added(request, user, authenticator, **_kwargs):
    record(Kind.FACTOR_ADDED, request=request, person=user, note=authenticator.type)


def second_step_was_removed(request, user, authenticator, **_kwargs):
    record(Kind.FACTOR_REMOVED, request=request, person=user, note=authenticator.type)


def second_step_failed(request, user, authenticator, **_kwargs):
    record(Kind.FAILED, request=request, person=user, note=authenticator.type)


RECEIVERS = (
    (user_logged_in, signed_in),
    (user_logged_out, signed_out),
    (password_changed, password_was_changed),
    (password_set, password_was_changed),
    (password_reset, password_was_reset),
    (authenticator_added, second_step_was_added),
    (authenticator_reset, second_step_was_added),
    (authenticator_removed, second_step_was_removed),
    (authentication_failed, second_step_failed),
)
