"""The world grown old, and reorganisations of it."""

from datetime import date

import pytest

from styrhus.organisation.models import Appointment, Position, Unit
from styrhus.reorganisation.models import Reorganisation
from styrhus.reorganisation.operations import begin

TODAY = date.today()
OLD = date(2020, 1, 1)


@pytest.fixture
def org(world):
    """The world, grown old enough to have a history."""
    Unit.objects.update(since=OLD)
    Position.objects.update(since=OLD)
    Appointment.objects.update(start=OLD)
    return world


@pytest.fixture
def draft(org):
    def begun(on=TODAY, title="Ny skolestruktur") -> Reorganisation:
        return begin(Reorganisation(title=title, on=on), by=org.people.director)

    return begun
