"""`styrhus createadmin`: the first administrator, and the top of the organisation when there is none."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Unit, UnitKind

ROLE = "system_administrator"


class Command(BaseCommand):
    help = "Makes an administrator, who makes everyone else. Asks for what is not given."

    def add_arguments(self, parser):
        parser.add_argument("--email")
        parser.add_argument("--name")
        parser.add_argument("--municipality", help="name of the municipality, where the base has no units yet")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *, email, name, municipality, password_stdin, **_options):
        email = _given(email) or _asked("E-mail: ")
        if Person.objects.filter(email__iexact=email).exists():
            raise CommandError(f"There is already someone with the e-mail {email}. Nothing was changed.")
        name = _given(name) or _asked("Name: ")
        if not Unit.objects.exists():
            municipality = _given(municipality) or _asked("Municipality: ")
        try:
            person = make_administrator(email, name, _password(password_stdin), municipality=municipality)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{person} may sign in as {person.email}.")


@transaction.atomic
def make_administrator(email: str, name: str, password: str, *, municipality: str = "") -> Person:
    """The person, in a position of their own at the top. Raises ValidationError with nothing made."""
    validate_password(password, Person(email=email, name=name))
    person = Person.objects.create_user(email, password, name=name)
    top = Unit.objects.filter(parent=None).order_by("pk").first() or _top(municipality)
    position = Position(title=_("System administrator"), kind=Position.Kind.FUNCTION, unit=top)
    position.full_clean()
    position.save()
    PositionRole.objects.create(position=position, role=ROLE, reach=top)
    Appointment.objects.create(person=person, position=position)
    return person


def _top(municipality: str) -> Unit:
    unit = Unit(name=municipality, kind=UnitKind.MUNICIPALITY)
    unit.full_clean()
    unit.save()
    # The path is written by the database.
    unit.refresh_from_db()
    return unit


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password once more: "):
        raise CommandError("The two passwords are not the same.")
    return password


def _given(answer: str | None) -> str:
    return (answer or "").strip()


def _asked(question: str) -> str:
    try:
        answer = input(question).strip()
    except EOFError:
        answer = ""
    if not answer:
        raise CommandError(f"{question.removesuffix(': ')} is needed. Nothing was changed.")
    return answer
