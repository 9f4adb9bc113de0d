"""Every kind of file that can be loaded, in the order in which they are offered."""

KINDS = [
    "styrhus.organisation.imports.units.ORGANISATION",
    "styrhus.organisation.imports.positions.POSITIONS",
    "styrhus.organisation.imports.people.PEOPLE",
    "styrhus.reorganisation.imports.REORGANISATIONS",
    "styrhus.scorecard.imports.indicators.INDICATORS",
    "styrhus.scorecard.imports.results.RESULTS",
    "styrhus.scorecard.imports.comparison.COMPARISON",
    "styrhus.economy.imports.codes.CODES",
    "styrhus.economy.imports.ledger.LEDGER",
    "styrhus.economy.imports.ledger.BUDGET",
]
