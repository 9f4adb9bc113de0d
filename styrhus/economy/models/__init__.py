from styrhus.economy.models.amendments import Amendment, AmendmentLine
from styrhus.economy.models.areas import Area
from styrhus.economy.models.budgets import Detail, Frame, PhasingRule, Post, WageRates
from styrhus.economy.models.dimensions import Code, CodeRule, Dimension
from styrhus.economy.models.forecasts import Answer, Forecast
from styrhus.economy.models.ledger import Balance, Book, Extract, Line, Version
from styrhus.economy.models.payments import PaymentRight
from styrhus.economy.models.periods import Period

__all__ = [
    "Amendment",
    "AmendmentLine",
    "Answer",
    "Area",
    "Balance",
    "Book",
    "Code",
    "CodeRule",
    "Detail",
    "Dimension",
    "Extract",
    "Forecast",
    "Frame",
    "Line",
    "PaymentRight",
    "Period",
    "PhasingRule",
    "Post",
    "Version",
    "WageRates",
]
