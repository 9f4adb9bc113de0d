"""Where the thread breaks among plans, goals and measures."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from styrhus.items.controls import Control
from styrhus.organisation.models import UnitKind
from styrhus.planning.models import Assignment, Goal, Measure, Plan, Strategy, Thread
from styrhus.planning.models.contents import DROPPED
from styrhus.planning.queries.evaluation import LATE, by_evaluation
from styrhus.planning.queries.threads import ACTS

# Where the work is done: a goal here is to have measures; a goal above is to be taken up by a unit.
WORKING_UNITS = (UnitKind.OPERATING_UNIT, UnitKind.DEPARTMENT, UnitKind.MUNICIPAL_ENTERPRISE)
LET_GO = (DROPPED, Measure.DROPPED, Assignment.RETURNED)
FOLLOWING = (Goal.kind_name(), *ACTS)


def open_goals(items: QuerySet) -> QuerySet:
    return items.filter(kind=Goal.kind_name(), ended__isnull=True)


def unit_goals(items: QuerySet) -> QuerySet:
    """Open goals of units that do the work."""
    return open_goals(items).filter(unit__kind__in=WORKING_UNITS)


def not_followed_up(goals: QuerySet) -> QuerySet:
    """Those from which no goal, assignment or measure follows, directly or by way of a strategy."""
    parts = Thread.objects.filter(item__kind__in=FOLLOWING).exclude(item__state__in=LET_GO)
    by_strategy = parts.filter(part_of__kind=Strategy.kind_name(), part_of__thread__part_of=OuterRef("pk"))
    return goals.exclude(Exists(parts.filter(part_of=OuterRef("pk")))).exclude(Exists(by_strategy))


def _goals_without_unit(items: QuerySet, on: date) -> QuerySet:
    return not_followed_up(open_goals(items).exclude(unit__kind__in=WORKING_UNITS))


def _goals_without_measure(items: QuerySet, on: date) -> QuerySet:
    return not_followed_up(unit_goals(items))


def _measures_overdue(items: QuerySet, on: date) -> QuerySet:
    return items.filter(kind=Measure.kind_name(), ended__isnull=True, due__lt=on)


def _measures_not_evaluated(items: QuerySet, on: date) -> QuerySet:
    late = by_evaluation(Measure.objects.filter(ended__isnull=False), LATE, on)
    return items.filter(Q(pk__in=late.values("pk")), kind=Measure.kind_name())


def _plans_too_old(items: QuerySet, on: date) -> QuerySet:
    return items.filter(kind=Plan.kind_name(), pk__in=Plan.objects.too_old(on).values("pk"))


PLAN_TOO_OLD = Control("plan_too_old", _("The plan is past its period"), _plans_too_old)
GOAL_WITHOUT_UNIT = Control("goal_without_unit", _("No unit works for the goal"), _goals_without_unit)
GOAL_WITHOUT_MEASURE = Control("goal_without_measure", _("No measure"), _goals_without_measure)
MEASURE_OVERDUE = Control("measure_overdue", _("Measure past its deadline"), _measures_overdue)
MEASURE_NOT_EVALUATED = Control("measure_not_evaluated", _("Closed without effect evaluation"), _measures_not_evaluated)
