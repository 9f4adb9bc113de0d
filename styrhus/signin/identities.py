"""Who a provider says that someone is, and what follows from it: a person here, and positions by their groups.

What a person may do follows from positions, so a group gives a position (docs/adr/0007-sign-in-by-provider.md).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from config.oidc import Provider
from styrhus.organisation.access import forget
from styrhus.organisation.models import Appointment, Person, Position
from styrhus.signin.models import ProvidedAppointment, SecurityEvent
from styrhus.signin.operations import record

Kind = SecurityEvent.Kind
# Why someone whom the provider vouches for is not let in. The pages and the security log have words for each.
UNKNOWN, UNVERIFIED, INACTIVE, TOO_MANY_GROUPS, TOO_WEAK = "unknown", "unverified", "inactive", "groups", "level"


class Refused(Exception):
    """`reason` is one of the words above; `person` whom it concerns, when that is known."""

    def __init__(self, reason: str, person: Person | None = None):
        super().__init__(reason)
        self.reason, self.person = reason, person


@transaction.atomic
def receive(provider: Provider, claims: dict, account: SocialAccount, *, on: date, request=None) -> Person:
    """The person who comes from a provider, with the positions of today's groups. Raises Refused."""
    if provider.levels and claims.get("acr") not in provider.levels:
        raise Refused(TOO_WEAK)
    groups = groups_of(provider, claims)
    person = account.user if account.pk else find(provider, claims)
    person = Person.objects.select_for_update().get(pk=person.pk) if person else _made(provider, claims)
    if not person.is_active:
        raise Refused(INACTIVE, person)
    if not account.pk:
        account.user = person
        account.save()
        record(Kind.LINKED, request=request, person=person, note=provider.label)
    if provider.groups:
        follow_groups(person, provider, groups, on=on, request=request)
    return person


def find(provider: Provider, claims: dict) -> Person | None:
    """Whom the claim of the settings means. An e-mail counts only when the provider says that it is verified."""
    said = str(claims.get(provider.claim) or "").strip()
    if not said:
        return None
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise Refused(UNVERIFIED)
    wanted = {"email": said.lower()} if provider.person_field == "email" else {"code": said}
    return Person.objects.filter(**wanted).first()


def _made(provider: Provider, claims: dict) -> Person:
    """A person without any position, where the settings want that; what is missing in the claims refuses."""
    email = str(claims.get(provider.claim if provider.person_field == "email" else "email") or "").strip().lower()
    if not provider.creates or not email:
        raise Refused(UNKNOWN)
    if provider.person_field != "email" and claims.get("email_verified") is not True:
        raise Refused(UNVERIFIED)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(UNKNOWN) from error
    if Person.objects.filter(email=email).exists():
        raise Refused(UNKNOWN)
    code = str(claims.get(provider.claim, ""))[:40] if provider.person_field == "code" else ""
    person = Person(email=email, name=str(claims.get("name") or email)[:150], code=code)
    person.set_unusable_password()
    person.save()
    return person


def groups_of(provider: Provider, claims: dict) -> frozenset[str]:
    """The groups in the claims. Entra sends an address in place of more than 200 groups: then we know none of them."""
    if not provider.groups:
        return frozenset()
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and provider.groups_claim in elsewhere:
        raise Refused(TOO_MANY_GROUPS)
    said = claims.get(provider.groups_claim) or ()
    return frozenset([said] if isinstance(said, str) else map(str, said))


def follow_groups(person: Person, provider: Provider, groups: Iterable[str], *, on: date, request=None) -> None:
    """Gives the positions of the groups a person is in, and takes back those that a group gave and gives no more."""
    wanted = [_open_positions(provider.groups[group], on) for group in provider.groups if group in groups]
    current = Appointment.objects.in_force(on).filter(person=person)
    for row in ProvidedAppointment.objects.filter(provider=provider.name, appointment__in=current):
        if not any(row.appointment.position in positions for positions in wanted):
            _take(row.appointment, on=on, request=request, note=provider.label)
    held = set(current.values_list("position_id", flat=True))
    for positions in wanted:
        if positions and not any(position.pk in held for position in positions):
            _give(person, positions, provider, on=on, request=request)
    forget(person)


def _open_positions(codes: Iterable[str], on: date) -> list[Position]:
    """The positions with these numbers that are not closed, in the order of the settings."""
    found = {position.code: position for position in Position.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found and (found[code].until or on) >= on]


def _give(person: Person, positions: list[Position], provider: Provider, *, on: date, request) -> None:
    """The first that nobody holds. Two in one position is for people to sort out; sign-in goes on without it."""
    for position in positions:
        try:
            with transaction.atomic():
                made = Appointment.objects.create(person=person, position=position, start=on)
        except IntegrityError:
            continue
        ProvidedAppointment.objects.create(appointment=made, provider=provider.name)
        record(Kind.POSITION_GIVEN, request=request, person=person, note=f"{provider.label}: {position}")
        return
    record(Kind.POSITION_TAKEN, request=request, person=person, note=f"{provider.label}: {positions[0]}")


def _take(appointment: Appointment, *, on: date, request, note: str) -> None:
    """Ends it yesterday, so that it gives nothing today; one that began today was never in force for a whole day."""
    record(Kind.POSITION_ENDED, request=request, person=appointment.person, note=f"{note}: {appointment.position}")
    if appointment.start >= on:
        appointment.delete()
        return
    appointment.end = on - timedelta(days=1)
    appointment.save(update_fields=["end"])
