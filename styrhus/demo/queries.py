"""Who to sign in as."""

from datetime import date

from styrhus.demo.organisation import email_of
from styrhus.demo.sources import read
from styrhus.organisation.models import Appointment


def sign_ins(on: date) -> list[tuple[str, str, str]]:
    """The e-mail, name and position of those whom the file of people marks as shown; the sign-in page has them all."""
    shown = [email_of(each["name"]) for each in read("people") if each.get("shown")]
    held = (
        Appointment.objects.in_force(on)
        .filter(person__email__in=shown, person__is_active=True)
        .order_by("-pk")
        .values_list("person__email", "person__name", "position__title", "position__unit__name")
    )
    first = {email: (email, name, f"{title}, {unit}") for email, name, title, unit in held}
    return [first[email] for email in shown if email in first]
