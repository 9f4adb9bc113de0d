from styrhus.economy.models.dimensions import Code, CodeRule, Dimension
from styrhus.economy.models.forecasts import Forecast
from styrhus.economy.models.ledger import Balance, Book, Extract, Line, Version

__all__ = ["Balance", "Book", "Code", "CodeRule", "Dimension", "Extract", "Forecast", "Line", "Version"]
