"""Who may decide what in Fjordvik: given, passed on, checked and withdrawn by the same operations as from a page."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from styrhus.delegation import operations
from styrhus.delegation.models import Authorisation, DelegationCheck, Power, Regulations, Source
from styrhus.delegation.queries import council
from styrhus.demo.organisation import positions_by_name
from styrhus.demo.sources import read
from styrhus.items.models import Event, FollowUp, Item, Notification
from styrhus.items.operations import tick_off
from styrhus.organisation.models import Appointment, Person, Position, UnitKind
from styrhus.trail.models import Change
from styrhus.trail.operations import set_actor

GIVEN = -300
DECISION, DECISION_URL = "PS 14/26", "https://fjordvik.example/politikk/ps-14-26"
# The trail comes last: moving a row back leaves its mark there too.
MOMENTS = (
    (Item, "created"),
    (Item, "updated"),
    (Item, "ended"),
    (Event, "at"),
    (DelegationCheck, "at"),
    (FollowUp, "created"),
    (FollowUp, "done"),
    (Notification, "at"),
    (Change, "at"),
)


def load_authority(today: date) -> None:
    told = read("authority")
    _make_powers(told["powers"])
    story = Story(today)
    for name in told["reserved"]:
        story.register(Source.RESERVED, {"power": name})
    for given in told["by_law"]:
        story.register(Source.BY_LAW, given)
    for branch in told["delegated"]:
        story.give(branch, None)
    for version in told["regulations"]:
        story.regulate(version)
    story.tell()
    set_actor(None)


def _make_powers(told: list[dict]) -> None:
    Power.objects.bulk_create(
        Power(
            name=each["name"],
            theme=each["theme"],
            legal_basis=each["basis"],
            about=each.get("about", ""),
            of_principle=each.get("principle", False),
            code=each.get("code", ""),
        )
        for each in told
    )


class Story:
    """Gives authority from the top down, and remembers the checks and withdrawals that come after."""

    def __init__(self, today: date):
        self.today, self.start = today, today + timedelta(days=GIVEN)
        self.powers = {power.name: power for power in Power.objects.all()}
        self.positions = positions_by_name()
        bodies = (each for each in self.positions.values() if each.leads and each.unit.kind == UnitKind.BODY)
        self.positions |= {each.unit.name: each for each in bodies}
        found: Any = council()
        self.council = found
        self.acts: list[tuple[int, Callable]] = []
        self.holders = {
            each.position_id: each.person
            for each in Appointment.objects.in_force(today).select_related("person").order_by("-kind")
        }
        secretary: Any = Appointment.objects.in_force(today).filter(position__roles__role="council_secretary").first()
        self.holders[self.council.pk] = secretary.person
        with connection.cursor() as cursor:
            # When the transaction began, as the trail says it: what is younger has not been moved back yet.
            cursor.execute("SELECT now()")
            self.began = cursor.fetchone()[0]

    def register(self, source: str, told: dict) -> None:
        power = self.powers[told["power"]]
        holder = self.positions[told["holder"]] if "holder" in told else self.council
        wanted = Authorisation(
            source=source, power=power, holder=holder, legal_basis=power.legal_basis, start=self.start
        )
        operations.register(wanted, by=self._acting(self.council), today=self.today)

    def give(self, told: dict, basis: Authorisation | None) -> None:
        """One branch, and all that is passed on from it."""
        wanted = Authorisation(
            power=basis.power if basis else self.powers[told["power"]],
            giver=basis.holder if basis else self.council,
            holder=self.positions[told["holder"]],
            passed_on_from=basis,
            start=self.start,
            # What is given for a part only goes no further, unless the file says to whom.
            may_be_passed_on="passed_on" in told or "only" not in told,
            **self._terms(told, basis),
        )
        made = operations.delegate(wanted, by=self._acting(wanted.giver), today=self.today)
        if "checked" in told:
            self.acts.append((told["checked"]["day"], partial(self._check, made, told["checked"])))
        if "withdrawn" in told:
            self.acts.append((told["withdrawn"]["day"], partial(self._withdraw, made, told["withdrawn"]["why"])))
        for branch in told.get("passed_on", ()):
            self.give(branch, made)

    def regulate(self, told: dict) -> None:
        self.acts.append((told["day"], partial(self._regulate, told)))

    def _regulate(self, told: dict) -> None:
        by = self._acting(self.council)
        made = operations.draft(Regulations(title=told["title"], text=told["text"]), by=by)
        if "decision" in told:
            made.decision, made.decision_url = told["decision"], DECISION_URL
            made.adopted_on = self.today + timedelta(days=told["day"])
            operations.adopt(made, by=by, today=made.adopted_on)
            self._confirm(made)

    def _confirm(self, version: Regulations) -> None:
        """Most have read what holds now; some have not got round to it."""
        # By name: keys are others at the next load.
        receipts = version.receipts.select_related("position", "follow_up")
        for number, receipt in enumerate(receipts.order_by("position__title", "position__unit__name")):
            if number % 12 and receipt.position_id in self.holders:
                tick_off(receipt.follow_up, by=self._acting(receipt.position))

    def _terms(self, told: dict, basis: Authorisation | None) -> dict:
        """What is not said is as above."""
        above = basis or Authorisation(legal_basis="kommuneloven §§ 5-3 og 13-1")
        return {
            "reservations": told.get("only", above.reservations),
            "check_how": told.get("how", above.check_how),
            "check_every": told.get("every", above.check_every),
            "legal_basis": told.get("basis", above.legal_basis),
            "decision": "" if basis else DECISION,
            "decision_url": "" if basis else DECISION_URL,
        }

    def _check(self, given: Authorisation, told: dict) -> None:
        on = self.today + timedelta(days=told["day"])
        by = self._acting(given.giver)
        operations.record_check(given, told["outcome"], told.get("note", ""), by=by, on=on)

    def _withdraw(self, given: Authorisation, why: str) -> None:
        fresh = Authorisation.objects.get(pk=given.pk)
        operations.withdraw(fresh, by=self._acting(given.giver), note=why)

    def _acting(self, position: Position | None) -> Person:
        """Who holds a position; for the council, who writes down what it decides."""
        person = self.holders[position.pk if position else self.council.pk]
        set_actor(person.pk)
        return person

    def tell(self) -> None:
        self.move_back(GIVEN)
        for day, act in sorted(self.acts, key=lambda each: each[0]):
            act()
            self.move_back(day)

    def move_back(self, day: int) -> None:
        """A demonstration in which everything happened this minute shows little. What falls in a weekend: on Friday."""
        at = self.today + timedelta(days=day)
        at -= timedelta(days=max(0, at.weekday() - 4))
        moves = [
            f'UPDATE "{model._meta.db_table}" SET "{field}" = %(at)s WHERE "{field}" >= %(began)s'  # noqa: S608
            for model, field in MOMENTS
        ]
        with connection.cursor() as cursor:
            moment = timezone.make_aware(datetime.combine(at, time(9)))
            cursor.execute("; ".join(moves), {"at": moment, "began": self.began})
