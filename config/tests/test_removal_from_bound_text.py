"""Personal data is removed wherever it is, also from what the council has adopted."""

import pytest
from django.db import IntegrityError, connection, transaction

from styrhus.items.models import Item
from styrhus.planning.models import Goal
from styrhus.planning.tests.standing import a_plan, a_thing
from styrhus.records import operations as records

pytestmark = pytest.mark.django_db
NAME = "Gunvald Grindvik"


def test_personal_data_is_removed_from_bound_text_and_the_text_stays_bound(world, make):
    plan = a_plan(world, "municipal_plan_society", state="adopted")
    goal = a_thing(world, plan=plan, title=f"Bolig for {NAME}", description=f"{NAME} får bolig")
    keeper = make.holder("records_manager", world.units.municipality)
    records.remove_text(NAME, by=keeper, basis="5-1-e", reason="Tiden er ute")
    stored = Goal.objects.get(pk=goal.pk)
    assert (stored.title, stored.description) == ("Bolig for fjernet", "fjernet får bolig")
    with connection.cursor() as cursor:
        # As when the transaction of the removal is over.
        cursor.execute("SELECT set_config('styrhus.removal', '', true)")
    with pytest.raises(IntegrityError, match="which the council has adopted"), transaction.atomic():
        Item.objects.filter(pk=goal.pk).update(title="Noe annet")
