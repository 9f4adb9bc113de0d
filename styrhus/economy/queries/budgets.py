"""A unit's budget while it is made, against its frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from styrhus.economy.models import Detail, Frame, Post, Version, WageRates
from styrhus.economy.wages import Cost, Rates, cost
from styrhus.organisation.models import Unit


def rates_of(year: int) -> WageRates | None:
    return WageRates.objects.filter(year=year).first()


def cost_of(post: Post, rates: WageRates) -> Cost:
    told = Rates(rates.holiday_pay, rates.pension, rates.employer)
    return cost(post.pay, post.additions, post.full_time, post.months, told)


def wage_lines(post: Post, rates: WageRates) -> Iterator[tuple[str, int]]:
    """(account kind, øre) of a post."""
    kinds = {
        "pay": rates.substitute_kind if post.state == Post.State.SUBSTITUTE else rates.pay_kind,
        "additions": rates.additions_kind,
        "pension": rates.pension_kind,
        "employer": rates.employer_kind,
    }
    for part, amount in cost_of(post, rates).parts():
        yield kinds[part], amount


@dataclass(frozen=True)
class Work:
    """A unit's own detailed budget. Amounts in øre with the sign of the accounts."""

    frame: int | None
    # What is given of it to the units below.
    given: int
    posts: Sequence[Post]
    details: Sequence[Detail]
    rates: WageRates | None

    @property
    def lacks_rates(self) -> bool:
        return bool(self.posts) and self.rates is None

    @property
    def costs(self) -> list[tuple[Post, Cost | None]]:
        return [(each, cost_of(each, self.rates) if self.rates else None) for each in self.posts]

    @property
    def pay(self) -> int:
        return sum(counted.total for _post, counted in self.costs if counted)

    @property
    def others(self) -> int:
        """Of operations: investments have no frame."""
        return sum(each.amount for each in self.details if each.account_class == "1")

    @property
    def full_time(self):
        return sum(each.full_time for each in self.posts)

    @property
    def used(self) -> int:
        return self.given + self.pay + self.others

    @property
    def gap(self) -> int | None:
        """What is left of the frame; below nought is too much. None where no frame is given."""
        return None if self.frame is None else self.frame - self.used


def work_of(version: Version, unit: Unit) -> Work:
    frames = dict(
        Frame.objects.filter(version=version, unit__in=[unit.pk, *_below(unit)]).values_list("unit", "amount")
    )
    frame = frames.pop(unit.pk, None)
    posts = Post.objects.filter(version=version, unit=unit)
    details = Detail.objects.filter(version=version, unit=unit)
    return Work(frame, sum(frames.values()), list(posts), list(details), rates_of(version.year))


def _below(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(parent=unit).values_list("pk", flat=True))


@dataclass(frozen=True)
class Bound:
    """What a frame cannot be set below: what is given on, and pay of filled posts that income does not cover."""

    given: int
    posts: int
    is_any: bool

    @property
    def total(self) -> int | None:
        return self.given + self.posts if self.is_any else None


def bound(version: Version, unit: Unit) -> Bound:
    work = work_of(version, unit)
    filled = [each for each in work.posts if each.state == Post.State.FILLED]
    pay = sum(cost_of(each, work.rates).total for each in filled) if work.rates else 0
    income = sum(each.amount for each in work.details if each.amount < 0)
    has_frames = Frame.objects.filter(version=version, unit__parent=unit).exists()
    return Bound(work.given, pay + income if filled else 0, has_frames or bool(filled))


def frames_below(version: Version, unit: Unit, living) -> list[tuple[Unit, int | None]]:
    """The units right below with their frames, None where none is given."""
    frames = dict(Frame.objects.filter(version=version, unit__parent=unit).values_list("unit", "amount"))
    return [(each, frames.get(each.pk)) for each in living]


def taken_in(version: Version, source: str) -> int | None:
    """What stands in the budget of what the unit took in; None where it has not."""
    found = version.extracts.standing().filter(source=source).aggregate(total=Sum("total"))
    return found["total"]
