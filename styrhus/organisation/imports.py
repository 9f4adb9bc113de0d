"""What may be loaded from files into the organisation: units, positions, people with their appointments.

A thing is found again by its code. What a file has no column for is never changed, and what is not in the file stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, choice, day, email, organisation_number, text, whole_number, yes_no
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Unit, UnitKind
from styrhus.organisation.roles import FIELDS, ROLES

BATCH = 500
HIGHEST_LEVEL = 99
# What a unit is when the file does not say, by how deep it lies.
KIND_BY_DEPTH = (UnitKind.MUNICIPALITY, UnitKind.SERVICE_AREA, UnitKind.OPERATING_UNIT, UnitKind.DEPARTMENT)
# The path of a unit has room for this many levels, whatever its numbers are.
DEEPEST = 20

code = text(40)
SINCE = Field("since", gettext_lazy("Since"), day, synonyms=("valid from", "fra dato", "startdato", "gyldig fra"))
UNTIL = Field("until", gettext_lazy("Until"), day, synonyms=("valid to", "til dato", "sluttdato", "gyldig til"))


def refuse_repeated(rows: Iterable[Row], name: str) -> None:
    """The second row with a code that must be alone."""
    seen: dict[str, int] = {}
    for row in rows:
        if (value := row[name]) is None:
            continue
        if value in seen:
            row.refuse(name, _("“%(code)s” stands on line %(line)s too.") % {"code": value, "line": seen[value]})
        seen.setdefault(value, row.line)


def sound(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that are not refused so far."""
    return (row for row in rows if not row.is_refused)


def differences(thing, wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (was, now) for name, now in wanted.items() if (was := getattr(thing, name)) != now}


def refuse_backwards(row: Row, since: date | None, until: date | None, name: str = "until") -> None:
    if since and until and until < since:
        row.refuse(name, _("The last day is before the first."))


def all_with(rows: Iterable[Row], name: str) -> set:
    return {row[name] for row in rows} - {None}


# -- units


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


# -- positions

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


# -- people

named_kind = choice([(kind.name.lower(), kind.label) for kind in Appointment.Kind])


def appointment_kind(written: str) -> str:
    return Appointment.Kind[named_kind(written).upper()].value


