"""What a plan's text begins with."""

import pytest
from django.urls import reverse

from styrhus.items import operations as items
from styrhus.planning.models import Plan, PlanType

pytestmark = pytest.mark.django_db


def page(name, *arguments):
    return reverse(f"writing:{name}", args=arguments)


def test_a_text_begins_with_the_usual_chapters_once(world, signed_in, make):
    planner = make.holder("planner", world.units.municipality)
    plan = Plan(type=PlanType.objects.get(code="planning_strategy"), title="Planstrategi", first_year=2028)
    plan.unit, plan.responsible = world.units.municipality, planner.position
    items.create(plan, by=planner)
    client = signed_in(planner)
    assert "Strategiske valg" in client.get(page("outline", plan.pk)).content.decode()
    client.post(page("begin", plan.pk))
    assert list(plan.chapters.values_list("title", "level"))[1:3] == [("Strategiske valg", 1), ("Lokalsamfunnet", 2)]
    assert client.post(page("begin", plan.pk)).status_code == 403
