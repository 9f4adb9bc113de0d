"""Who tells the legal clock what has happened, beside what is registered by hand.

Each is a function `f(since, until)` that gives the facts (`styrhus.items.facts.Fact`) of those days, both included.
"""

FACTS: list[str] = [
    "styrhus.delegation.queries.adopted_as_facts",
    "styrhus.planning.queries.facts.facts",
]
