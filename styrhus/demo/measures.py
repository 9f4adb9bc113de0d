"""The measures of Fjordvik, told day by day: everything goes through the same operations as from a page.

So history, notifications and trail are real; only the moments are moved back to the days that the story tells of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import F, Model
from django.utils import timezone

from styrhus.demo.files import file_named
from styrhus.demo.organisation import positions_by_name
from styrhus.demo.sources import read
from styrhus.items import operations
from styrhus.items.models import Attachment, Comment, Event, FollowUp, Item, Link, Notification, Openness
from styrhus.organisation.access import require
from styrhus.organisation.models import Appointment, Person, Position, Unit
from styrhus.planning.models import Measure
from styrhus.trail.models import Change
from styrhus.trail.operations import set_actor

# What is older than this has been read.
READ_AFTER = timedelta(days=10)
# The moments that each verb of a story leaves behind, besides those of ALWAYS.
MOMENTS: dict[str, list[tuple[type[Model], str]]] = {
    "creates": [(Item, "created"), (Item, "updated"), (Item, "kept_at"), (Event, "at")],
    "step": [(Item, "updated"), (Item, "kept_at"), (Item, "ended"), (Event, "at")],
    "changes": [(Item, "updated"), (Item, "kept_at")],
    "says": [(Comment, "at")],
    "promises": [(FollowUp, "created")],
    "keeps": [(FollowUp, "done")],
    "links": [(Link, "at")],
    "attaches": [(Attachment, "at")],
}
# The trail comes last: moving a row back leaves its mark there too.
ALWAYS: list[tuple[type[Model], str]] = [(Notification, "at"), (Change, "at")]


def load_measures(today: date) -> None:
    chronicle = Chronicle(today)
    for act in sorted(acts(today), key=lambda act: act.at):
        chronicle.tell(act)
    set_actor(None)


def read_what_is_old() -> None:
    read_by = timezone.now() - READ_AFTER
    Notification.objects.filter(at__lt=read_by).update(read=F("at") + timedelta(hours=6))


@dataclass(frozen=True)
class Act:
    """One thing that someone does, at a moment, to one measure; `told` is the line of the file."""

    at: datetime
    measure: str
    verb: str
    told: dict


def acts(today: date) -> Iterator[Act]:
    for number, measure in enumerate(read("measures")):
        for place, told in enumerate(_story(measure)):
            verb = next(verb for verb in MOMENTS if verb in told)
            # Minutes keep the order within a story, and stories apart.
            minutes = number * 7 % 60 + place * 23
            yield Act(_moment(today, told["day"], minutes), measure["title"], verb, told)


def _story(measure: dict) -> Iterator[dict]:
    made = {"day": measure["made"], "creates": measure}
    yield made | {"by": measure["by"]} if "by" in measure else made
    for told in measure.get("story", ()):
        yield told
        if "done" in told:
            yield {
                "day": told["done"],
                "keeps": told["promises"],
                "of": told["of"],
                "note": told.get("note", ""),
            }


def _moment(today: date, days: int, minutes: int) -> datetime:
    """So many days from today and minutes past eight, on a working day: what falls in a weekend is done on Friday."""
    day = today + timedelta(days=days)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return timezone.make_aware(datetime.combine(day, time(8)) + timedelta(minutes=minutes))


class Chronicle:
    """Carries out the acts, one after the other; each verb of `MOMENTS` is a method."""

    def __init__(self, today: date):
        self.today = today
        self.units = {unit.name: unit for unit in Unit.objects.all()}
        self.people = {person.name: person for person in Person.objects.all()}
        self.positions = positions_by_name()
        self.leaders = {each.unit.name: each for each in self.positions.values() if each.leads}
        self.measures: dict[str, Measure] = {}
        self.promised: dict[str, FollowUp] = {}
        self.appointments = list(Appointment.objects.order_by("kind", "start"))
        self.by_pk = {person.pk: person for person in self.people.values()}
        with connection.cursor() as cursor:
            # When the transaction began, as the trail says it: what is younger has not been moved back yet.
            cursor.execute("SELECT now()")
            self.began = cursor.fetchone()[0]

    def tell(self, act: Act) -> None:
        by = self._actor(act)
        set_actor(by.pk)
        getattr(self, act.verb)(act.told, by, self.measures.get(act.measure))
        self._move_back(act)

    def creates(self, told: dict, by: Person, _nothing) -> None:
        told = told["creates"]
        unit = self.units[told["unit"]]
        require(by, "measure.create", unit)
        measure = Measure(
            title=told["title"],
            unit=unit,
            responsible=self._responsible(told),
            field=told.get("field", ""),
            due=self._day(told["due"]),
            update_every=told.get("every"),
            description=told.get("about", ""),
            expected_effect=told.get("effect", ""),
            **self._openness(told),
        )
        self.measures[measure.title] = operations.create(measure, by=by)

    def step(self, told: dict, by: Person, measure: Measure) -> None:
        operations.step(measure, told["step"], by=by, note=told.get("why", ""))

    def changes(self, told: dict, by: Person, measure: Measure) -> None:
        stored = Measure.objects.get(pk=measure.pk)
        require(by, "measure.edit", stored)
        for name, value in told["changes"].items():
            setattr(stored, name, self._day(value) if name == "due" else value)
        operations.edit(stored, version=stored.version, by=by)

    def says(self, told: dict, by: Person, measure: Measure) -> None:
        operations.comment(measure.as_item, told["says"], by=by)

    def promises(self, told: dict, by: Person, measure: Measure) -> None:
        require(by, "item.follow_up", measure)
        self.promised[told["promises"]] = operations.follow_up(
            measure.as_item,
            told["promises"],
            responsible=self.positions[told["of"]],
            due=self._day(told["due"]),
            by=by,
        )

    def keeps(self, told: dict, by: Person, _measure: Measure) -> None:
        operations.tick_off(self.promised[told["keeps"]], by=by, note=told["note"])

    def links(self, told: dict, by: Person, measure: Measure) -> None:
        operations.link(measure.as_item, self.measures[told["links"]].as_item, told["as"], by=by)

    def attaches(self, told: dict, by: Person, measure: Measure) -> None:
        upload, content_type = file_named(told["attaches"])
        operations.attach(measure.as_item, upload, content_type=content_type, by=by)

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _responsible(self, measure: dict) -> Position:
        said = measure.get("responsible")
        if said is None:
            return self.leaders[measure["unit"]]
        return self.positions.get(said) or self.positions[f"{said}, {measure['unit']}"]

    def _actor(self, act: Act) -> Person:
        """Who is named; else who held the position then: the one who promised, or who answers for the measure."""
        if "by" in act.told:
            return self.people[act.told["by"]]
        if act.verb == "keeps":
            return self._holder(self.positions[act.told["of"]], act.at.date())
        if act.verb == "creates":
            return self._holder(self._responsible(act.told["creates"]), act.at.date())
        return self._holder(self.measures[act.measure].responsible, act.at.date())

    def _holder(self, position: Position, on: date) -> Person:
        """The first who answers, as `Position.holders` says, without asking the database for every act."""
        return next(
            self.by_pk[each.person_id]
            for each in self.appointments
            if each.position_id == position.pk and each.start <= on and (each.end is None or each.end >= on)
        )

    def _openness(self, measure: dict) -> dict:
        if measure.get("open"):
            return {"openness": Openness.OPEN}
        if "exempt" not in measure:
            return {"openness": Measure.default_openness}
        told = measure["exempt"]
        return {
            "openness": Openness.EXEMPT,
            "access_code": told["code"],
            "exemption_basis": told["basis"],
            "reassess_on": self._day(told["reassess"]),
        }

    def _move_back(self, act: Act) -> None:
        """A demonstration in which everything happened this minute shows little. One journey to the database."""
        moves = [
            f'UPDATE "{model._meta.db_table}" SET "{field}" = %(at)s WHERE "{field}" >= %(began)s'  # noqa: S608
            for model, field in (*MOMENTS[act.verb], *ALWAYS)
        ]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(moves), {"at": act.at, "began": self.began})
