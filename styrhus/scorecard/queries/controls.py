"""Where the thread breaks between goals and results."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Case, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from styrhus.items.controls import Control
from styrhus.organisation.models import Appointment
from styrhus.planning.models import Goal, Thread
from styrhus.planning.queries.controls import unit_goals
from styrhus.scorecard.models import Indicator, Measurement, ScorecardGoal, Series, Target
from styrhus.scorecard.periods import APART, LENGTH, Frequency, end_of, later, latest_ended

# So many periods back a figure may still be waited for: a month with a hundred days to deliver.
BACK = 4


def _goals_without_indicator(items: QuerySet, on: date) -> QuerySet:
    """A goal that is followed up by other goals is measured there; one that says why is judged in words."""
    measured = Indicator.objects.filter(of_goal=OuterRef("pk"), ended__isnull=True)
    specified = Thread.objects.filter(part_of=OuterRef("pk"), item__kind=Goal.kind_name(), item__ended__isnull=True)
    explained = ScorecardGoal.objects.filter(goal=OuterRef("pk")).exclude(without_indicator="")
    return unit_goals(items).exclude(Exists(measured)).exclude(Exists(specified)).exclude(Exists(explained))


def _indicators(items: QuerySet) -> QuerySet:
    return items.filter(kind=Indicator.kind_name(), ended__isnull=True)


def _without_owner(items: QuerySet, on: date) -> QuerySet:
    held = Appointment.objects.in_force(on).filter(position=OuterRef("responsible"))
    return _indicators(items).exclude(Exists(held))


def _without_target(items: QuerySet, on: date) -> QuerySet:
    """Nobody has said what is to be reached this year. A key figure is not judged, so nothing is asked of it."""
    known = Target.objects.filter(indicator=OuterRef("pk"), first_year__lte=on.year, last_year__gte=on.year)
    used = _indicators(items).filter(state=Indicator.IN_USE, indicator__is_key_figure=False)
    return used.exclude(Exists(known))


def _without_value(items: QuerySet, on: date) -> QuerySet:
    """No unit has delivered the figure that should be in: its period is over, and so are the days to deliver it.

    One that is measured in no unit delivers nothing. A series that began later is not waited for yet.
    """
    since = OuterRef("due_from")
    figures = Measurement.objects.standing().filter(series__indicator=OuterRef("pk"), start__gte=since)
    series = Series.objects.filter(indicator=OuterRef("pk"))
    expected = series.filter(Q(until__isnull=True) | Q(until__gte=since), since__lte=since)
    used = _indicators(items).filter(state=Indicator.IN_USE).alias(due_from=Case(*_due_from(on)))
    # A subquery with a limit stops at the first figure; EXISTS may be turned into a reading of them all.
    late = used.alias(figure=Subquery(figures.values("pk")[:1])).filter(figure__isnull=True)
    return late.filter(Exists(expected) | ~Exists(series.living(on)))


def _due_from(on: date) -> Iterator[When]:
    """By how often it is measured and how long delivery takes: the first day of the period whose figure should be in.

    A survey every second year is fresh for as long as it is to last.
    """
    for frequency in Frequency:
        start = latest_ended(on, frequency)
        for back in range(BACK + 1):
            lasting = Value(later(start, LENGTH[frequency] - APART[frequency]), DateField())
            since = (on - end_of(start, frequency)).days
            in_time = Q() if back == BACK else Q(indicator__days_to_deliver__lt=since)
            yield When(in_time, indicator__frequency=frequency, then=lasting)
            start = later(start, -LENGTH[frequency])


GOAL_WITHOUT_INDICATOR = Control("goal_without_indicator", _("No indicator"), _goals_without_indicator)
INDICATOR_WITHOUT_OWNER = Control("indicator_without_owner", _("Nobody answers for the indicator"), _without_owner)
INDICATOR_WITHOUT_TARGET = Control("indicator_without_target", _("Without a target value"), _without_target)
INDICATOR_WITHOUT_VALUE = Control("indicator_without_value", _("The figure is missing"), _without_value)
