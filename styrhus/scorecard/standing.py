"""Where a figure stands among those of others."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from styrhus.scorecard.status import Direction


@dataclass(frozen=True)
class Rank:
    """Number `place` of `of`, the best first; where no direction is the better one, the largest first."""

    place: int
    of: int
    # How many others have the same figure, and so the same place.
    ties: int


def rank(own: Decimal, others: Collection[Decimal], direction: str) -> Rank:
    ahead = sum(each < own if direction == Direction.LOWER else each > own for each in others)
    return Rank(ahead + 1, len(others) + 1, sum(each == own for each in others))
