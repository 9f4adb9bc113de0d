"""A budget of a year is spread over its months, by rule or by what was booked the year before."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.economy.models import Code, Dimension, Extract, Line, PhasingRule, Version
from styrhus.economy.models.budgets import MONTHS
from styrhus.economy.operations.codes import KEEPS
from styrhus.economy.operations.posting import Entry, post
from styrhus.economy.phasing import EVEN, HOLIDAY, as_booked, spread
from styrhus.economy.queries.months import booked_by_month, is_phased
from styrhus.organisation.access import require

Way = PhasingRule.Way


class Weights:
    """Cost centre and kind → the weights of the months. Reads everything once, and remembers what it has found."""

    def __init__(self, year: int):
        rules = PhasingRule.objects.select_related("unit")
        # The longest kind first, and of those the nearest unit.
        self.rules = sorted(rules, key=lambda each: (-len(each.kind), -len(each.unit.path if each.unit else "")))
        codes = Code.objects.of_year(year)
        self.kinds = dict(codes.filter(dimension=Dimension.KIND).values_list("code", "kostra"))
        centres = codes.filter(dimension=Dimension.COST_CENTRE).exclude(unit=None)
        self.places = dict(centres.values_list("code", "unit__path"))
        is_needed = any(rule.way == Way.LAST_YEAR for rule in self.rules)
        self.booked = booked_by_month(year - 1) if is_needed else {}
        self.found: dict[tuple[str, str], Sequence[int]] = {}

    def of(self, cost_centre: str, kind: str) -> Sequence[int]:
        key = cost_centre, kind
        if key not in self.found:
            self.found[key] = self._look_up(*key)
        return self.found[key]

    def _look_up(self, cost_centre: str, kind: str) -> Sequence[int]:
        art, place = self.kinds.get(kind) or "", self.places.get(cost_centre, "")
        rule = next((each for each in self.rules if self._fits(each, art, place)), None)
        if rule is None or rule.way == Way.EVEN:
            return EVEN
        if rule.way == Way.OWN:
            return rule.weights
        return HOLIDAY if rule.way == Way.HOLIDAY else self._last_year(cost_centre, art)

    def _fits(self, rule: PhasingRule, art: str, place: str) -> bool:
        return art.startswith(rule.kind) and (rule.unit is None or place.startswith(rule.unit.path))

    def _last_year(self, cost_centre: str, art: str) -> Sequence[int]:
        """The centre's own pattern; where it has none, that of the municipality; else evenly."""
        for centre in (cost_centre, ""):
            if weights := as_booked(self.booked.get((centre, art), [0] * MONTHS)):
                return weights
        return EVEN


@transaction.atomic
def phase(version: Version, *, by) -> int:
    """Spreads all that stands for the whole year; what has months already stays. Returns how many extracts it was.

    Raises ValidationError where there is nothing to spread.
    """
    require(by, KEEPS)
    Version.objects.select_for_update().get(pk=version.pk)
    whole = list(Extract.objects.standing().filter(version=version, month=0))
    if not whole:
        raise ValidationError(_("There is nothing of the whole year to spread: it has months already, or no lines."))
    weights = Weights(version.year)
    for extract in whole:
        lines = [_entry(line) for line in Line.objects.filter(extract=extract).order_by("pk").iterator()]
        post(version, extract.source, over_the_months(lines, weights.of), by=by)
    return len(whole)


def _entry(line: Line) -> Entry:
    codes = (line.account_class, line.cost_centre, line.kind, line.function, line.project)
    return Entry(*codes, line.amount, line.text, line.free, line.voucher)


def over_the_months(lines: Sequence[Entry], weights: Callable[[str, str], Sequence[int]]) -> dict[int, Iterator[Entry]]:
    """Month → its share of each line, without those that come to nothing."""
    parts: defaultdict[int, list[tuple[Entry, int]]] = defaultdict(list)
    for line in lines:
        for month, amount in enumerate(spread(line.amount, weights(line.cost_centre, line.kind)), start=1):
            if amount:
                parts[month].append((line, amount))
    return {month: (line._replace(amount=amount) for line, amount in parts[month]) for month in range(1, MONTHS + 1)}


def months_of(version: Version, lines: Sequence[Entry]) -> dict[int, Iterator[Entry]]:
    """The lines as the rest of the version stands: by month where that is spread, else of the whole year."""
    return over_the_months(lines, Weights(version.year).of) if is_phased(version) else {0: iter(lines)}


@transaction.atomic
def keep_rule(rule: PhasingRule, *, by) -> PhasingRule:
    """Raises ValidationError by field: weights that are not twelve, or all of them nought."""
    require(by, KEEPS)
    if rule.way == Way.OWN and (len(rule.weights) != MONTHS or not any(rule.weights)):
        raise ValidationError({"weights": _("Write twelve whole numbers, one for each month. Not all can be 0.")})
    if rule.way != Way.OWN:
        rule.weights = []
    rule.full_clean()
    rule.save()
    return rule


@transaction.atomic
def remove_rule(rule: PhasingRule, *, by) -> None:
    require(by, KEEPS)
    rule.delete()
