"""The tree of units from a file."""

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import choice, organisation_number, text
from styrhus.organisation.imports.rows import (
    BATCH,
    SINCE,
    UNTIL,
    code,
    differences,
    refuse_backwards,
    refuse_repeated,
    sound,
)
from styrhus.organisation.models import Unit, UnitKind

# What a unit is when the file does not say, by how deep it lies.
KIND_BY_DEPTH = (UnitKind.MUNICIPALITY, UnitKind.SERVICE_AREA, UnitKind.OPERATING_UNIT, UnitKind.DEPARTMENT)
# The path of a unit has room for this many levels, whatever its numbers are.
DEEPEST = 20


def parent_code(written: str) -> str | None:
    """Some systems write 0 where there is none."""
    return None if written.strip() == "0" else code(written)


class UnitLoader(Loader):
    """The tree. Sees all rows at once: a parent may come after its child, and a ring is made by many rows together."""

    def decide(self, rows):
        refuse_repeated(rows, "code")
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.there = {unit.code: unit for unit in self.units.values() if unit.code}
        self.rows: dict[str, Row] = {}
        for row in rows:
            row.label = f"{row['name'] or ''} ({row['code'] or '–'})"
            self.rows.setdefault(row["code"], row)
        # A place is the unit's own number, or its code while it has none yet; the file's word goes before the base's.
        self.over: dict[int | str, int | str | None] = {pk: unit.parent_id for pk, unit in self.units.items()}
        for row in sound(rows):
            self._place(row)
        for row in sound(rows):
            self._refuse_ring(row)
        for row in sorted(sound(rows), key=lambda row: self.depth(self.key(row["code"]))):
            self._refuse_after_parent(row)
            self._decide(row)

    def key(self, unit_code: str) -> int | str:
        return self.there[unit_code].pk if unit_code in self.there else unit_code

    def _place(self, row: Row) -> None:
        above = row["parent"]
        if above is not None and above not in self.rows and above not in self.there:
            row.refuse("parent", _("No unit has the code “%(code)s”, here or in the file.") % {"code": above})
            return
        if "parent" in self.mapped or row["code"] not in self.there:
            self.over[self.key(row["code"])] = None if above is None else self.key(above)

    def way_up(self, key) -> list[int | str]:
        """From a place to the top, or until it meets itself."""
        way = [key]
        while (above := self.over.get(way[-1])) is not None and above not in way[:-1]:
            way.append(above)
        return way if above is None else [*way, above]

    def depth(self, key) -> int:
        return len(self.way_up(key)) - 1

    def _refuse_ring(self, row: Row) -> None:
        key = self.key(row["code"])
        way = self.way_up(key)
        if len(way) > 1 and way[-1] == key:
            ring = " → ".join(self.code_of(each) for each in way)
            row.refuse("parent", _("The unit would lie under itself: %(ring)s.") % {"ring": ring})
        elif len(way) > DEEPEST:
            row.refuse("parent", _("The unit lies deeper than %(levels)s levels.") % {"levels": DEEPEST})

    def code_of(self, key) -> str:
        return self.units[key].code if key in self.units else str(key or "")

    def _refuse_after_parent(self, row: Row) -> None:
        above = self.over[self.key(row["code"])]
        over = self.rows.get(self.code_of(above)) if above is not None else None
        if over and over.is_refused and above not in self.units:
            row.refuse("parent", _("The unit it is part of is refused, on line %(line)s.") % {"line": over.line})
        self._refuse_outliving(row, above)

    def _refuse_outliving(self, row: Row, above) -> None:
        refuse_backwards(row, self.since_of(row), self.until(self.key(row["code"])))
        if above is not None and outlives(self.until(self.key(row["code"])), self.until(above)):
            row.refuse(
                "until",
                _("The unit outlives the one it is part of, which ends on %(date)s.") % {"date": self.until(above)},
            )
        left = self.there.get(row["code"])
        for below in self.below(left) if left and "until" in self.mapped else ():
            if below.code not in self.rows and outlives(below.until, row["until"]):
                row.refuse("until", _("“%(unit)s” lies under it and lasts longer.") % {"unit": below.name})

    def below(self, unit: Unit) -> list[Unit]:
        if not hasattr(self, "_below"):
            self._below: defaultdict[int | None, list[Unit]] = defaultdict(list)
            for each in self.units.values():
                self._below[each.parent_id].append(each)
        return self._below[unit.pk]

    def until(self, key) -> date | None:
        """The last day of a place, by the file where it speaks of it."""
        row = self.rows.get(self.code_of(key))
        there = self.units.get(key)
        return row["until"] if row and (not there or "until" in self.mapped) else there.until if there else None

    def since_of(self, row: Row) -> date:
        there = self.there.get(row["code"])
        return row["since"] or (there.since if there else self.on)

    def _decide(self, row: Row) -> None:
        if row.is_refused:
            return
        key = self.key(row["code"])
        row.thing = self.depth(key)
        if row["code"] not in self.there:
            row.add()
            return
        unit = self.there[row["code"]]
        changes = differences(unit, self.wanted(row))
        if unit.parent_id != (above := self.over[key]):
            changes["parent"] = (self.code_of(unit.parent_id), self.code_of(above))
        row.change(changes)

    def wanted(self, row: Row) -> dict[str, Any]:
        """What the file says of the unit itself; where it says nothing of name, kind and first day they stay."""
        said = {name: row[name] for name in ("name", "kind", "since") if row[name] is not None}
        if "organisation_number" in self.mapped:
            said["organisation_number"] = row["organisation_number"] or ""
        if "until" in self.mapped:
            said["until"] = row["until"]
        return said

    def write(self, rows):
        """From the top down: a unit is placed under one that already lies where it is to lie."""
        written = sorted((row for row in rows if row.outcome in (ADDED, CHANGED)), key=lambda row: row.thing)
        for depth, level in groupby(written, key=lambda row: row.thing):
            rows_here = list(level)
            self._create([row for row in rows_here if row.outcome == ADDED], depth)
            self._update([row for row in rows_here if row.outcome == CHANGED])

    def _create(self, rows: list[Row], depth: int) -> None:
        default = KIND_BY_DEPTH[min(depth, len(KIND_BY_DEPTH) - 1)]
        units = [
            Unit(**{"kind": default, "since": self.on} | self.wanted(row), code=row["code"], parent_id=self._above(row))
            for row in rows
        ]
        for unit in Unit.objects.bulk_create(units, batch_size=BATCH):
            self.there[unit.code] = self.units[unit.pk] = unit

    def _above(self, row: Row) -> Any:
        over = self.over
        above = over[row["code"]] if row["code"] in over else over[self.key(row["code"])]
        return self.there[above].pk if isinstance(above, str) else above

    def _update(self, rows: list[Row]) -> None:
        for row in rows:
            unit = self.there[row["code"]]
            unit.parent_id = self._above(row)
            for name, value in self.wanted(row).items():
                setattr(unit, name, value)
        changed = sorted({name for row in rows for name in row.changes})
        if rows:
            Unit.objects.bulk_update([self.there[row["code"]] for row in rows], changed, batch_size=BATCH)


