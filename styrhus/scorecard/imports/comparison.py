"""Figures of other municipalities from a file, such as a table of KOSTRA: by indicator, municipality and period."""

import re
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, BATCH, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, text
from styrhus.scorecard.imports.places import FIRST_YEAR, LOADS, Places
from styrhus.scorecard.imports.results import RESULTS, figure, who_and_when
from styrhus.scorecard.imports.undoing import undo_comparison
from styrhus.scorecard.models import Municipality, OthersFigure
from styrhus.scorecard.periods import parse
from styrhus.trail.models import ThisTransaction

NUMBER = re.compile(r"(?:K-|K_)?(\d{4})")


def municipality_text(written: str) -> str:
    """“4601”, also as “4601 Bergen” and “K-4601”, is the number; anything else is a name."""
    told = text(120)(written)
    first = told.split()[0]
    found = NUMBER.fullmatch(first)
    return found[1] if found else told


class ComparisonLoader(Loader):
    """Looks up a batch at a time; of the whole file it remembers the municipalities and which rows it has seen."""

    def __init__(self, mapped: frozenset[str], on: date):
        super().__init__(mapped, on)
        self.places = Places()
        self.municipalities: dict[str, Municipality | None] = {}
        self.doubtful: set[str] = set()
        self.renamed: dict[str, Municipality] = {}
        self.seen: set[tuple[int, str, date]] = set()
        self.signed: list = []

    # -- deciding

    def decide(self, rows):
        fit = [row for row in rows if not row.is_refused]
        self.places.look_up({row["indicator"] for row in fit}, set())
        self._look_up({row["municipality"] for row in fit})
        placed = [row for row in fit if self._put(row)]
        found = self._found(placed)
        for row in placed:
            self._compare(row, found)

    def _look_up(self, texts: set[str]) -> None:
        new = texts - self.municipalities.keys()
        rows = list(Municipality.objects.filter(Q(number__in=new) | Q(name__in=new)))
        for each in new:
            hits = [row for row in rows if each in (row.number, row.name)]
            if len(hits) > 1:
                self.doubtful.add(each)
            self.municipalities[each] = hits[0] if len(hits) == 1 else None

    def _put(self, row: Row) -> bool:
        """Finds the indicator, the municipality and the period; what cannot be found refuses the row."""
        for name, reason in self._refusals(row):
            row.refuse(name, reason)
        indicator = self.places.indicators[row["indicator"]]
        if row.is_refused or indicator is None:
            return False
        try:
            start = parse(row["period"], indicator.frequency)
        except Unfit as unfit:
            row.refuse("period", str(unfit))
            return False
        if start.year < FIRST_YEAR or start > self.on:
            row.refuse("period", _("The period has not begun, or is too long ago."))
            return False
        there = self._municipality(row)
        row.label = f"{row['indicator']}, {there}, {row['period']}"
        key = indicator.pk, there.number, start
        if key in self.seen:
            row.refuse("period", _("The file has another figure for the same indicator, municipality and period."))
            return False
        self.seen.add(key)
        row.thing = (indicator, there, start)
        return True

    def _refusals(self, row: Row):
        if self.places.indicators[row["indicator"]] is None:
            yield from self.places.refusal_of_indicator(row["indicator"])
        written = row["municipality"]
        if written in self.doubtful:
            yield (
                "municipality",
                _("Several municipalities are called “%(name)s”. Write the number.") % {"name": written},
            )
        elif self.municipalities[written] is None and not NUMBER.fullmatch(written):
            yield (
                "municipality",
                _("“%(name)s” is no municipality that is known here. Write its number, with four digits.")
                % {"name": written},
            )

    def _municipality(self, row: Row) -> Municipality:
        """The one that the row names; a number that is new begins one."""
        written = row["municipality"]
        there = self.municipalities[written]
        if there is None:
            there = Municipality(number=written, name=row["name"] or written, kostra_group=row["kostra_group"] or "")
            self.municipalities[written] = there
        return there

    def _found(self, rows: list[Row]) -> dict:
        """(indicator, municipality, first day) → the figure that stands."""
        indicators = {row.thing[0].pk for row in rows}
        starts = {row.thing[2] for row in rows}
        municipalities = {row.thing[1].pk for row in rows} - {None}
        standing = OthersFigure.objects.filter(
            indicator__in=indicators, start__in=starts, municipality__in=municipalities, replaced_in=None
        )
        return {(each.indicator_id, each.municipality_id, each.start): each for each in standing}

    def _compare(self, row: Row, found: dict) -> None:
        indicator, there, start = row.thing
        stands = found.get((indicator.pk, there.pk, start)) if there.pk else None
        row.thing = (indicator, there, start, stands)
        changes = self._words_changed(row, there)
        if stands is None:
            row.add()
            return
        source = row["source"] or "" if "source" in self.mapped else stands.source
        pairs = (("value", stands.value, row["value"]), ("source", stands.source, source))
        row.change(changes | {name: (was, now) for name, was, now in pairs if was != now})

    def _words_changed(self, row: Row, there: Municipality) -> dict:
        """A new name or KOSTRA group of a municipality, as the file says it."""
        said = {name: row[name] for name in ("name", "kostra_group") if row[name]}
        changes = {name: (getattr(there, name), now) for name, now in said.items() if getattr(there, name) != now}
        for name, (_was, now) in changes.items():
            setattr(there, name, now)
            self.renamed[there.number] = there
        return changes

    # -- writing

    def write(self, rows):
        kept = [row for row in rows if row.outcome in (ADDED, CHANGED)]
        if not kept:
            return
        self.signed = self.signed or who_and_when()
        by, at = self.signed
        self._write_municipalities(kept)
        written = [row for row in kept if row.thing[3] is None or {"value", "source"} & row.changes.keys()]
        old = [row.thing[3].pk for row in written if row.thing[3]]
        OthersFigure.objects.filter(pk__in=old).update(replaced_at=at, replaced_in=ThisTransaction())
        OthersFigure.objects.bulk_create((self._new(row, by) for row in written), batch_size=BATCH)

    def _new(self, row: Row, by: int | None) -> OthersFigure:
        indicator, there, start, stands = row.thing
        source = row["source"] if "source" in self.mapped or stands is None else stands.source
        return OthersFigure(
            indicator=indicator, municipality=there, start=start, value=row["value"], source=source or "", by_id=by
        )

    def _write_municipalities(self, rows: list[Row]) -> None:
        new = {row.thing[1].number: row.thing[1] for row in rows if row.thing[1].pk is None}
        Municipality.objects.bulk_create(new.values())
        changed = [each for number, each in self.renamed.items() if number not in new]
        Municipality.objects.bulk_update(changed, ["name", "kostra_group"])
        self.renamed = {}


