"""Keeps the list of the figures that too few people are behind."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from styrhus.scorecard.models import Indicator, Measurement, Withheld
from styrhus.scorecard.small import withheld


@transaction.atomic
def withhold(touched: Iterable[tuple[Indicator, date]]) -> None:
    """Works out anew what is kept back of some indicators in some periods, after their figures have changed."""
    limits = {(each.pk, start): each.min_respondents for each, start in touched if each.min_respondents}
    if not limits:
        return
    keys, starts = {key for key, _start in limits}, {start for _key, start in limits}
    people: defaultdict[tuple[int, date], list[tuple[str, int]]] = defaultdict(list)
    rows = Measurement.objects.standing().filter(series__indicator__in=keys, start__in=starts)
    for key, start, path, count in rows.values_list("series__indicator", "start", "series__unit__path", "respondents"):
        people[key, start].append((path, count or 0))
    Withheld.objects.filter(indicator__in=keys, start__in=starts).filter(_any_of(limits)).delete()
    Withheld.objects.bulk_create(
        Withheld(indicator_id=key, unit_id=int(path.strip("/").rpartition("/")[2]), start=start)
        for (key, start), limit in sorted(limits.items())
        for path in sorted(withheld(people[key, start], limit))
    )


def _any_of(limits: Iterable[tuple[int, date]]) -> Q:
    wanted: defaultdict[date, list[int]] = defaultdict(list)
    for key, start in limits:
        wanted[start].append(key)
    condition = Q(pk__in=[])
    for start, keys in wanted.items():
        condition |= Q(start=start, indicator__in=keys)
    return condition
