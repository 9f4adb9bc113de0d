"""Which figures are about so few people that they are kept back inside the house too."""

from django.db import models

from styrhus.organisation.models import Unit
from styrhus.scorecard.models.indicators import Indicator


class Withheld(models.Model):
    """The figure of a unit and period that only its own leader and HR see: too few are behind it, or behind the one

    that could be found by taking it from a total. Made from the figures each time they change.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="withheld", db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    start = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "start", "unit"], name="figure_withheld_once")]

    def __str__(self):
        return f"{self.indicator_id} – {self.unit_id} {self.start}"
