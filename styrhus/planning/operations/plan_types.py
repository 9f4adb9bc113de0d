"""The municipality orders its plan system."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from styrhus.kit.refusals import Words, told_in_words
from styrhus.planning.models import PlanType

CODE_LENGTH = 36
TAKEN: Words = {
    "planning_plantype_code_key": ("own_name", gettext_lazy("Somebody has just made a plan type of this name."))
}


@transaction.atomic
def keep_type(plan_type: PlanType) -> PlanType:
    """Saves a type; a new one gets a code of its own from its name, which never changes after.

    Raises ValidationError by field.
    """
    if not plan_type.code:
        plan_type.code = _free_code(plan_type.own_name)
    plan_type.full_clean()
    with told_in_words(TAKEN):
        plan_type.save()
    return plan_type


def _free_code(name: str) -> str:
    wanted = slugify(name.lower().translate(str.maketrans("æøå", "eoa")))[:CODE_LENGTH] or "plan"
    code, number = wanted, 1
    while PlanType.objects.filter(code=code).exists():
        number += 1
        code = f"{wanted}-{number}"
    return code
