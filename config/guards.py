"""What one context demands before a step in another: (kind, step) → functions giving the reasons that hold it."""

GUARDS = {
    ("planning.measure", "finish"): ["styrhus.items.queries.open_follow_ups_hold"],
    ("delegation.authorisation", "withdraw"): ["styrhus.delegation.queries.what_stands_on_it_holds"],
    ("delegation.regulations", "adopt"): ["styrhus.delegation.queries.decision_is_named"],
    ("delegation.regulations", "replace"): ["styrhus.delegation.queries.a_newer_version_holds"],
}
