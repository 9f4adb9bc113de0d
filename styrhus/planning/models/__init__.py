"""Plans, what they contain, and what is done about it.

`plan_types` says which plans there are, `plans` holds them, `making` what belongs to the making of one (hearing,
objections, programme, strategy), `contents` the goals and assignments they consist of, `measures` what is done.
"""

from styrhus.planning.models.contents import (
    Assignment,
    Cornerstone,
    Goal,
    Placement,
    PriorityArea,
    Strategy,
    Thread,
)
from styrhus.planning.models.making import (
    Consultation,
    Guideline,
    Judgement,
    Objection,
    ProgrammeEntry,
)
from styrhus.planning.models.measures import EffectEvaluation, Measure
from styrhus.planning.models.plan_types import PlanType
from styrhus.planning.models.plans import Plan

__all__ = [
    "Assignment",
    "Consultation",
    "Cornerstone",
    "EffectEvaluation",
    "Goal",
    "Guideline",
    "Judgement",
    "Measure",
    "Objection",
    "Placement",
    "Plan",
    "PlanType",
    "PriorityArea",
    "ProgrammeEntry",
    "Strategy",
    "Thread",
]
