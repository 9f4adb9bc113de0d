"""Indicators from a file, each found again by its code. What the file has no column for is never changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.copying import copy_rows
from styrhus.items.models import Event, Item
from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, choice, text, whole_number
from styrhus.organisation.models import Position, Unit, UnitKind
from styrhus.scorecard.imports.places import LOADS, Reach
from styrhus.scorecard.imports.results import figure
from styrhus.scorecard.models import Aggregation, FocusArea, Indicator, Series
from styrhus.scorecard.periods import Frequency
from styrhus.scorecard.status import Direction

BATCH = 500
SHARED = ("title", "unit_id", "responsible_id")
OWN = (
    *("definition", "measured_in", "direction", "frequency", "decimals", "source", "aggregation", "numerator"),
    *("denominator", "factor", "weight", "tolerance", "min_respondents", "focus_area_id"),
)
# What a new indicator cannot do without.
NEEDED = ("title", "measured_in", "aggregation")
# What figures that are there already have been read by.
FIXED_BY_FIGURES = ("aggregation", "frequency")
# What is found by a code or a name: field → column of the table.
KEYS = {"unit": "unit_id", "responsible": "responsible_id", "focus_area": "focus_area_id"}
EMPTY = {"definition": "", "source": "", "numerator": "", "denominator": "", "weight": ""}


def decimals(written: str) -> int:
    count = whole_number(written)
    if not 0 <= count <= 6:
        raise Unfit(_("Write how many decimals: 0 to 6."))
    return count


def least_group(written: str) -> int:
    count = whole_number(written)
    if not 2 <= count <= 32_767:
        raise Unfit(_("Write how many people there must be behind a figure: 2 or more."))
    return count


class IndicatorLoader(Loader):
    """New ones are put to use at once: who loads a whole scorecard has made it already."""

    def __init__(self, mapped, on):
        super().__init__(mapped, on)
        self.reach = Reach()
        self.seen: set = set()

    def decide(self, rows):
        codes = {row["code"] for row in rows}
        self.there = {each.code: each for each in Indicator.objects.filter(code__in=codes - {None})}
        keys = [each.pk for each in self.there.values()]
        self.measured = set(Series.objects.filter(indicator__in=keys).values_list("indicator", flat=True))
        self._look_up(rows)
        for row in rows:
            row.label = f"{row['title'] or ''} ({row['code'] or '–'})"
            if not row.is_refused:
                self._decide(row)

    def _look_up(self, rows: list[Row]) -> None:
        asked = {name: {row[name] for row in rows} - {None} for name in KEYS}
        on = timezone.localdate()
        units = Unit.objects.filter(Q(until=None) | Q(until__gte=on))
        positions = Position.objects.filter(Q(until=None) | Q(until__gte=on))
        self.found: dict[str, dict[Any, int]] = {
            "unit": dict(units.filter(code__in=asked["unit"]).values_list("code", "pk")),
            "responsible": dict(positions.filter(code__in=asked["responsible"]).values_list("code", "pk")),
            "focus_area": dict(FocusArea.objects.of_year(on.year).values_list("name", "pk")),
        }
        tops = list(units.filter(kind=UnitKind.MUNICIPALITY, parent=None).values_list("pk", flat=True))
        self.found["unit"] |= {None: tops[0]} if len(tops) == 1 else {}
        there = {each.unit_id for each in self.there.values()}
        self.units = Unit.objects.in_bulk({*self.found["unit"].values(), *there})
        leading = positions.filter(leads=True, unit__in=self.units)
        self.leaders: dict[int, int] = dict(leading.values_list("unit", "pk"))

    def _decide(self, row: Row) -> None:
        there = row.thing = self.there.get(row["code"])
        if row["code"] in self.seen:
            row.refuse("code", _("The file has another row with this code."))
        self.seen.add(row["code"])
        self._refuse_unknown(row)
        for name in NEEDED:
            if there is None and row[name] is None:
                row.refuse(name, _("A new indicator needs it."))
        if row.is_refused:
            return
        wanted = self.wanted(row)
        changes = {name: (was, now) for name, now in wanted.items() if there and (was := getattr(there, name)) != now}
        self._refuse_beyond(row, {wanted["unit_id"]} if "unit_id" in wanted else set())
        self._refuse_beyond(row, {there.unit_id} if there else set())
        self._refuse_of_figures(row, there, changes)
        self._refuse_unsound(row, wanted)
        if not row.is_refused:
            row.thing = (there, wanted)
            row.change({_field_of(name): pair for name, pair in changes.items()}) if there else row.add()

    def _refuse_unknown(self, row: Row) -> None:
        words = {
            "unit": _("No unit has the code “%(code)s”."),
            "responsible": _("No position has the code “%(code)s”."),
            "focus_area": _("There is no focus area “%(code)s” this year."),
        }
        for name, found in self.found.items():
            if row[name] is not None and row[name] not in found:
                row.refuse(name, words[name] % {"code": row[name]})
        if row["unit"] is None and None not in self.found["unit"] and row.thing is None:
            row.refuse("unit", _("It cannot be told which unit it is. Write its code."))

    def wanted(self, row: Row) -> dict[str, Any]:
        """What the indicator will say, by the columns of its table: what the file says, and of a new one its unit."""
        said = {name: row[name] for name in (*SHARED, *OWN) if row[name] is not None}
        said |= {name: empty for name, empty in EMPTY.items() if name in self.mapped and row[name] is None}
        said |= {"min_respondents": row["min_respondents"]} if "min_respondents" in self.mapped else {}
        said |= {KEYS[name]: found[row[name]] for name, found in self.found.items() if row[name] is not None}
        if row.thing:
            return said
        unit = self.found["unit"][row["unit"]]
        return {"unit_id": unit, "code": row["code"], "responsible_id": self.leaders.get(unit)} | said

    def _refuse_of_figures(self, row: Row, there: Indicator | None, changes: dict) -> None:
        for name in FIXED_BY_FIGURES:
            if there and name in changes and there.pk in self.measured:
                row.refuse(name, _("It has figures already, and they are read by this. Make a new indicator instead."))

    def _refuse_beyond(self, row: Row, units: set[int]) -> None:
        for reason in filter(None, (self.reach.refusal(self.units[unit]) for unit in units)):
            row.refuse("unit", reason)

    def _refuse_unsound(self, row: Row, wanted: dict[str, Any]) -> None:
        """What the rule of adding up asks for, as in the form."""
        own = {name: getattr(row.thing, name) for name in OWN} if row.thing else {}
        if row.thing is None and not wanted["responsible_id"]:
            row.refuse("responsible", _("Nobody leads the unit. Write the position number of who answers for it."))
        try:
            Indicator(**own | wanted).clean()
        except ValidationError as error:
            for name, reasons in error.message_dict.items():
                row.refuse(name, " ".join(reasons))
        factor, tolerance = wanted.get("factor"), wanted.get("tolerance")
        if factor is not None and factor <= 0:
            row.refuse("factor", _("Write a number above zero, such as 100 for a percentage."))
        if tolerance is not None and tolerance < 0:
            row.refuse("tolerance", _("It cannot be less than nothing."))

    def write(self, rows):
        added = [row.thing[1] for row in rows if row.outcome == ADDED]
        changed = [row.thing for row in rows if row.outcome == CHANGED]
        copy_rows(Indicator, ({"state": Indicator.IN_USE} | wanted for wanted in added))
        codes = [wanted["code"] for wanted in added]
        keys = Indicator.objects.filter(code__in=codes).values_list("pk", flat=True)
        events = [Event(item_id=pk, step="create", target=Indicator.IN_USE) for pk in keys]
        Event.objects.bulk_create(events, batch_size=BATCH)
        self._update(changed)

    def _update(self, changed: list[tuple[Indicator, dict[str, Any]]]) -> None:
        if not changed:
            return
        for there, wanted in changed:
            for name, value in wanted.items():
                setattr(there, name, value)
        columns = {name.removesuffix("_id") for _there, wanted in changed for name in wanted}
        Indicator.objects.bulk_update([there for there, _wanted in changed], sorted(columns), batch_size=BATCH)
        keys = [there.pk for there, _wanted in changed]
        # Whoever has one of them open is told that it has changed.
        Item.objects.filter(pk__in=keys).update(version=F("version") + 1, updated=timezone.now())


def _field_of(column: str) -> str:
    return next((name for name, key in KEYS.items() if key == column), column)


INDICATORS = Kind(
    "indicators",
    gettext_lazy("Indicators"),
    gettext_lazy("What is measured, and how it is added up. Indicators that are not in the file stay."),
    (
        Field("code", gettext_lazy("Code"), text(60), required=True, synonyms=("kode", "indikatorkode", "id")),
        Field("title", gettext_lazy("Title"), text(250), synonyms=("tittel", "navn", "name", "indikator")),
        Field("definition", gettext_lazy("Definition"), text(4_000), synonyms=("definisjon", "beskrivelse")),
        Field(
            "measured_in", gettext_lazy("Unit of measure"), text(40), synonyms=("måleenhet", "måleeining", "benevning")
        ),
        Field("direction", gettext_lazy("Direction"), choice(Direction.choices), synonyms=("retning",)),
        Field("frequency", gettext_lazy("How often"), choice(Frequency.choices), synonyms=("frekvens", "frequency")),
        Field("decimals", gettext_lazy("Decimals"), decimals, synonyms=("desimaler", "desimalar")),
        Field("source", gettext_lazy("Source"), text(120), synonyms=("kilde", "kjelde")),
        Field(
            "aggregation",
            gettext_lazy("How units are added up"),
            choice(Aggregation.choices),
            help=gettext_lazy("ratio, sum, weighted_mean, latest or none."),
            synonyms=("aggregering", "aggregation"),
        ),
        Field("numerator", gettext_lazy("Numerator"), text(120), synonyms=("teller", "teljar")),
        Field("denominator", gettext_lazy("Denominator"), text(120), synonyms=("nevner", "nemnar")),
        Field("factor", gettext_lazy("Times"), figure, synonyms=("faktor", "ganges med")),
        Field("weight", gettext_lazy("Weight"), text(120), synonyms=("vekt",)),
        Field("tolerance", gettext_lazy("Tolerance"), figure, synonyms=("toleranse",)),
        Field(
            "min_respondents",
            gettext_lazy("Fewest people behind a figure"),
            least_group,
            synonyms=("minste antall", "minste antall svar"),
        ),
        Field("focus_area", gettext_lazy("Focus area"), text(80), synonyms=("fokusområde", "perspektiv")),
        Field(
            "unit",
            gettext_lazy("Unit"),
            text(40),
            help=gettext_lazy("The code of the unit that answers for it; empty for the municipality."),
            synonyms=("enhet", "enhetskode", "eining"),
        ),
        Field(
            "responsible",
            gettext_lazy("Responsible position"),
            text(40),
            help=gettext_lazy("Its position number; empty in a new one for who leads the unit."),
            synonyms=("ansvarlig", "stillingsnummer", "ansvarleg"),
        ),
    ),
    IndicatorLoader,
    permission=LOADS,
)