def _synonyms(name: str) -> tuple[str, ...]:
    return RESULTS.field(name).synonyms


COMPARISON = Kind(
    "comparison",
    gettext_lazy("Figures of other municipalities"),
    gettext_lazy(
        "Figures to compare with, such as a table of KOSTRA from SSB, also as JSON-stat: by indicator, municipality "
        "and period. Municipalities that are not known are added with the number that the file gives."
    ),
    (
        Field(
            "indicator",
            gettext_lazy("Indicator"),
            text(250),
            one_for_all=True,
            required=True,
            help=gettext_lazy("Its code, or its title exactly."),
            synonyms=_synonyms("indicator"),
        ),
        Field(
            "municipality",
            gettext_lazy("Municipality"),
            municipality_text,
            one_for_all=True,
            required=True,
            help=gettext_lazy("Its number of four digits, or the name of one that is known."),
            synonyms=(
                "kommune",
                "kommunenummer",
                "kommunenr",
                "knr",
                "municipality number",
                "region",
                "geo",
                "regionkode",
            ),
        ),
        Field(
            "name",
            gettext_lazy("Name of the municipality"),
            text(120),
            synonyms=(
                "kommunenavn",
                "kommunenamn",
                "navn",
                "region.label",
                "kommune.label",
                "geo.label",
                "kommuneregion.label",
            ),
        ),
        Field("kostra_group", gettext_lazy("KOSTRA group"), text(40), synonyms=("kostragruppe", "kostragr")),
        Field(
            "period",
            gettext_lazy("Period"),
            text(40),
            one_for_all=True,
            required=True,
            help=gettext_lazy("Such as 2026, 2026K1, 2. tertial 2026, 2026M03 or mars 2026."),
            synonyms=_synonyms("period"),
        ),
        Field("value", gettext_lazy("Value"), figure, required=True, summed=True, synonyms=_synonyms("value")),
        Field("source", gettext_lazy("Source"), text(120), synonyms=_synonyms("source")),
    ),
    ComparisonLoader,
    permission=LOADS,
    undo=undo_comparison,
)
