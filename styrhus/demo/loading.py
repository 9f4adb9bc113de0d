"""Loads the demonstration: all of it or nothing."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from styrhus.assurance.operations import keep_week
from styrhus.demo.assurance import load_owner_health
from styrhus.demo.authority import load_authority
from styrhus.demo.clock import load_clock
from styrhus.demo.contents import load_contents
from styrhus.demo.indicators import load_indicators
from styrhus.demo.measures import load_measures, read_what_is_old
from styrhus.demo.organisation import load_organisation
from styrhus.demo.plans import load_plans
from styrhus.demo.records import load_records
from styrhus.demo.reorganisation import load_reorganisations
from styrhus.demo.texts import load_texts
from styrhus.demo.volume import VOLUMES, fill
from styrhus.leadership.operations import begin_those_due
from styrhus.organisation.models import Person, Unit
from styrhus.reminders.operations import escalate


def is_empty() -> bool:
    return not Unit.objects.exists() and not Person.objects.exists()


@transaction.atomic
def load(today: date, volume: str | None = None, *, tell: Callable[[str], object] = lambda line: None) -> None:
    """Fjordvik kommune as it stands on a day, and under it as much as `volume` names."""
    load_organisation(today)
    load_measures(today)
    load_plans(today)
    load_contents(today)
    load_texts(today)
    load_indicators(today)
    load_clock(today)
    load_authority(today)
    load_records(today)
    load_reorganisations(today)
    read_what_is_old()
    load_owner_health(today)
    escalate(today)
    begin_those_due(today)
    if volume:
        fill(**VOLUMES[volume], today=today, tell=tell)
        keep_week(today)
