"""Where the figures of a file belong: the indicator and the unit that a row names, and the series that they are of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Unit, UnitKind
from styrhus.organisation.queries import acting_now
from styrhus.scorecard.models import Indicator, Measurement, Series
from styrhus.scorecard.operations.measurements import nested

LOADS = "measurement.load"
# Bit 0 of what has been seen is the first month of this year.
FIRST_YEAR = 1800


@dataclass(slots=True)
class Place:
    """The series of one indicator in one unit, and what one load must remember of it. A new one has no key yet."""

    series: Series
    path: str
    has_figures: bool = False
    # A bit for each month that the file has given a figure of: a thousandth of what the rows would take.
    seen: int = 0
    last_start: date | None = None
    last_amount: Decimal | None = None
    is_begun: bool = True

    def repeats(self, start: date) -> bool:
        """Whether the file has given this period before; from now on it has."""
        bit = 1 << ((start.year - FIRST_YEAR) * 12 + start.month - 1)
        if self.seen & bit:
            return True
        self.seen |= bit
        return False


class Reach:
    """Where the one who loads may load figures. The program itself, with nobody acting, may everywhere."""

    def __init__(self) -> None:
        actor = acting_now()
        self.paths = None if actor is None else [each.path for each in authority_of(actor).having(LOADS)]

    def refusal(self, unit: Unit) -> str:
        if self.paths is None or any(unit.path.startswith(path) for path in self.paths):
            return ""
        return _("You cannot load figures of %(unit)s. Ask one who can, or take the row out.") % {"unit": unit.name}


class Places:
    """Finds them by what the file says. Asks for what is new in each batch; what is found is remembered by its text."""

    def __init__(self) -> None:
        self.indicators: dict[str, Indicator | None] = {}
        self.units: dict[str, Unit | None] = {}
        # What several have in common.
        self.doubtful: set[str] = set()
        self.series: dict[tuple[int, int], Place] = {}
        # Of each indicator: the series at a path, and those at it or below it.
        self.at: defaultdict[tuple[int, str], list[Series]] = defaultdict(list)
        self.below: defaultdict[tuple[int, str], list[Series]] = defaultdict(list)

    def look_up(self, indicators: set[str], units: set[str]) -> None:
        found = self._indicators(indicators - self.indicators.keys())
        self._units(units - self.units.keys())
        self._series([each for each in found if (each.pk, 0) not in self.series])

    def _indicators(self, texts: set[str]) -> list[Indicator]:
        if not texts:
            return []
        known = {each.pk for each in self.indicators.values() if each}
        found = list(Indicator.objects.filter(Q(code__in=texts) | Q(title__in=texts)).order_by("pk"))
        by_code = {each.code: each for each in found if each.code}
        by_title: defaultdict[str, list[Indicator]] = defaultdict(list)
        for each in found:
            by_title[each.title].append(each)
        for text in texts:
            self.indicators[text] = by_code.get(text) or self._only(text, by_title[text])
        return [each for each in found if each.pk not in known]

    def _units(self, texts: set[str]) -> None:
        if "" in texts:
            tops = list(Unit.objects.filter(kind=UnitKind.MUNICIPALITY, parent=None, until=None))
            self.units[""] = self._only("", tops)
        if not texts - {""}:
            return
        by_code: dict[str, Unit] = {}
        by_number: defaultdict[str, list[Unit]] = defaultdict(list)
        for each in Unit.objects.filter(Q(code__in=texts - {""}) | Q(organisation_number__in=texts - {""})):
            by_code[each.code] = each
            by_number[each.organisation_number].append(each)
        for text in texts - {""}:
            self.units[text] = by_code.get(text) or self._only(text, by_number[text])

    def _only(self, text: str, found: list):
        if len(found) > 1:
            self.doubtful.add(text)
        return found[0] if len(found) == 1 else None

    def _series(self, indicators: list[Indicator]) -> None:
        by_key = {each.pk: each for each in indicators}
        rows = Series.objects.filter(indicator__in=by_key).select_related("unit").order_by("pk")
        kept = {series.pk: series for series in rows if (series.indicator_id, series.unit_id) not in self.series}
        figures = Measurement.objects.filter(series__in=list(kept)).order_by().values_list("series").distinct()
        filled = {key for (key,) in figures}
        for series in kept.values():
            series.indicator = by_key[series.indicator_id]
            self._keep(Place(series, series.unit.path, has_figures=series.pk in filled))

    def _keep(self, place: Place) -> None:
        key = place.series.indicator_id
        self.series[key, place.series.unit_id] = place
        self.at[key, place.path].append(place.series)
        for path in _upwards(place.path):
            self.below[key, path].append(place.series)

    def refusal(self, indicator: str, unit: str) -> Iterable[tuple[str, str]]:
        """Why what a row names cannot be found."""
        if self.indicators[indicator] is None:
            yield from self.refusal_of_indicator(indicator)
        if self.units[unit] is None:
            if unit in self.doubtful or not unit:
                yield "unit", _("It cannot be told which unit it is. Write its code.")
            else:
                yield "unit", _("No unit has the code or organisation number “%(code)s”.") % {"code": unit}

    def refusal_of_indicator(self, indicator: str) -> Iterable[tuple[str, str]]:
        if indicator in self.doubtful:
            yield "indicator", _("Several indicators are called “%(name)s”. Write the code.") % {"name": indicator}
        else:
            yield "indicator", _("No indicator has the code or the title “%(name)s”.") % {"name": indicator}

    def place(self, indicator: Indicator, unit: Unit, start: date) -> Place:
        """The series, or the one that the row would begin; it is not kept before `begin`."""
        found = self.series.get((indicator.pk, unit.pk))
        return found or Place(Series(indicator=indicator, unit=unit, since=start), unit.path, is_begun=False)

    def why_nested(self, place: Place) -> str:
        """Why a new series would count twice; empty where it does not."""
        return nested(place.series) if self._is_nested(place, place.series.since) else ""

    def _is_nested(self, place: Place, since: date) -> bool:
        series, key = place.series, place.series.indicator_id
        if not series.indicator.is_added_up:
            return False
        others = [*self.below[key, place.path], *(each for path in _upwards(place.path) for each in self.at[key, path])]
        return any(each is not series and (each.until is None or each.until >= since) for each in others)

    def begin(self, place: Place) -> None:
        place.is_begun = True
        self._keep(place)

    def begin_earlier(self, place: Place, start: date) -> None:
        """A series that is not written yet begins with its earliest figure, whatever the order of the rows."""
        if start < place.series.since and not self._is_nested(place, start):
            place.series.since = start


def _upwards(path: str) -> Iterable[str]:
    """A path and those above it: "/1/5/" and "/1/"."""
    parts = path.strip("/").split("/")
    return ("/" + "/".join(parts[:count]) + "/" for count in range(len(parts), 0, -1))
