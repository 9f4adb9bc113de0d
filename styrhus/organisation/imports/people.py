"""People and their appointments from a file."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import ADDED, CHANGED, Field, Kind, Loader, Row
from styrhus.kit.parsing import choice, day, email, text
from styrhus.organisation.imports.rows import (
    BATCH,
    all_with,
    code,
    differences,
    refuse_backwards,
    sound,
)
from styrhus.organisation.models import Appointment, Person, Position

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
