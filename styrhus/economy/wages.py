"""What a post costs in a year, as lines of the accounts.

Holiday pay is a share of pay and additions (ferieloven § 10), pension of pay and additions, and the employer's
contribution of all of it (folketrygdloven § 23-2). Amounts are whole øre, rates per cent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

YEAR = 12


@dataclass(frozen=True)
class Rates:
    holiday_pay: Decimal
    pension: Decimal
    employer: Decimal


@dataclass(frozen=True)
class Cost:
    pay: int
    additions: int
    # Of pay and of additions.
    holiday_pay: tuple[int, int]
    pension: int
    employer: int

    @property
    def paid_out(self) -> int:
        """Pay, additions and holiday pay."""
        return self.pay + self.additions + sum(self.holiday_pay)

    @property
    def total(self) -> int:
        return sum(amount for _part, amount in self.parts())

    def parts(self) -> Iterator[tuple[str, int]]:
        """What is booked on one kind together: holiday pay goes with what it is earned by."""
        yield "pay", self.pay + self.holiday_pay[0]
        yield "additions", self.additions + self.holiday_pay[1]
        yield "pension", self.pension
        yield "employer", self.employer


def cost(pay: int, additions: int, full_time: Decimal, months: int, rates: Rates) -> Cost:
    """`pay`: a whole year of one full-time post. `additions`: what is paid in the year besides, as it is."""
    paid = _whole(pay * full_time * months / YEAR)
    holiday = _share(paid, rates.holiday_pay), _share(additions, rates.holiday_pay)
    pension = _share(paid + additions, rates.pension)
    employer = _share(paid + additions + sum(holiday) + pension, rates.employer)
    return Cost(paid, additions, holiday, pension, employer)


def _share(amount: int, per_cent: Decimal) -> int:
    return _whole(amount * per_cent / 100)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
