"""Registers of what plans consist of."""

from datetime import date

import django_filters as filters
from django.db.models import Exists, OuterRef
from django.forms import CheckboxInput, ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from styrhus.items.lists import DUE, RESPONSIBLE, STATE, TITLE, UNIT, ItemFilters
from styrhus.kit.fields import LeanSelect
from styrhus.kit.lists import Column
from styrhus.planning.models import Assignment, Cornerstone, Goal, Plan, PriorityArea, Strategy, Thread
from styrhus.planning.models.contents import Solution
from styrhus.planning.queries.contents import cornerstones_on
from styrhus.planning.queries.threads import ACTS

LEVEL = Column("level", _("Level"), lambda goal: goal.get_level_display(), order=("level",))
SOLUTION = Column(
    "solution", _("Choice of solution"), lambda each: each.get_solution_display() or None, order=("solution",)
)
AIM_COLUMNS = (TITLE, UNIT, RESPONSIBLE, STATE, DUE)
GOAL_COLUMNS = (TITLE, LEVEL, UNIT, RESPONSIBLE, STATE, DUE)
ASSIGNMENT_COLUMNS = (TITLE, UNIT, RESPONSIBLE, SOLUTION, STATE, DUE)


def plans_seen(request):
    """The plans that a register may be narrowed to."""
    return (
        Plan.objects.visible_to(request.user).order_by("title_key", "-first_year") if request else Plan.objects.none()
    )


def stones_today(request):
    return cornerstones_on(date.today()).exclude(kind=Cornerstone.Kind.VISION)


class PlanOptions(ModelChoiceIterator):
    """The plans as bare values: a register offers them all, and needs their names alone."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "title")


class PlanChoice(ModelChoiceField):
    iterator = PlanOptions
    widget = LeanSelect


class PlanFilter(filters.ModelChoiceFilter):
    field_class = PlanChoice


class ContentFilters(ItemFilters):
    """What every register of a plan's contents is narrowed by."""

    plan = PlanFilter(
        label=_("Stands in the plan"),
        queryset=plans_seen,
        method="in_plan",
        empty_label=_("All"),
    )
    stone = filters.ModelChoiceFilter(
        label=_("Value or challenge"),
        queryset=stones_today,
        field_name="cornerstones",
        empty_label=_("All"),
        widget=LeanSelect,
    )

    def in_plan(self, queryset, name, plan):
        return queryset.filter(placements__plan=plan.pk)


class PriorityAreaFilters(ContentFilters):
    class Meta:
        model = PriorityArea
        fields = ["q", "unit", "state"]


class StrategyFilters(ContentFilters):
    class Meta:
        model = Strategy
        fields = ["q", "unit", "state"]


class GoalFilters(ContentFilters):
    level = filters.ChoiceFilter(label=_("Level"), choices=Goal.Level.choices, empty_label=_("All"))
    gap = filters.BooleanFilter(
        label=_("Only goals that nothing is done about"), method="without_act", widget=CheckboxInput
    )

    class Meta:
        model = Goal
        fields = ["q", "unit", "state"]

    def without_act(self, queryset, name, ticked):
        """No measure or assignment follows from it, nor a goal that says it more closely."""
        acts = Thread.objects.filter(part_of=OuterRef("pk"), item__kind__in=[*ACTS, Goal.kind_name()])
        return queryset.filter(~Exists(acts)) if ticked else queryset


class AssignmentFilters(ContentFilters):
    solution = filters.ChoiceFilter(
        label=_("Choice of solution"),
        method="solved_by",
        empty_label=_("All"),
        choices=[("none", _("Not chosen yet")), *Solution.choices],
    )

    class Meta:
        model = Assignment
        fields = ["q", "unit", "state"]

    def solved_by(self, queryset, name, solution):
        return queryset.filter(solution="" if solution == "none" else solution)
