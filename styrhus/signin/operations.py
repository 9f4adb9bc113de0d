"""What is done to sessions, support sessions and the security log."""

import ipaddress
import logging

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from styrhus.items.models import Notification
from styrhus.items.operations import notify
from styrhus.signin.models import SecurityEvent, SupportSession

log = logging.getLogger("styrhus.security")
Kind = SecurityEvent.Kind


def record(kind: str, *, request=None, person=None, by=None, note: str = "") -> SecurityEvent:
    """Writes to the security log, and a line without personal data to the program's own log."""
    event = SecurityEvent.objects.create(kind=kind, person=person, by=by, address=network_of(request), note=note[:300])
    log.info("security", extra={"kind": str(kind), "security_event": event.pk})
    return event


def record_locked(request, person=None) -> None:
    """Writes that sign-in was locked, once a minute: whoever keeps knocking must not be able to fill the log."""
    if cache.add(f"locked:{network_of(request)}:{person.pk if person else ''}", True, 60):
        record(Kind.LOCKED, request=request, person=person)


def network_of(request) -> str:
    """The network a request came from: enough to see that it is unusual, too little to follow one machine."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request)) if request else None
    except (PermissionDenied, ValueError):
        address = None
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


def end_sessions(person, *, keep: str | None = None, only: int | None = None) -> int:
    """Signs a person out everywhere but in the session with the key `keep`, or in one place only; how many ended."""
    ended = UserSession.objects.filter(user=person).exclude(session_key=keep or "")
    if only is not None:
        ended = ended.filter(pk=only)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


def may_be_supported(person, *, by) -> bool:
    """Support looks at the system as people who ask for help, never as oneself or as another administrator."""
    return person.is_active and person.pk != by.pk and not person.has_perm("support.start")


@transaction.atomic
def start_support(person, *, by, reason: str, request=None) -> SupportSession:
    """Begins a support session and tells the person. Raises PermissionDenied; an older session of `by` ends."""
    if not by.has_perm("support.start") or not may_be_supported(person, by=by):
        raise PermissionDenied("support.start")
    for older in SupportSession.objects.select_for_update().filter(administrator=by, ended__isnull=True):
        end_support(older, request=request)
    now, reason = timezone.now(), reason.strip()
    session = SupportSession(
        administrator=by, person=person, reason=reason, started=now, ends=now + SupportSession.LASTS
    )
    session.full_clean()
    session.save()
    record(Kind.SUPPORT_STARTED, request=request, person=person, by=by, note=reason)
    notify([person], Notification.Reason.SUPPORT, by=by, note=reason)
    return session


@transaction.atomic
def end_support(session: SupportSession, *, request=None) -> bool:
    """Ends a session once; a session that has run out ended when its time was up."""
    ended = min(timezone.now(), session.ends)
    if not SupportSession.objects.filter(pk=session.pk, ended__isnull=True).update(ended=ended):
        return False
    record(Kind.SUPPORT_ENDED, request=request, person=session.person, by=session.administrator)
    return True
