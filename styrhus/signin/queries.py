"""Where a person is signed in and how; who may be supported; the people of the demonstration."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F, Prefetch, Q, Window
from django.db.models.functions import DenseRank
from django.utils import timezone
from django.utils.functional import Promise

from styrhus.organisation.models import Appointment, Person
from styrhus.organisation.roles import ROLES
from styrhus.signin.models import SupportSession

DEMO_DOMAIN = "@fjordvik.example"
DEMO_PEOPLE_A_ROLE = 2


def sessions_of(person):
    """Where a person is signed in now, the newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=person, session_key__in=alive).order_by("-created_at")


def second_steps_of(person) -> dict:
    """A person's authenticator app, passkeys and the number of recovery codes left."""
    found: dict[str, Any] = {"app": None, "passkeys": [], "codes": None, "codes_left": 0}
    for authenticator in Authenticator.objects.filter(user=person).order_by("created_at"):
        if authenticator.type == Authenticator.Type.WEBAUTHN:
            found["passkeys"].append(authenticator)
        elif authenticator.type == Authenticator.Type.TOTP:
            found["app"] = authenticator
        else:
            found |= {"codes": authenticator, "codes_left": len(authenticator.wrap().get_unused_codes())}
    return found


def running_support(pk: int, administrator) -> SupportSession | None:
    """The session, while it runs and both may still be in it."""
    session = (
        SupportSession.objects.running(timezone.now())
        .select_related("person")
        .filter(pk=pk, administrator=administrator, person__is_active=True)
        .first()
    )
    return session if session and administrator.has_perm("support.start") else None


def people_to_support(*, by):
    """Everyone who may be supported, with what they hold today."""
    today = date.today()
    administering = [role.code for role in ROLES.values() if "support.start" in role.within]
    administrators = Appointment.objects.in_force(today).filter(position__roles__role__in=administering)
    held = Appointment.objects.in_force(today).select_related("position__unit").order_by("kind", "start")
    return (
        Person.objects.filter(is_active=True)
        .exclude(Q(pk=by.pk) | Q(pk__in=administrators.values("person")))
        .prefetch_related(Prefetch("appointments", queryset=held, to_attr="held"))
    )


def demo_people() -> list[tuple[str | Promise, list[Appointment]]]:
    """The first people of each role in the demonstration: (role, appointments), in the order of the roles."""
    numbered = (
        Appointment.objects.in_force(date.today())
        .filter(person__is_active=True, person__email__endswith=DEMO_DOMAIN, position__roles__isnull=False)
        .annotate(
            role=F("position__roles__role"),
            number=Window(
                DenseRank(),
                partition_by=[F("position__roles__role")],
                order_by=["position__unit__path", "person__name", "pk"],
            ),
        )
        .filter(number__lte=DEMO_PEOPLE_A_ROLE)
        .select_related("person", "position__unit")
        .order_by("number")
    )
    # As keys: one position may carry a role twice, with different reaches, and the person is offered once.
    by_role: dict[str, dict[Appointment, bool]] = {}
    for appointment in numbered:
        by_role.setdefault(appointment.role, {})[appointment] = True
    return [(role.label, list(by_role[code])) for code, role in ROLES.items() if code in by_role]


def demo_person(number: str) -> Person | None:
    if not number.isdecimal():
        return None
    return Person.objects.filter(pk=number, is_active=True, email__endswith=DEMO_DOMAIN).first()
