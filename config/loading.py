"""Every kind of file that can be loaded, in the order in which they are offered."""

KINDS = [
    "styrhus.organisation.imports.ORGANISATION",
    "styrhus.organisation.imports.POSITIONS",
    "styrhus.organisation.imports.PEOPLE",
    "styrhus.reorganisation.imports.REORGANISATIONS",
]
