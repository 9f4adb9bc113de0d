"""The nouns of the scorecard, by subject."""

from styrhus.scorecard.models.focus import FocusArea, ScorecardGoal
from styrhus.scorecard.models.indicators import Aggregation, Indicator, Series
from styrhus.scorecard.models.measurements import Measurement
from styrhus.scorecard.models.others import ComparisonGroup, Municipality, OthersFigure
from styrhus.scorecard.models.targets import Target
from styrhus.scorecard.models.withheld import Withheld

__all__ = [
    "Aggregation",
    "ComparisonGroup",
    "FocusArea",
    "Indicator",
    "Measurement",
    "Municipality",
    "OthersFigure",
    "ScorecardGoal",
    "Series",
    "Target",
    "Withheld",
]
