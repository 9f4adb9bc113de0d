"""Who to sign in as."""

from datetime import date

from styrhus.demo.organisation import DOMAIN
from styrhus.organisation.models import Appointment

# Those whom the home page must serve; the sign-in page offers everyone.
SHOWN = [
    "municipal_director",
    "service_director",
    "support_chief",
    "unit_manager",
    "middle_manager",
    "case_officer",
    "employee",
    "controller",
    "hr_adviser",
    "quality_manager",
    "main_union_representative",
    "chief_safety_representative",
    "councillor",
    "auditor",
    "system_administrator",
]


def sign_ins(on: date) -> list[tuple[str, str, str]]:
    """The e-mail, name and position of one person for each of the roles shown, in the order of the list."""
    held = (
        Appointment.objects.in_force(on)
        .filter(person__email__endswith=f"@{DOMAIN}", person__is_active=True, position__roles__role__in=SHOWN)
        .order_by("-pk")
        .values_list("position__roles__role", "person__email", "person__name", "position__title", "position__unit__name")
    )
    first = {role: (email, name, f"{title}, {unit}") for role, email, name, title, unit in held}
    return [first[role] for role in SHOWN if role in first]
