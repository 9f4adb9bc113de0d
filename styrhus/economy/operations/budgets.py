"""A budget is made: versions, frames down the tree, posts and lines, and all of it into the budget."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.economy.models import Code, Detail, Dimension, Frame, Post, Version, WageRates
from styrhus.economy.operations.checking import check_line
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.operations.phasing import months_of
from styrhus.economy.operations.posting import Entry, post
from styrhus.economy.queries.budgets import Work, bound, wage_lines, work_of
from styrhus.economy.words import in_kroner
from styrhus.organisation.access import require
from styrhus.organisation.models import Unit

MAKES = "budget.make"
GIVES = "frame.give"


@transaction.atomic
def keep_version(version: Version, *, by) -> Version:
    """Raises ValidationError by field: a name that is taken, or a version of another year to build on."""
    require(by, KEEPS)
    if version.based_on and version.based_on.year != version.year:
        raise ValidationError({"based_on": _("A version builds on one of the same year.")})
    version.full_clean()
    version.save()
    return version


@transaction.atomic
def keep_rates(rates: WageRates, *, by) -> WageRates:
    require(by, KEEPS)
    rates.full_clean()
    rates.save()
    return rates


def may_give_frame(person, unit: Unit) -> bool:
    """Who leads what stands right above the unit, and the finance people."""
    return person.has_perm(KEEPS) or (unit.parent is not None and person.has_perm(GIVES, unit.parent))


@transaction.atomic
def give_frame(version: Version, unit: Unit, amount: int, *, by) -> Frame:
    """Raises ValidationError where the frame is less than what is bound already."""
    if not by.has_perm(KEEPS):
        require(by, GIVES, unit.parent or unit)
    # Two who give frames of one budget at the same moment come one after the other.
    Version.objects.select_for_update().get(pk=version.pk)
    least = bound(version, unit)
    if least.total is not None and amount < least.total:
        said = {"least": in_kroner(least.total), "below": in_kroner(least.given), "posts": in_kroner(least.posts)}
        words = _(
            "%(least)s kroner is bound already: %(below)s is given to units below, and %(posts)s is pay of filled "
            "posts less income. Change that first."
        )
        raise ValidationError({"amount": words % said})
    frame, _made = Frame.objects.update_or_create(version=version, unit=unit, defaults={"amount": amount})
    return frame


@transaction.atomic
def keep_post(wanted: Post, *, by) -> Post:
    require(by, MAKES, wanted.unit)
    _check(wanted)
    wanted.save()
    return wanted


@transaction.atomic
def keep_detail(wanted: Detail, *, by) -> Detail:
    require(by, MAKES, wanted.unit)
    _check(wanted)
    wanted.save()
    return wanted


def _check(wanted: Post | Detail) -> None:
    """A line of a unit's budget lies on a cost centre of the unit's own."""
    wanted.clean_fields()
    check_line(wanted, wanted.version.year)
    codes = Code.objects.of_year(wanted.version.year).filter(dimension=Dimension.COST_CENTRE)
    if not codes.filter(code=wanted.cost_centre, unit=wanted.unit).exists():
        said = {"code": wanted.cost_centre, "unit": wanted.unit}
        raise ValidationError({"cost_centre": _("“%(code)s” is no cost centre of %(unit)s.") % said})


@transaction.atomic
def remove(line: Post | Detail, *, by) -> None:
    require(by, MAKES, line.unit)
    line.delete()


@transaction.atomic
def take_in(version: Version, unit: Unit, *, by) -> Work:
    """The unit's posts and lines become lines of the budget, in the place of those it had there before.

    Raises ValidationError where pay cannot be counted.
    """
    require(by, MAKES, unit)
    Version.objects.select_for_update().get(pk=version.pk)
    work = work_of(version, unit)
    if work.lacks_rates:
        words = _("The finance people have not set the wage rates of %(year)s, so pay cannot be counted.")
        raise ValidationError(words % {"year": version.year})
    lines = [*_pay(work), *map(_as_entry, work.details)]
    if not lines:
        raise ValidationError(_("There is nothing to take in yet."))
    post(version, source_of(unit), months_of(version, lines), by=by)
    return work


def source_of(unit: Unit) -> str:
    return f"{unit.code or unit.pk} {unit.name}"[:100]


def _pay(work: Work) -> list[Entry]:
    """Pay by cost centre, function and kind, so that a single post is not seen in the ledger."""
    sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    if work.rates:
        for each in work.posts:
            for kind, amount in wage_lines(each, work.rates):
                sums[each.cost_centre, kind, each.function] += amount
    return [
        Entry("1", centre, kind, function, "", amount) for (centre, kind, function), amount in sums.items() if amount
    ]


def _as_entry(detail: Detail) -> Entry:
    codes = (detail.account_class, detail.cost_centre, detail.kind, detail.function, detail.project)
    return Entry(*codes, detail.amount, detail.text)
