"""The control queries that each context offers: `styrhus.items.controls.Control`, in the order they are shown."""

CONTROLS: list[str] = [
    "styrhus.planning.queries.controls.PLAN_TOO_OLD",
    "styrhus.planning.queries.controls.GOAL_WITHOUT_UNIT",
    "styrhus.planning.queries.controls.GOAL_WITHOUT_MEASURE",
    "styrhus.scorecard.queries.controls.GOAL_WITHOUT_INDICATOR",
    "styrhus.planning.queries.controls.MEASURE_OVERDUE",
    "styrhus.planning.queries.controls.MEASURE_NOT_EVALUATED",
    "styrhus.scorecard.queries.controls.INDICATOR_WITHOUT_OWNER",
    "styrhus.scorecard.queries.controls.INDICATOR_WITHOUT_TARGET",
    "styrhus.scorecard.queries.controls.INDICATOR_WITHOUT_VALUE",
    "styrhus.scorecard.queries.demands.RED_WITHOUT_ANSWER",
]
