"""Figures from a file: by indicator, unit and period. A row may begin a series; a corrected figure keeps the old."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import batched
from operator import attrgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, decimal, text, whole_number, yes_no
from styrhus.scorecard.checks import ROOM, Figure, faults, people_behind
from styrhus.scorecard.imports.places import FIRST_YEAR, LOADS, Place, Places, Reach
from styrhus.scorecard.imports.undoing import undo_results
from styrhus.scorecard.models import Series
from styrhus.scorecard.operations.measurements import FIGURES, outside
from styrhus.scorecard.operations.withholding import withhold
from styrhus.scorecard.periods import Frequency, parse

SIX_PLACES = Decimal("0.000001")
MOST_PEOPLE = 2_147_483_647
WITHHELD_AT_ONCE = 500
# What stood before the load is asked for the leap: what the load has replaced is among it, what it has written is not.
FOUND = """
    SELECT asked.series, asked.start, stands.id, stands.value, stands.numerator, stands.denominator, stands.weight,
        stands.respondents, stands.note, stands.source, last.value, last.numerator, last.denominator
    FROM unnest(%s::bigint[], %s::date[]) AS asked (series, start)
    LEFT JOIN scorecard_measurement stands
        ON stands.series_id = asked.series AND stands.start = asked.start AND stands.replaced_in IS NULL
    LEFT JOIN LATERAL (
        SELECT figure.value, figure.numerator, figure.denominator FROM scorecard_measurement figure
        WHERE figure.series_id = asked.series AND figure.start < asked.start
            AND figure.written_in <> pg_current_xact_id()::text::bigint
            AND (figure.replaced_in IS NULL OR figure.replaced_in = pg_current_xact_id()::text::bigint)
        ORDER BY figure.start DESC LIMIT 1
    ) last ON true
"""
REPLACE = """
    UPDATE scorecard_measurement SET replaced_at = now(), replaced_in = pg_current_xact_id()::text::bigint
    WHERE id = ANY(%s) AND replaced_in IS NULL
