"""What one context demands before a step in another: (kind, step) → functions giving the reasons that hold it."""

GUARDS = {
    ("planning.measure", "finish"): ["styrhus.items.queries.open_follow_ups_hold"],
}
