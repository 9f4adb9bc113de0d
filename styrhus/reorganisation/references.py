"""Everything that refers to a unit or a position, and what becomes of it when that unit or position is closed.

A test compares this with the models: a context that points to units or positions decides here what a reorganisation
does with it. Models are named, not imported, for neighbours never import each other.
"""

# Moved by `operations`, each in its own way, and listed by the dry run.
HANDED_OVER = {
    "items.Item.unit": "to the unit that takes over, or to the part where the responsible position goes",
    "items.Item.responsible": "to the heir's leading position when the leading position is closed",
    "items.FollowUp.responsible": "to the heir's leading position when the leading position is closed",
    "organisation.Unit.parent": "units below are placed under the heir",
    "organisation.Position.unit": "positions go on in the heir with the people in them",
    "organisation.PositionRole.reach": "a role reaches the heir instead",
}

# Rows that follow by themselves: (model, field). They go to the first heir, or to the heir's leading position.
UNIT_FOLLOWS: tuple[tuple[str, str], ...] = ()
POSITION_FOLLOWS: tuple[tuple[str, str], ...] = (("compliance.Answering", "position"), ("writing.Chapter", "owner"))

# Live authority that a position which ends holds or has given: (model, its fields). Nobody inherits it, so the dry run
# lists it and people give it anew.
GIVEN_ANEW = ("delegation.Authorisation", ("holder", "giver"))

# Stays as it was, with the reason.
STAYS = {
    "assurance.OwnerHealth.unit": "figures of the past belong to the unit as it was",
    "economy.Area_units.unit": "what the council has chosen stays until the finance people write it anew",
    "economy.Frame.unit": "the budget as it was made",
    "economy.Post.unit": "the budget as it was made",
    "economy.Detail.unit": "the budget as it was made",
    "economy.PhasingRule.unit": "a rule of the unit as it was; the finance people make one for the heir",
    "economy.PaymentRight.unit": "a right is not inherited: it is given anew",
    "economy.PaymentRight.position": "a right is not inherited: it is given anew",
    "economy.Forecast.unit": "says what the unit expected while it was there",
    "economy.Code.unit": "figures of the past belong to the unit as it was; the cost centre moves from a year",
    "delegation.Authorisation.giver": "says who gave it; who must check it now is the responsible position",
    "delegation.Authorisation.holder": "authority is given to a position and is not inherited: it is given anew",
    "delegation.Receipt.position": "says who was asked to read that version",
    "organisation.UnitPeriod.unit": "history of the old unit",
    "organisation.UnitPeriod.parent": "history: where it stood then",
    "organisation.Succession.old": "says who took over",
    "organisation.Succession.new": "says who took over",
    "organisation.PositionRole.position": "goes with its position, and ends with it",
    "organisation.Appointment.position": "goes with its position, and ends with it",
    "organisation.Preparer.position": "goes with its position, and ends with it",
    "leadership.Handover.position": "a receipt between two people, as it was given",
    "reminders.FiguresAskedFor.unit": "says that who led the unit was reminded",
    "scorecard.Series.unit": "figures of the past belong to the unit as it was; the heir begins a series of its own",
    "scorecard.Target.unit": "what the unit was to reach while it was there",
    "scorecard.Withheld.unit": "made from the figures",
    "reorganisation.Change.unit": "the decision as it was made",
    "reorganisation.Change.parent": "the decision as it was made",
    "reorganisation.Change.successor": "the decision as it was made",
    "reorganisation.Change.leader": "the decision as it was made",
    "reorganisation.Change.made": "the decision as it was made",
    "reorganisation.Change_units.unit": "the decision as it was made",
    "reorganisation.Part.made": "the decision as it was made",
    "reorganisation.Choice.position": "the decision as it was made",
    "reorganisation.Choice.unit": "the decision as it was made",
}