"""
COLUMNS = ("series_id", "start", *FIGURES, "by_id", "at")
COPY = f"COPY scorecard_measurement ({', '.join(COLUMNS)}) FROM STDIN"
parts_of = attrgetter(*FIGURES)


def figure(written: str) -> Decimal:
    """A number with at most six decimals: more of them are rounded away, so that the same file is the same again."""
    number = decimal(written)
    if abs(number) >= ROOM:
        raise Unfit(_("The figure is larger than can be kept."))
    return number if number.as_tuple().exponent >= -6 else number.quantize(SIX_PLACES)  # type: ignore[operator]


def people(written: str) -> int:
    count = whole_number(written)
    if not 0 <= count <= MOST_PEOPLE:
        raise Unfit(_("“%(text)s” is not a number of people.") % {"text": written})
    return count


def said_by_heading(column: str) -> dict[str, str] | None:
    """A column that is a period of its own: “2024”, “2024K1”, “mars 2024”."""
    for frequency in Frequency:
        with suppress(Unfit):
            parse(column, frequency)
            return {"period": column}
    return None


class ResultLoader(Loader):
    """Looks up a batch of figures at a time; of the whole file it remembers something of each series only."""

    def __init__(self, mapped: frozenset[str], on: date):
        super().__init__(mapped, on)
        self.places, self.reach = Places(), Reach()
        self.periods: dict[tuple[str, str], date | str] = {}
        self.touched: dict = {}
        self.signed: list = []

    # -- deciding

    def decide(self, rows):
        self.places.look_up({row["indicator"] for row in rows} - {None}, {row["unit"] or "" for row in rows})
        placed = [row for row in rows if not row.is_refused and self._put(row)]
        found = self._found(placed)
        for row in placed:
            self._decide(row, found)

    def _put(self, row: Row) -> bool:
        """Finds the place and the period of a row; what cannot be found refuses it."""
        indicator, unit = self.places.indicators[row["indicator"]], self.places.units[row["unit"] or ""]
        row.label = f"{row['indicator']}, {unit.name if unit else row['unit']}, {row['period']}"
        if indicator is None or unit is None:
            for name, reason in self.places.refusal(row["indicator"], row["unit"] or ""):
                row.refuse(name, reason)
            return False
        if reason := self.reach.refusal(unit):
            row.refuse("unit", reason)
            return False
        start = self._start(row["period"], indicator.frequency)
        if isinstance(start, str):
            row.refuse("period", start)
            return False
        place = self.places.place(indicator, unit, start)
        row.thing = (place, start)
        return True

    def _start(self, written: str, frequency: str) -> date | str:
        key = written, frequency
        if key not in self.periods:
            try:
                start = parse(written, frequency)
                self.periods[key] = start if start.year >= FIRST_YEAR else _("That is too long ago.")
            except Unfit as unfit:
                self.periods[key] = str(unfit)
        return self.periods[key]

    def _found(self, rows: list[Row]) -> dict:
        """(series, first day) → the figure that stands and the parts of the one before; only where there are any."""
        asked = [(place.series.pk, start) for place, start in (row.thing for row in rows) if place.has_figures]
        if not asked:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(FOUND, [[series for series, _start in asked], [start for _series, start in asked]])
            return {
                (series, start): (key, tuple(more[:7]), more[7:]) for series, start, key, *more in cursor.fetchall()
            }

    def _decide(self, row: Row, found: dict) -> None:
        place, start = row.thing
        # An earlier row of the batch may have begun it meanwhile.
        series = place.series
        place = self.places.series.get((series.indicator_id, series.unit_id), place)
        key, stands, before = found.get((place.series.pk, start), (None, None, None))
        written = self._figure(row, start, stands if key else None)
        for name, reason in self._faults(row, place, written, before):
            row.refuse({"start": "period", "note": "comment"}.get(name, name), reason)
        if row.is_refused:
            return
        row.thing = (place, written, key)
        self._remember(place, written)
        self._compare(row, place, written, stands if key else None)

    def _figure(self, row: Row, start: date, stands: tuple | None) -> Figure:
        parts: dict[str, Any] = {name: row.values.get("comment" if name == "note" else name) for name in FIGURES}
        if stands:
            # What the file does not speak of stays as it is.
            parts |= {name: stands[FIGURES.index(name)] for name in self.silent}
        parts["note"], parts["source"] = parts["note"] or "", parts["source"] or ""
        return Figure(start, **parts)

    @property
    def silent(self) -> list[str]:
        kept = ("weight", "respondents", "note", "source")
        return [name for name in kept if ("comment" if name == "note" else name) not in self.mapped]

    def _faults(self, row: Row, place: Place, written: Figure, before: tuple | None) -> Iterable[tuple[str, str]]:
        indicator = place.series.indicator
        if not place.is_begun and (reason := self.places.why_nested(place)):
            yield "unit", reason
            return
        yield from outside(place.series, written.start)
        last = self._last(place, written.start, before)
        yield from faults(indicator, written, on=self.on, last=last, sure=bool(row["confirmed"]))
        if not row.is_refused and place.repeats(written.start):
            yield "period", _("The file has another figure for the same indicator, unit and period.")

    def _last(self, place: Place, start: date, before: tuple | None) -> Decimal | None:
        """The amount before it: of the file where that goes before, else of what stood."""
        if place.last_start and place.last_start < start:
            return place.last_amount
        if not before or all(part is None for part in before):
            return None
        return Figure(start, *before).amount(place.series.indicator)

    def _remember(self, place: Place, written: Figure) -> None:
        if not place.is_begun:
            self.places.begin(place)
        elif place.series.pk is None:
            self.places.begin_earlier(place, written.start)
        place.last_start, place.last_amount = written.start, written.amount(place.series.indicator)

    def _compare(self, row: Row, place: Place, written: Figure, stands: tuple | None) -> None:
        if stands is None:
            row.add()
            return
        now = _kept(place, written)
        names = ["comment" if name == "note" else name for name in FIGURES]
        pairs = zip(names, stands, now, strict=True)
        row.change({name: (was, new) for name, was, new in pairs if was != new})

    # -- writing

    def write(self, rows):
        kept = [row.thing for row in rows if row.outcome in (ADDED, CHANGED)]
        if not kept:
            return
        if not self.signed:
            self.signed = who_and_when()
        self._begin([place for place, _written, _key in kept])
        self._replace([key for _place, _written, key in kept if key])
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for place, written, _key in kept:
                copy.write_row([place.series.pk, written.start, *_kept(place, written), *self.signed])
        for place, written, _key in kept:
            indicator = place.series.indicator
            if indicator.min_respondents:
                self.touched[indicator.pk, written.start] = indicator

    def _begin(self, places: list[Place]) -> None:
        new = {id(place): place.series for place in places if place.series.pk is None}
        Series.objects.bulk_create(new.values())

    def _replace(self, keys: list[int]) -> None:
        if not keys:
            return
        with connection.cursor() as cursor:
            cursor.execute(REPLACE, [keys])

    def finish(self):
        for some in batched(sorted(self.touched), WITHHELD_AT_ONCE):
            withhold((self.touched[key, start], start) for key, start in some)


def _kept(place: Place, written: Figure) -> tuple:
    parts = list(parts_of(written))
    parts[FIGURES.index("respondents")] = people_behind(place.series.indicator, written)
    return tuple(parts)


def who_and_when() -> list:
    """The one who acts on this connection, and the moment that the load is known by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('styrhus.actor', true), '')::bigint, now()")
        return list(cursor.fetchone())


