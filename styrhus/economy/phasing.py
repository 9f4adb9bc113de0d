"""How an amount of a year is spread over its months: to the øre, whatever the weights."""

from collections.abc import Sequence

from styrhus.economy.models.budgets import MONTHS

EVEN = (1,) * MONTHS
# Holiday pay is paid in June instead of pay; what is earned of it is booked with the pay of the other months.
HOLIDAY = (1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in as many parts as there are weights, each as near its share as the sum before it lets it be."""
    whole = sum(weights)
    if not whole:
        return spread(amount, EVEN[: len(weights)])
    parts, so_far, given = [], 0, 0
    for weight in weights:
        so_far += weight
        upto = _nearest(amount * so_far, whole)
        parts.append(upto - given)
        given = upto
    return parts


def _nearest(number: int, parts: int) -> int:
    """Half goes away from nought, so that income is spread as expense is."""
    sign = -1 if number < 0 else 1
    return sign * ((2 * abs(number) + parts) // (2 * parts))


def from_month(weights: Sequence[int], first: int) -> list[int]:
    """The weights without the months before `first`; evenly where nothing would be left."""
    left = [weight if month >= first else 0 for month, weight in enumerate(weights, start=1)]
    return left if any(left) else [int(month >= first) for month in range(1, MONTHS + 1)]


def as_booked(months: Sequence[int]) -> list[int] | None:
    """Weights by what was booked in each month, in whole kroner; None where months go against each other or lack."""
    sign = -1 if sum(months) < 0 else 1
    weights = [sign * amount // 100 for amount in months]
    return weights if all(weight >= 0 for weight in weights) and sum(map(bool, weights)) >= LEAST_MONTHS else None


LEAST_MONTHS = 6
