"""The plan system of Fjordvik: proposed, consulted on, adopted and replaced by the same operations as from a page."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from styrhus.demo.organisation import positions_by_name
from styrhus.demo.sources import read
from styrhus.items import operations as items
from styrhus.items.models import Event, FollowUp, Item, Notification
from styrhus.organisation.models import Person, Position, Unit
from styrhus.planning.models import Consultation, Guideline, Judgement, Objection, Plan, PlanType, ProgrammeEntry
from styrhus.planning.operations import making
from styrhus.planning.operations import plans as operations
from styrhus.trail.models import Change
from styrhus.trail.operations import set_actor
from styrhus.writing import operations as writing
from styrhus.writing.models import Heading

# How long before a decision each thing is done, in days.
PROPOSED, STARTED, PROGRAMME, PROPOSAL, SUBMITTED = 420, 400, 340, 120, 30
PROGRAMME_ABOUT, PROPOSAL_ABOUT = Consultation.About
CONSULTED = timedelta(weeks=6, days=1)
DECISIONS = "https://fjordvik.example/politikk/"
# The trail comes last: moving a row back leaves its mark there too.
MOMENTS = (
    (Item, "created"),
    (Item, "updated"),
    (Item, "kept_at"),
    (Item, "ended"),
    (Event, "at"),
    (FollowUp, "created"),
    (Notification, "at"),
    (Change, "at"),
)


def load_plans(today: date) -> None:
    told = read("plans")
    story = Story(told, today)
    set_actor(story.keeper.pk)
    for each in told["plans"]:
        story.tell(each)
    set_actor(None)


class Story:
    """Takes one plan after the other as far as it has come, and moves the moments back to when it happened."""

    def __init__(self, told: dict, today: date):
        self.today = today
        self.keeper = Person.objects.get(name=told["keeper"])
        self.positions = positions_by_name()
        self.answers = told["answers"]
        self.units = {unit.name: unit for unit in Unit.objects.all()}
        self.types = {plan_type.code: plan_type for plan_type in PlanType.objects.all()}
        self.plans: dict[str, Plan] = {}
        with connection.cursor() as cursor:
            # When the transaction began, as the trail says it: what is younger has not been moved back yet.
            cursor.execute("SELECT now()")
            self.began = cursor.fetchone()[0]

    def tell(self, told: dict) -> None:
        plan = self._propose(told)
        if "adopted" in told:
            self._adopt(plan, told)
        else:
            self._bring_to(plan, told["stands"], told)
        self.plans[told["key"]] = Plan.objects.get(pk=plan.pk)
        if "replaces" in told:
            older = self.plans[told["replaces"]]
            older.refresh_from_db()

    def _propose(self, told: dict) -> Plan:
        first, last = told["years"]
        period = f"{first}–{last}" if last and last != first else str(first)
        due = told.get("due")
        plan = operations.propose(
            Plan(
                type=self.types[told["type"]],
                title=f"{told['title']} {period}" if last else told["title"],
                first_year=first,
                last_year=last,
                purpose=told["purpose"],
                unit=self.units[told.get("unit", "Plan og utvikling")],
                responsible=self._position(told.get("responsible", self.answers)),
                follows_up=self.plans.get(told.get("follows", "")),
                replaces=self.plans.get(told.get("replaces", "")),
                shortens_older="replaces" in told,
                due=self.today + timedelta(days=due) if due else None,
            ),
            by=self.keeper,
        )
        self._write(plan, told)
        self._move_back(self._begun(told) - timedelta(days=PROPOSED - STARTED))
        return plan

    def _position(self, name: str) -> Position:
        return self.positions[name]

    def _begun(self, told: dict) -> date:
        if "adopted" in told:
            return told["adopted"][0] - timedelta(days=STARTED)
        return self.today + timedelta(days=told["day"])

    def _write(self, plan: Plan, told: dict) -> None:
        for source, title, answer in told.get("guidelines", ()):
            making.write_guideline(Guideline(plan=plan, source=source, title=title, answer=answer), by=self.keeper)
        for order, (kind, title, *who) in enumerate(told.get("programme", ())):
            duty: dict[str, Any] = {}
            if who:
                duty = {"responsible": self._position(who[0]), "due": self.today + timedelta(days=who[1])}
            entry = ProgrammeEntry(plan=plan, kind=kind, title=title, order=order)
            making.write_entry(entry, by=self.keeper, **duty)
        for key, choice, reason, year in told.get("judges", ()):
            Judgement.objects.create(strategy=plan, plan=self.plans[key], choice=choice, reason=reason, year=year)

    def _adopt(self, plan: Plan, told: dict) -> None:
        on, decision = told["adopted"]
        self._start(plan, on - timedelta(days=STARTED))
        if plan.type.has_programme:
            self._set_programme(plan, on - timedelta(days=PROGRAMME))
        if plan.type.consultation_weeks:
            self._consult(plan, PROPOSAL_ABOUT, on - timedelta(days=PROPOSAL), told, close=True)
        self._object(plan, told.get("objection"))
        self._submit(plan, told.get("published"), on)
        kommuneplan, reason = told.get("kommuneplan", ("", ""))
        strategy = {"kommuneplan": kommuneplan, "kommuneplan_reason": reason} if kommuneplan else {}
        address = DECISIONS + decision.lower().replace(" ", "-").replace("/", "-")
        operations.adopt(plan, by=self.keeper, on=on, decision=decision, decision_url=address, **strategy)
        self._move_back(on)
        self._after(plan, told)

    def _after(self, plan: Plan, told: dict) -> None:
        if "sent" in told:
            objection = plan.objections.get()
            objection.sent_on = told["sent"]
            making.follow_objection(objection, by=self.keeper)
            self._move_back(told["sent"])
        if "repealed" in told:
            on, note = told["repealed"]
            operations.repeal(plan, by=self.keeper, on=on, note=note)
            self._move_back(on)

    def _bring_to(self, plan: Plan, state: str, told: dict) -> None:
        if state == Plan.PROPOSED:
            return
        # Who makes a plan has begun its text with the chapters that such plans usually have.
        usual = [Heading(str(title), str(asked), level) for title, asked, level in plan.usual_chapters()]
        writing.begin(plan, usual, by=self.keeper)
        self._start(plan, self._begun(told))
        if state == Plan.ON_CONSULTATION:
            self._set_programme(plan, self.today - timedelta(days=200))
            self._consult(plan, PROPOSAL_ABOUT, self.today - timedelta(days=20), told, close=False)
            self._object_now(plan, told["objection_now"])
        elif state == Plan.FOR_DECISION:
            published = self.today + timedelta(days=told["published_day"])
            self._submit(plan, published, self.today + timedelta(days=told["decided_day"]), moved_to=published)

    def _start(self, plan: Plan, on: date) -> None:
        items.step(plan, "start", by=self.keeper)
        self._move_back(on)

    def _set_programme(self, plan: Plan, on: date) -> None:
        self._consult(plan, PROGRAMME_ABOUT, on - timedelta(days=70), {}, close=True)
        items.step(plan, "set_programme", by=self.keeper)
        self._move_back(on)

    def _consult(self, plan: Plan, about: str, opened: date, told: dict, *, close: bool) -> None:
        asked = told.get("consulted", "Statsforvalteren, fylkeskommunen, nabokommunene, rådene og frivilligheten")
        wanted = Consultation(plan=plan, about=about, opened=opened, closes=opened + CONSULTED, asked=asked)
        wanted.shown_at = "Kommunens nettsted, rådhuset og biblioteket"
        made = making.open_consultation(wanted, by=self.keeper)
        self._move_back(opened)
        if close:
            words = "Innspillene er gjengitt og vurdert i saksframlegget. De fleste er tatt til følge."
            making.close_consultation(made, by=self.keeper, assessment=words)
            self._move_back(opened + CONSULTED + timedelta(days=10))

    def _object(self, plan: Plan, told: list | None) -> None:
        if told:
            authority, on, parts, reason = told
            wanted = Objection(plan=plan, authority=authority, received_on=on, parts=parts, reason=reason)
            making.object_to(wanted, by=self.keeper)
            self._move_back(on)

    def _object_now(self, plan: Plan, told: list) -> None:
        authority, day, parts, reason = told
        self._object(plan, [authority, self.today + timedelta(days=day), parts, reason])

    def _submit(self, plan: Plan, published: date | None, decided: date, moved_to: date | None = None) -> None:
        making.submit(plan, by=self.keeper, published_on=published, decided_at=decided)
        self._move_back(moved_to or decided - timedelta(days=SUBMITTED))

    def _working_day(self, on: date) -> date:
        """What falls in a weekend is done on Friday, and everything lies behind us."""
        day = min(on, self.today - timedelta(days=1))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def _move_back(self, on: date) -> None:
        """A demonstration in which everything happened this minute shows little. One journey to the database."""
        moves = [
            f'UPDATE "{model._meta.db_table}" SET "{field}" = %(at)s WHERE "{field}" >= %(began)s'  # noqa: S608
            for model, field in MOMENTS
        ]
        moment = timezone.make_aware(datetime.combine(self._working_day(on), time(10)))
        with connection.cursor() as cursor:
            cursor.execute("; ".join(moves), {"at": moment, "began": self.began})