RESULTS = Kind(
    "results",
    gettext_lazy("Results"),
    gettext_lazy(
        "Figures of indicators by unit and period, also as JSON-stat from SSB. A figure that differs is corrected, and "
        "the old one is kept."
    ),
    (
        Field(
            "indicator",
            gettext_lazy("Indicator"),
            text(250),
            one_for_all=True,
            required=True,
            help=gettext_lazy("Its code, or its title exactly."),
            synonyms=(
                "indikator",
                "indicator code",
                "indikatorkode",
                "nøkkeltall",
                "styringsindikator",
                "statistikkvariabel",
                "contentscode",
                "metric",
            ),
        ),
        Field(
            "unit",
            gettext_lazy("Unit"),
            text(40),
            one_for_all=True,
            help=gettext_lazy("Its code or organisation number; empty for the municipality."),
            synonyms=(
                "enhet",
                "unit code",
                "enhetskode",
                "eining",
                "region",
                "geo",
                "geocode",
                "orgnr",
                "organisasjonsnummer",
                "organisation number",
            ),
        ),
        Field(
            "period",
            gettext_lazy("Period"),
            text(40),
            one_for_all=True,
            required=True,
            help=gettext_lazy("Such as 2026, 2026K1, 2. tertial 2026, 2026M03 or mars 2026."),
            synonyms=(
                "periode",
                "year",
                "år",
                "aar",
                "time",
                "tid",
                "month",
                "måned",
                "månad",
                "quarter",
                "kvartal",
                "tertial",
            ),
        ),
        Field(
            "value",
            gettext_lazy("Value"),
            figure,
            summed=True,
            synonyms=("verdi", "figure", "resultat", "tall"),
            heading=said_by_heading,
        ),
        Field("numerator", gettext_lazy("Numerator"), figure, summed=True, synonyms=("teller", "teljar")),
        Field("denominator", gettext_lazy("Denominator"), figure, summed=True, synonyms=("nevner", "nemnar")),
        Field("weight", gettext_lazy("Weight"), figure, synonyms=("vekt",)),
        Field(
            "respondents",
            gettext_lazy("People behind the figure"),
            people,
            synonyms=("antall svar", "svar", "respondenter", "antall respondenter", "talet på svar", "n"),
        ),
        Field("comment", gettext_lazy("Comment"), text(2_000), synonyms=("kommentar", "merknad", "note")),
        Field("source", gettext_lazy("Source"), text(120), synonyms=("kilde", "kjelde")),
        Field(
            "confirmed",
            gettext_lazy("A leap is meant"),
            yes_no,
            help=gettext_lazy("No or yes: the figure is right, though far from the last one."),
            synonyms=("sure", "bekreftet", "stadfesta"),
        ),
    ),
    ResultLoader,
    permission=LOADS,
    undo=undo_results,
)
