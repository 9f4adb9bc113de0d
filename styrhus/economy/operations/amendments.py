"""The budget is changed in the year: by whom the delegation register lets, or by a decision that is named."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.delegation.models import Authorisation
from styrhus.economy.models import Amendment, AmendmentLine, Code, Dimension, Version
from styrhus.economy.models.budgets import MONTHS
from styrhus.economy.operations.checking import check_line
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.operations.phasing import Weights, over_the_months
from styrhus.economy.operations.posting import Entry, post
from styrhus.economy.phasing import from_month
from styrhus.economy.queries.amendments import authorities_to_move, standing_of
from styrhus.economy.queries.months import is_closed, is_phased
from styrhus.economy.words import in_kroner, month_in_words
from styrhus.organisation.access import require

MOVES = "budget.move"
# KOSTRA's series of income: more of it is less than nought, and may be added where there was none.
INCOME = "6789"


@transaction.atomic
def keep_amendment(amendment: Amendment, *, by) -> Amendment:
    """Who leads a unit may write one; what it rests on is tried when it is taken in."""
    require(by, MOVES)
    _must_be_open(amendment)
    amendment.by = amendment.by if amendment.by_id else by
    amendment.full_clean()
    amendment.save()
    return amendment


@transaction.atomic
def keep_line(line: AmendmentLine, *, by) -> AmendmentLine:
    """Raises ValidationError by field: codes that are closed or of another class, or an amount of nothing."""
    _own(line.amendment, by)
    _must_be_open(line.amendment)
    if not line.amount:
        raise ValidationError({"amount": _("Write what the account is given, or with a minus what it gives away.")})
    check_line(line, line.amendment.version.year)
    line.full_clean()
    line.save()
    return line


@transaction.atomic
def remove_line(line: AmendmentLine, *, by) -> None:
    _own(line.amendment, by)
    _must_be_open(line.amendment)
    line.delete()


@transaction.atomic
def drop(amendment: Amendment, *, by) -> None:
    _own(amendment, by)
    _must_be_open(amendment)
    amendment.delete()


def _own(amendment: Amendment, by) -> None:
    """Who wrote it, and the finance people."""
    require(by, MOVES if amendment.by_id == by.pk else KEEPS)


def _must_be_open(amendment: Amendment) -> None:
    if amendment.pk and Amendment.objects.filter(pk=amendment.pk, taken_in_at__isnull=False).exists():
        raise ValidationError(_("The amendment is taken into the budget and cannot be changed. Make a new one."))


@transaction.atomic
def take_in(amendment: Amendment, *, by) -> Amendment:
    """The lines become lines of the budget from the month they count from.

    Raises ValidationError with every reason: not in balance, no authority, a closed month, or money that is not there.
    """
    _own(amendment, by)
    # Two who move the same money come one after the other, and the last one sees what is left.
    version = Version.objects.select_for_update().get(pk=amendment.version_id)
    amendment = Amendment.objects.select_related("authority__holder__unit").get(pk=amendment.pk)
    _must_be_open(amendment)
    lines = list(amendment.lines.all())
    reasons = [
        *_against_lines(amendment, version, lines),
        *_against_month(amendment),
        *_against_right(amendment, lines, by),
    ]
    if reasons:
        raise ValidationError(reasons)
    entries = [Entry(*line.codes, line.project, line.amount, amendment.title[:200]) for line in lines]
    post(version, amendment.source, _months(version, amendment, entries), by=by)
    amendment.taken_in_by, amendment.taken_in_at = by, timezone.now()
    amendment.save()
    return amendment


def _months(version: Version, amendment: Amendment, entries: list[Entry]):
    if not is_phased(version):
        return {0: iter(entries)}
    weights = Weights(version.year)
    first = amendment.month or 1
    spread = over_the_months(entries, lambda centre, kind: from_month(weights.of(centre, kind), first))
    return {month: spread[month] for month in range(first, MONTHS + 1)}


def _against_lines(amendment: Amendment, version: Version, lines: list[AmendmentLine]) -> list[str]:
    if not lines:
        return [_("The amendment has no lines yet.")]
    found = []
    for line in lines:
        try:
            check_line(line, version.year)
        except ValidationError as refused:
            found += [f"{line}: {reason}" for reason in refused.messages]
    left = standing_of(version, {line.codes for line in lines})
    changes: Counter[tuple[str, str, str, str]] = Counter()
    for line in lines:
        changes[line.codes] += line.amount
    kinds = dict(Code.objects.of_year(version.year).filter(dimension=Dimension.KIND).values_list("code", "kostra"))
    for codes, change in changes.items():
        if _takes_too_much(left.get(codes, 0), change, kinds.get(codes[2]) or ""):
            words = _("%(account)s: %(taken)s kroner is taken, and only %(left)s is left.")
            account = " ".join(filter(None, codes[1:]))
            said = {"account": account, "taken": in_kroner(abs(change)), "left": in_kroner(abs(left.get(codes, 0)))}
            found.append(words % said)
    return found


def _takes_too_much(left: int, change: int, art: str) -> bool:
    """Expense cannot be brought below nought, nor budgeted income above it."""
    is_income = art[:1] in INCOME if art else left < 0
    return left + change > 0 if is_income and change > 0 else not is_income and change < 0 and left + change < 0


def _against_month(amendment: Amendment) -> list[str]:
    year, month = amendment.version.year, amendment.month
    if month and is_closed(year, month):
        return [_("%(month)s %(year)s is closed.") % {"month": month_in_words(month).capitalize(), "year": year}]
    return []


def _against_right(amendment: Amendment, lines: list[AmendmentLine], by) -> list[str]:
    """A decision that is named is written down by the finance people; else it rests on a delegated authority."""
    if amendment.decision and amendment.decided_on:
        return [] if by.has_perm(KEEPS) else [_("A decision of another body is written down by the finance people.")]
    authority = amendment.authority
    if authority is None:
        return [_("Name the decision and its date, or the authority that lets you move money.")]
    if authority not in authorities_to_move(by):
        return [_("You do not hold the authority “%(name)s” now.") % {"name": authority.power}]
    return [*_beyond(authority, amendment, lines), *_out_of_balance(lines)]


def _beyond(authority: Authorisation, amendment: Amendment, lines: list[AmendmentLine]) -> list[str]:
    """An authority reaches the unit of the position that holds it, and those below."""
    codes = Code.objects.of_year(amendment.version.year).filter(dimension=Dimension.COST_CENTRE)
    outside = codes.filter(code__in=[line.cost_centre for line in lines]).exclude(
        unit__path__startswith=authority.holder.unit.path
    )
    said = {"unit": authority.holder.unit, "codes": ", ".join(outside.values_list("code", flat=True)[:5])}
    return (
        [_("The authority reaches %(unit)s only, and not the cost centres %(codes)s.") % said] if said["codes"] else []
    )


def _out_of_balance(lines: list[AmendmentLine]) -> list[str]:
    """What is moved by delegated authority neither adds to the budget nor moves between its two parts."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.account_class] += line.amount
    words = _("The lines do not balance: the sum is %(sum)s kroner, and should be 0. More money takes a decision.")
    return [words % {"sum": in_kroner(total)} for total in sums.values() if total]
