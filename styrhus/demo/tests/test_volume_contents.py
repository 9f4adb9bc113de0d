"""As many goals as a large municipality has."""

from datetime import date

import pytest

from styrhus.demo.volume_contents import TITLE, aim_much
from styrhus.planning.models import Goal, Plan, Thread
from styrhus.planning.queries.contents import Contents

pytestmark = pytest.mark.django_db


def test_a_programme_gets_its_goals_and_measures_follow_from_them(world):
    aim_much(80, 6, date.today())
    plan = Plan.objects.get(title=TITLE)
    assert Goal.objects.count() == 80
    assert Thread.objects.filter(item__kind="planning.measure", part_of__kind="planning.goal").count() == 6
    read = Contents(plan, world.people.director)
    assert len(read.under[None]) == 12
    assert len(read.places) >= 92
