"""What one context demands before a step in another: (kind, step) → functions giving the reasons that hold it."""

GUARDS = {
    ("planning.measure", "finish"): ["styrhus.items.queries.open_follow_ups_hold"],
    ("planning.plan", "set_programme"): ["styrhus.planning.queries.guards.before_programme_is_set"],
    ("planning.plan", "open_consultation"): [
        "styrhus.planning.queries.guards.before_consultation",
        "styrhus.planning.queries.guards.consultation_is_recorded",
    ],
    ("planning.plan", "submit"): ["styrhus.planning.queries.guards.before_submission"],
    ("planning.plan", "adopt"): ["styrhus.planning.queries.guards.adoption_is_recorded"],
    ("planning.plan", "adopt_here"): [
        "styrhus.planning.queries.guards.is_adopted_in_the_unit",
        "styrhus.planning.queries.guards.adoption_is_recorded",
    ],
    ("planning.plan", "supersede"): ["styrhus.planning.queries.guards.a_newer_version_is_adopted"],
    ("planning.plan", "repeal"): ["styrhus.planning.queries.guards.repeal_is_recorded"],
    **{
        (f"planning.{kind}", step): ["styrhus.planning.queries.contents.bound_by_plan"]
        for kind, step in (
            ("priorityarea", "drop"),
            ("goal", "drop"),
            ("strategy", "drop"),
            ("assignment", "withdraw"),
            ("measure", "drop"),
        )
    },
    ("planning.assignment", "start"): ["styrhus.planning.queries.contents.solution_is_chosen"],
    ("planning.assignment", "finish"): ["styrhus.planning.queries.contents.solution_is_chosen"],
    ("delegation.authorisation", "withdraw"): ["styrhus.delegation.queries.what_stands_on_it_holds"],
    ("delegation.regulations", "adopt"): ["styrhus.delegation.queries.decision_is_named"],
    ("delegation.regulations", "replace"): ["styrhus.delegation.queries.a_newer_version_holds"],
}

# What a step brings with it, in the same transaction: (kind, step) → functions that are given the thing and who did it.
CONSEQUENCES = {
    ("planning.measure", "finish"): ["styrhus.planning.operations.measures.promise_evaluation"],
    ("planning.measure", "reopen"): ["styrhus.planning.operations.measures.withdraw_evaluation"],
}

# Follow-ups that are not simply ticked off: functions that are given one and say the address where it is done, or "".
DONE_ELSEWHERE = ["styrhus.planning.queries.evaluation.where_evaluated"]