class PersonLoader(Loader):
    """People, and where the file says so, the positions they hold. A person with several positions has several rows."""

    def decide(self, rows):
        codes, addresses = all_with(rows, "code"), all_with(rows, "email")
        people = list(Person.objects.filter(Q(code__in=codes) | Q(email__in=addresses)))
        self.by_code = {each.code: each for each in people if each.code}
        self.by_email = {each.email: each for each in people}
        self.positions = {each.code: each for each in Position.objects.filter(code__in=all_with(rows, "position"))}
        held = Appointment.objects.filter(position__in=[each.pk for each in self.positions.values()])
        self.held = list(held.select_related("person", "position"))
        self.held_by: defaultdict[tuple, list[Appointment]] = defaultdict(list)
        for each in self.held:
            self.held_by[each.person_id, each.position_id].append(each)
        self.first: dict[int, Row] = {}
        for row in rows:
            row.label = str(row["name"] or row["email"] or row["code"] or "")
        for row in sound(rows):
            self._find(row)
        for row in sound(rows):
            self._find_appointment(row)
        # A row that is refused no longer ends what it would have ended, so it is asked until nothing new is found.
        while self._refuse_two_holders(rows):
            pass
        for row in sound(rows):
            self._decide(row)

    def _find(self, row: Row) -> None:
        """The person of the row: there already, from a row above, or new."""
        number, address = row["code"], row["email"]
        if not number and not address:
            row.refuse("email", _("Neither employee number nor e-mail is written."))
            return
        found = self.by_code.get(number) if number else None
        other = self.by_email.get(address) if address else None
        if other and (found or (number and other.code not in ("", number))) and found is not other:
            row.refuse("email", _("“%(email)s” belongs to %(person)s.") % {"email": address, "person": other.name})
            return
        person = found or other
        if person is None and not address:
            row.refuse("email", _("A new person needs an e-mail."))
            return
        self._take(row, person or Person(email=address, code=number or "", name=row["name"]))

    def _take(self, row: Row, person: Person) -> None:
        first = self.first.setdefault(id(person), row)
        said = ("name", "email", "code", "language")
        if any(None not in (first[name], row[name]) and first[name] != row[name] for name in said):
            row.refuse("name", _("Line %(line)s says otherwise of the same person.") % {"line": first.line})
            return
        self.by_email.setdefault(row["email"] or person.email, person)
        if row["code"]:
            self.by_code.setdefault(row["code"], person)
        row.thing = (person, None)

    def _find_appointment(self, row: Row) -> None:
        person, _none = row.thing
        if row["position"] is None:
            return
        position = self.positions.get(row["position"])
        if position is None:
            row.refuse("position", _("No position has the number “%(code)s”.") % {"code": row["position"]})
            return
        there = next((each for each in self.held_by[person.pk, position.pk] if self._is_meant(each, row)), None)
        row.thing = (person, there or Appointment(person=person, position=position, start=row["from"] or self.on))
        refuse_backwards(row, row.thing[1].start, self._said(row).get("end"), "to")

    def _is_meant(self, there: Appointment, row: Row) -> bool:
        """Without a first day in the file: the one that has not ended."""
        return there.start == row["from"] if row["from"] else there.end is None or there.end >= self.on

    def _said(self, row: Row) -> dict[str, Any]:
        """What the row says of the appointment."""
        appointment = row.thing[1]
        kind = row["kind"] or (appointment.kind if appointment.pk else Appointment.Kind.PERMANENT)
        return {"kind": kind} | ({"end": row["to"]} if "to" in self.mapped else {})

    def _refuse_two_holders(self, rows: list[Row]) -> bool:
        """Two persons may not be in one position on a date; a deputy stands beside. True when something was refused."""
        told = {id(row.thing[1]): row for row in sound(rows) if row.thing[1]}
        by_position: defaultdict[int, list[tuple]] = defaultdict(list)
        for each in self.held:
            if id(each) not in told:
                by_position[each.position_id].append((each.kind, each.start, each.end or date.max, each.person, None))
        for row in told.values():
            appointment = row.thing[1]
            said = {"kind": appointment.kind, "end": appointment.end} | self._said(row)
            term = (said["kind"], appointment.start, said["end"] or date.max, appointment.person, row)
            by_position[appointment.position_id].append(term)
        return any([self._refuse_overlaps(terms) for terms in by_position.values()])  # noqa: C419 - all of them

    def _refuse_overlaps(self, terms: list[tuple]) -> bool:
        holding = sorted((term for term in terms if term[0] != Appointment.Kind.DEPUTY), key=lambda term: term[1])
        last, refused = None, False
        for term in holding:
            if last and term[1] <= last[2]:
                refused |= self._refuse_both(last, term)
            last = term if last is None or term[2] > last[2] else last
        return refused

    def _refuse_both(self, one: tuple, other: tuple) -> bool:
        rows = [row for row in (one[4], other[4]) if row]
        for row in rows:
            row.refuse(
                "position",
                _("%(one)s and %(other)s would both be in the position on %(date)s.")
                % {"one": one[3].name, "other": other[3].name, "date": other[1]},
            )
        return bool(rows)

    def _decide(self, row: Row) -> None:
        person, appointment = row.thing
        is_first = self.first[id(person)] is row
        if (is_first and not person.pk) or (appointment and not appointment.pk):
            row.add()
            return
        changes = differences(person, self.wanted(row)) if is_first and person.pk else {}
        if appointment:
            names = {"kind": "kind", "end": "to"}
            changes |= {names[name]: pair for name, pair in differences(appointment, self._said(row)).items()}
        row.change(changes)

    def wanted(self, row: Row) -> dict[str, Any]:
        said = {name: row[name] for name in ("name", "email", "code") if row[name] is not None}
        return said | ({"language": row["language"] or ""} if "language" in self.mapped else {})

    def write(self, rows):
        written = [row for row in rows if row.outcome in (ADDED, CHANGED)]
        self._write_people([row for row in written if self.first[id(row.thing[0])] is row])
        appointments = [row for row in written if row.thing[1]]
        self._write_appointments(appointments)

    def _write_people(self, rows: list[Row]) -> None:
        for row in rows:
            person = row.thing[0]
            for name, value in self.wanted(row).items():
                setattr(person, name, value)
        new = [row.thing[0] for row in rows if not row.thing[0].pk]
        there = [row.thing[0] for row in rows if row.thing[0].pk]
        for person in new:
            # Signs in when they have chosen a password of their own, or by the municipality's own sign-in.
            person.password = make_password(None)
        if there:
            Person.objects.bulk_update(there, ["name", "email", "code", "language"], batch_size=BATCH)
        Person.objects.bulk_create(new, batch_size=BATCH)

    def _write_appointments(self, rows: list[Row]) -> None:
        for row in rows:
            appointment = row.thing[1]
            # The person may have been given a number just now.
            appointment.person_id = row.thing[0].pk
            for name, value in self._said(row).items():
                setattr(appointment, name, value)
        there = [row.thing[1] for row in rows if row.thing[1].pk]
        # What ends comes before what begins or is prolonged: two may not hold a position for a moment either.
        for ends in (True, False):
            if some := [each for each in there if bool(each.end) == ends]:
                Appointment.objects.bulk_update(some, ["kind", "end"], batch_size=BATCH)
        Appointment.objects.bulk_create([row.thing[1] for row in rows if not row.thing[1].pk], batch_size=BATCH)


PEOPLE = Kind(
    "people",
    gettext_lazy("People"),
    gettext_lazy(
        "People, and the positions they hold. Found again by employee number or e-mail; those not in the file stay."
    ),
    (
        Field("code", gettext_lazy("Employee number"), code, synonyms=("code", "ansattnr", "ansattnummer", "id")),
        Field("email", gettext_lazy("E-mail"), email, synonyms=("e-post", "epost", "mail", "e-postadresse")),
        Field("name", gettext_lazy("Name"), text(150), required=True, synonyms=("navn", "fullt navn")),
        Field("language", gettext_lazy("Language"), choice(settings.LANGUAGES), synonyms=("språk", "målform")),
        Field(
            "position",
            gettext_lazy("Position number"),
            code,
            help=gettext_lazy("The number of a position that the person holds."),
            synonyms=("position", "stilling", "stillingsnr", "stillingskode"),
        ),
        Field(
            "kind",
            gettext_lazy("Kind of appointment"),
            appointment_kind,
            synonyms=("type", "ansettelsesform"),
        ),
        Field(
            "from",
            gettext_lazy("From"),
            day,
            help=gettext_lazy("The first day in the position."),
            synonyms=("fra", "fra dato"),
        ),
        Field(
            "to",
            gettext_lazy("To"),
            day,
            help=gettext_lazy("The last day in the position."),
            synonyms=("til", "til dato"),
        ),
    ),
    PersonLoader,
    whole=True,
)
