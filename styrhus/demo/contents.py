"""What Fjordvik's plans consist of: goals and what follows from them, and whether measures worked."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from styrhus.demo.sources import read
from styrhus.items.models import Event, FollowUp, Item, Openness
from styrhus.organisation.models import Person, Position
from styrhus.planning.models import (
    Assignment,
    Cornerstone,
    EffectEvaluation,
    Goal,
    Measure,
    Placement,
    Plan,
    PriorityArea,
    Strategy,
    Thread,
)
from styrhus.trail.models import Change
from styrhus.trail.operations import set_actor

KINDS = {"area": PriorityArea, "goal": Goal, "sub": Goal, "strategy": Strategy, "assignment": Assignment}

# How long ago the contents of the plans were written.
MADE = timedelta(days=300)


def load_contents(today: date) -> None:
    told = read("contents")
    story = Contents(told, today)
    known = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    set_actor(story.keeper.pk)
    for each in told["plans"]:
        story.tell(each)
    for each in told["evaluated"]:
        story.evaluate(each)
    set_actor(None)
    story.move_back(known)


class Contents:
    """The plans stand as they were adopted, so their things are put in past the operations, which would refuse."""

    def __init__(self, told: dict, today: date):
        self.today = today
        self.keeper = Person.objects.get(name=told["keeper"])
        self.plans = {plan.title: plan for plan in Plan.objects.all()}
        self.leaders = {each.unit.name: each for each in Position.objects.filter(leads=True).select_related("unit")}
        self.measures = {measure.title: measure for measure in Measure.objects.all()}
        self.stones = {stone.name: stone for stone in Cornerstone.objects.bulk_create(_stones(told["cornerstones"]))}
        self.things: dict[str, Item] = {}

    def tell(self, told: dict) -> None:
        plan = self.plans.get(told["plan"])
        order = len(self.things)
        for kind, each, parent in _walk(told["things"], None):
            order += 1
            thing = self._make(kind, each, plan)
            self.things[each[kind]] = thing
            if above := parent or each.get("under"):
                Thread.objects.create(item=thing.as_item, part_of=self.things[above].as_item)
            if plan:
                self._place(thing, plan, told.get("fetched", ()), order)
            self._follow_up(thing, each.get("measures", ()))

    def _make(self, kind: str, told: dict, plan: Plan | None) -> Item:
        leader = self.leaders[told["unit"]]
        model = KINDS[kind]
        thing = model(
            title=told[kind],
            unit=leader.unit,
            responsible=leader,
            due=self.today + timedelta(days=told["due"]) if "due" in told else None,
            kind=model.kind_name(),
            update_every=model.default_update_every,
            **self._own(kind, told, plan),
        )
        thing.save()
        Event.objects.create(item_id=thing.pk, by=self.keeper, step="create", target=thing.state)
        thing.cornerstones.set([self.stones[name] for name in told.get("carries", ())])
        return thing

    def _own(self, kind: str, told: dict, plan: Plan | None) -> dict:
        """What only this kind has. What an adopted plan says is in force, and open to everybody as the plan is."""
        adopted = plan is not None and plan.is_in_force
        fields = {"openness": plan.openness if plan else Openness.INTERNAL}
        if kind == "assignment":
            return fields | {
                "state": Assignment.GIVEN,
                "solution": told.get("solution", ""),
                "solution_reason": told.get("reason", ""),
                "alternatives": told.get("alternatives", ""),
                "cost": told.get("cost"),
            }
        fields["state"] = "in_force" if adopted else "draft"
        return fields | ({"level": Goal.Level.SUB} if kind == "sub" else {})

    def _place(self, thing: Item, plan: Plan, fetched: list[str], order: int) -> None:
        Placement.objects.create(plan=plan, item=thing.as_item, order=order, by=self.keeper)
        Placement.objects.bulk_create(
            Placement(plan=self.plans[title], item=thing.as_item, fetched_from=plan, order=order, by=self.keeper)
            for title in fetched
            if title in self.plans
        )

    def _follow_up(self, thing: Item, measures: list[str]) -> None:
        for title in measures:
            measure = self.measures[title]
            Thread.objects.create(item=measure.as_item, part_of=thing.as_item)
            measure.cornerstones.set(thing.cornerstones.all())

    def evaluate(self, told: dict) -> None:
        """A measure that is done, and what has been said of it; without a verdict it is only due."""
        measure, on = self.measures[told["measure"]], self.today + timedelta(days=told["day"])
        if measure.state != Measure.DONE:
            raise ValueError(f"{measure.title} is not done")
        duty = FollowUp.objects.create(
            item=measure.as_item, what="Vurder effekten", responsible=measure.responsible, due=on
        )
        measure.evaluate_on, measure.evaluation = on, duty
        measure.save(update_fields=["evaluate_on", "evaluation"])
        if "verdict" in told:
            holder = measure.responsible.holders(self.today).first()
            by = holder.person if holder else self.keeper
            EffectEvaluation.objects.create(
                measure=measure, verdict=told["verdict"], evidence=told["evidence"], by=by, on=on
            )
            duty.done, duty.done_by = measure.ended, by
            duty.save(update_fields=["done", "done_by"])

    def move_back(self, known: int) -> None:
        """To the day the plans were made. The trail comes last: moving a row back leaves its mark there too."""
        then = timezone.make_aware(datetime.combine(self.today - MADE, time(9)))
        keys = [thing.pk for thing in self.things.values()]
        Item.objects.filter(pk__in=keys).update(created=then, updated=then)
        Event.objects.filter(item__in=keys).update(at=then)
        Placement.objects.filter(item__in=keys).update(at=then)
        duties = FollowUp.objects.filter(pk__in=Measure.objects.exclude(evaluation=None).values("evaluation"))
        duties.update(created=then)
        for said in EffectEvaluation.objects.all():
            EffectEvaluation.objects.filter(pk=said.pk).update(
                at=timezone.make_aware(datetime.combine(said.on, time(10)))
            )
        Change.objects.filter(pk__gt=known).update(at=then)


def _stones(told: list[dict]) -> Iterator[Cornerstone]:
    for order, each in enumerate(told):
        yield Cornerstone(order=order, **each)


def _walk(things: list[dict], parent: str | None) -> Iterator[tuple[str, dict, str | None]]:
    """Every thing with its kind and the title of what it lies under, from the top down."""
    for each in things:
        kind = next(kind for kind in KINDS if kind in each)
        yield kind, each, parent
        yield from _walk(each.get("below", []), each[kind])
