"""What the council has adopted stands, whoever writes; a load may be taken back all the same."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from styrhus.items.models import Item
from styrhus.planning.models import Assignment, Goal, Measure, Placement, Plan, PlanType, PriorityArea, Strategy
from styrhus.planning.tests.standing import a_plan, a_thing
from styrhus.trail.models import Change
from styrhus.trail.operations import undo

pytestmark = pytest.mark.django_db
SOCIETY = "municipal_plan_society"


@pytest.fixture
def plan(world) -> Plan:
    return a_plan(world, SOCIETY, state="adopted", title="Samfunnsdelen")


def refused():
    return pytest.raises(IntegrityError, match="Samfunnsdelen")


@pytest.mark.parametrize("model", [PriorityArea, Goal, Strategy, Assignment, Measure])
def test_neither_title_nor_description_is_changed_past_the_operations(world, plan, model):
    thing = a_thing(world, model, plan=plan, description="Slik ble det vedtatt")
    with refused(), transaction.atomic():
        Item.objects.filter(pk=thing.pk).update(title="Noe annet")
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET description = ''")
    stored = model.objects.get(pk=thing.pk)
    assert (stored.title, stored.description) == (thing.title, "Slik ble det vedtatt")


def test_nor_does_a_main_goal_become_a_sub_goal(world, plan):
    a_thing(world, plan=plan)
    with refused(), transaction.atomic():
        Goal.objects.update(level="sub")


def test_what_is_no_text_may_change(world, plan):
    goal = a_thing(world, plan=plan)
    Goal.objects.filter(pk=goal.pk).update(due="2030-01-01", state="reached")
    Goal.objects.filter(pk=goal.pk).update(title=goal.title, description=goal.description)


@pytest.mark.parametrize("state", [Plan.FOR_DECISION, Plan.SUPERSEDED, Plan.REPEALED])
def test_a_plan_that_does_not_hold_binds_nothing(world, plan, state):
    goal = a_thing(world, plan=plan)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    assert Item.objects.filter(pk=goal.pk).update(title="Ny tekst") == 1


def test_nor_does_a_plan_that_the_director_adopts_or_one_that_has_only_fetched_it(world, plan):
    PlanType.objects.filter(code="unit_plan").update(decided_by="municipal_director")
    goal = a_thing(world, plan=a_plan(world, "unit_plan", state="adopted"))
    fetched = a_thing(world, plan=plan, fetched_from=a_plan(world, "unit_plan"))
    assert Item.objects.filter(pk__in=[goal.pk, fetched.pk]).update(title="Ny tekst") == 2


def test_what_a_version_has_from_the_one_before_is_bound_by_it(world, plan):
    newer = a_plan(
        world, SOCIETY, state="adopted", title="Ny", replaces=plan, first=plan, first_year=2031, last_year=2034
    )
    goal = a_thing(world, plan=plan)
    Placement.objects.create(plan=newer, item=goal.as_item, fetched_from=plan)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.SUPERSEDED, ended=timezone.now())
    with pytest.raises(IntegrityError, match="Ny"), transaction.atomic():
        Item.objects.filter(pk=goal.pk).update(title="Ny tekst")


@pytest.mark.django_db(transaction=True)
def test_what_was_loaded_is_taken_back_although_the_council_has_adopted_the_plan_since(world):
    plan = a_plan(world, SOCIETY, title="Samfunnsdelen")
    goal = a_thing(world, plan=plan, title="Før")
    Item.objects.filter(pk=goal.pk).update(title="Som lastet")
    load = Change.objects.latest("pk")
    Plan.objects.filter(pk=plan.pk).update(state=Plan.ADOPTED)
    with refused():
        Item.objects.filter(pk=goal.pk).update(title="Noe annet")
    undo(load.transaction, load.at)
    assert Item.objects.get(pk=goal.pk).title == "Før"
