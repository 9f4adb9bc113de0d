"""Positions and their roles from a file."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, choice, text, whole_number, yes_no
from styrhus.organisation.imports.rows import (
    BATCH,
    SINCE,
    UNTIL,
    all_with,
    code,
    differences,
    refuse_backwards,
    refuse_repeated,
    sound,
)
from styrhus.organisation.models import Position, PositionRole, Unit
from styrhus.organisation.roles import FIELDS, ROLES

HIGHEST_LEVEL = 99

role_code = choice([(role.code, role.label) for role in ROLES.values()])
field_code = choice(FIELDS)


def role_list(written: str) -> list[tuple[str, str, str]]:
    """“unit_manager, controller:U100:economy” as (role, code of the unit it reaches, field)."""
    return [_role(part) for part in written.split(",") if part.strip()]


def _role(written: str) -> tuple[str, str, str]:
    role, reach, its_field, *more = [*(part.strip() for part in written.split(":")), "", ""]
    if any(more):
        raise Unfit(_("“%(text)s” is not a role. Write role:unit:field.") % {"text": written})
    its_role = ROLES[role_code(role)]
    # A role that acts in a field only has the one it is made for when none is said.
    proposed = its_role.fields[0] if its_role.needs_field else ""
    return its_role.code, reach and code(reach), field_code(its_field) if its_field else proposed


def authority_level(written: str) -> int:
    level = whole_number(written)
    if not 1 <= level <= HIGHEST_LEVEL:
        raise Unfit(_("“%(text)s” is not an authority level: write 1, 2 and so on.") % {"text": written})
    return level


class PositionLoader(Loader):
    """Positions and the roles they carry. A column of roles holds all of them: what it does not name is taken away."""

    def decide(self, rows):
        refuse_repeated(rows, "code")
        found = Position.objects.filter(code__in=all_with(rows, "code"))
        self.there = {each.code: each for each in found.select_related("unit")}
        self.units = {each.code: each for each in Unit.objects.filter(code__in=self._unit_codes(rows))}
        self.roles: defaultdict[int, set[tuple]] = defaultdict(set)
        held = PositionRole.objects.filter(position__in=[each.pk for each in self.there.values()])
        for position, *role in held.values_list("position", "role", "reach", "field"):
            self.roles[position].add(tuple(role))
        for row in rows:
            row.label = f"{row['title'] or ''} ({row['code'] or '–'})"
        for row in sound(rows):
            self._refuse_unknown(row)
        self._refuse_second_leaders(rows)
        for row in sound(rows):
            self._decide(row)

    def _unit_codes(self, rows: list[Row]) -> set[str]:
        reached = {reach for row in rows for _role, reach, _field in row["roles"] or () if reach}
        return all_with(rows, "unit") | reached

    def _refuse_unknown(self, row: Row) -> None:
        wanted = [("unit", row["unit"]), *(("roles", reach) for _role, reach, _field in row["roles"] or () if reach)]
        for name, unit_code in wanted:
            if unit_code not in self.units:
                row.refuse(name, _("No unit has the code “%(code)s”.") % {"code": unit_code})
        there = self.there.get(row["code"])
        since = row["since"] or (there.since if there else self.on)
        refuse_backwards(row, since, self.final(row, "until"))

    def final(self, row: Row, name: str):
        """What the position will say: by the file where it speaks of it, else as it is."""
        there = self.there.get(row["code"])
        return row[name] if name in self.mapped or not there else getattr(there, name)

    def _refuse_second_leaders(self, rows: list[Row]) -> None:
        told = {self.there[row["code"]].pk for row in sound(rows) if row["code"] in self.there}
        leading = Position.objects.filter(leads=True, until=None, unit__in=[each.pk for each in self.units.values()])
        leaders = {each.unit_id: each.title for each in leading if each.pk not in told}
        for row in sound(rows):
            if not self.final(row, "leads") or self.final(row, "until"):
                continue
            unit = self.units[row["unit"]]
            if unit.pk in leaders:
                row.refuse("leads", _("“%(title)s” leads the unit already.") % {"title": leaders[unit.pk]})
            leaders.setdefault(unit.pk, row["title"])

    def wanted(self, row: Row) -> dict[str, Any]:
        said = {name: row[name] for name in ("title", "kind", "since") if row[name] is not None}
        said |= {name: row[name] for name in ("authority_level", "until") if name in self.mapped}
        if "leads" in self.mapped:
            said["leads"] = bool(row["leads"])
        return said | {"unit_id": self.units[row["unit"]].pk}

    def wanted_roles(self, row: Row) -> set[tuple]:
        unit = row["unit"]
        return {(role, self.units[reach or unit].pk, its_field) for role, reach, its_field in row["roles"] or ()}

    def _decide(self, row: Row) -> None:
        there = row.thing = self.there.get(row["code"])
        if there is None:
            row.add()
            return
        changes = differences(there, self.wanted(row))
        if "unit_id" in changes:
            del changes["unit_id"]
            changes["unit"] = (there.unit.name, self.units[row["unit"]].name)
        if "roles" in self.mapped and self.wanted_roles(row) != self.roles[there.pk]:
            changes["roles"] = (in_words(self.roles[there.pk]), in_words(self.wanted_roles(row)))
        row.change(changes)

    def write(self, rows):
        added = [row for row in rows if row.outcome == ADDED]
        changed = [row for row in rows if row.outcome == CHANGED]
        for row in added:
            row.thing = Position(**{"since": self.on} | self.wanted(row), code=row["code"])
        # Who stops leading comes before who begins: a unit has one leader at every moment.
        for leads in (False, True):
            self._update([row for row in changed if bool(self.final(row, "leads")) == leads])
        Position.objects.bulk_create([row.thing for row in added], batch_size=BATCH)
        if "roles" in self.mapped:
            self._give_roles(added + changed)

    def _update(self, rows: list[Row]) -> None:
        for row in rows:
            for name, value in self.wanted(row).items():
                setattr(row.thing, name, value)
        columns = sorted({name for row in rows for name in row.changes if name != "roles"})
        if columns:
            Position.objects.bulk_update([row.thing for row in rows], columns, batch_size=BATCH)

    def _give_roles(self, rows: list[Row]) -> None:
        gone = Q(pk__in=[])
        given = []
        for row in rows:
            had, wanted = self.roles[row.thing.pk], self.wanted_roles(row)
            for role, reach, its_field in had - wanted:
                gone |= Q(position=row.thing.pk, role=role, reach=reach, field=its_field)
            given += [
                PositionRole(position=row.thing, role=role, reach_id=reach, field=its_field)
                for role, reach, its_field in sorted(wanted - had)
            ]
        PositionRole.objects.filter(gone).delete()
        PositionRole.objects.bulk_create(given, batch_size=BATCH)


def in_words(roles: Iterable[tuple]) -> str:
    return ", ".join(sorted({str(ROLES[role].label) if role in ROLES else role for role, *_more in roles}))


POSITIONS = Kind(
    "positions",
    gettext_lazy("Positions"),
    gettext_lazy(
        "Positions, the unit each belongs to and the roles it carries. Positions that are not in the file stay."
    ),
    (
        Field(
            "code",
            gettext_lazy("Position number"),
            code,
            required=True,
            synonyms=("code", "stillingsnr", "stillingskode"),
        ),
        Field(
            "title", gettext_lazy("Title"), text(150), required=True, synonyms=("tittel", "stilling", "stillingstittel")
        ),
        Field("kind", gettext_lazy("Kind"), choice(Position.Kind.choices), synonyms=("type", "stillingstype")),
        Field(
            "unit",
            gettext_lazy("Unit"),
            code,
            required=True,
            help=gettext_lazy("The code of the unit."),
            synonyms=("enhet", "unit code", "enhetskode"),
        ),
        Field(
            "leads",
            gettext_lazy("Leads the unit"),
            yes_no,
            help=gettext_lazy("No or yes."),
            synonyms=("leder", "leader"),
        ),
        Field(
            "authority_level",
            gettext_lazy("Authority level"),
            authority_level,
            synonyms=("level", "nivå", "fullmaktsnivå"),
        ),
        Field(
            "roles",
            gettext_lazy("Roles"),
            role_list,
            help=gettext_lazy(
                "role, role:unit or role:unit:field, with commas between. Without a unit: the position's own."
            ),
            synonyms=("role", "rolle", "roller"),
        ),
        SINCE,
        UNTIL,
    ),
    PositionLoader,
    whole=True,
)