def outlives(until: date | None, above: date | None) -> bool:
    return above is not None and (until is None or until > above)


ORGANISATION = Kind(
    "organisation",
    gettext_lazy("Units"),
    gettext_lazy("The tree of units. Units that are not in the file stay as they are."),
    (
        Field(
            "code",
            gettext_lazy("Code"),
            code,
            required=True,
            synonyms=("id", "kode", "enhetskode", "orgkode", "tailid"),
        ),
        Field(
            "name",
            gettext_lazy("Name"),
            text(300),
            required=True,
            synonyms=("navn", "enhetsnavn", "name_nb", "unit name"),
        ),
        Field(
            "kind",
            gettext_lazy("Kind"),
            choice(UnitKind.choices),
            help=gettext_lazy("Without it: by how deep the unit lies."),
            synonyms=("type", "enhetstype"),
        ),
        Field(
            "parent",
            gettext_lazy("Part of"),
            parent_code,
            help=gettext_lazy("The code of the unit above. Empty or 0: at the top."),
            synonyms=("parent code", "parentid", "overordnet", "overordnet kode", "forelder"),
        ),
        Field(
            "organisation_number",
            gettext_lazy("Organisation number"),
            organisation_number,
            synonyms=("orgnr", "orgid", "organisasjonsnr"),
        ),
        SINCE,
        UNTIL,
    ),
    UnitLoader,
    whole=True,
)
