"""What stands in a plan: the tree of it, where each thing comes from, and what is lacking."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from styrhus.items.keeping import vacant_positions
from styrhus.items.models import Item
from styrhus.organisation.models import Unit
from styrhus.planning.models import Cornerstone, Goal, Measure, Placement, Plan, Thread
from styrhus.planning.models.plan_types import Decider
from styrhus.planning.queries.threads import ACTS, CONTENTS, all_below, arranged

PER_PAGE = 50
# More rows than this and only the first level is drawn.
TWO_LEVELS = 120
GOAL, MEASURE = Goal.kind_name(), Measure.kind_name()


@dataclass(slots=True)
class Place:
    """One thing where it stands in a plan: the bare facts of thousands are read in one query."""

    pk: int
    kind: str
    has_ended: bool
    responsible: int
    part_of: int | None
    order: int
    fetched_from: int | None


@dataclass
class Row:
    """One line of a plan's contents as it is drawn."""

    place: Place
    item: Item
    depth: int
    below: int
    done: tuple[int, int]
    gaps: list[str]
    origin: str = ""
    progress: int | None = None
    way: list[str] = field(default_factory=list)
    has_more: bool = False
    adds: list[dict] = field(default_factory=list)
    revise_url: str = ""

    @property
    def url(self) -> str:
        return page_of_kind(self.item)


def page_of_kind(item: Item) -> str:
    """The page of an item without the detour by its number."""
    model = next((model for model in CONTENTS if model.kind_name() == item.kind), None)
    return model(pk=item.pk).get_absolute_url() if model else item.get_absolute_url()


class Contents:
    """The contents of one plan as one person sees them: read once, asked many things."""

    def __init__(self, plan: Plan, person):
        self.plan, self.person = plan, person
        self.seen = Item.objects.visible_to(person)
        rows = (
            self.seen.filter(placements__plan=plan.pk)
            .order_by("placements__order", "placements__pk")
            .values_list(
                "pk",
                "kind",
                ExpressionWrapper(Q(ended__isnull=False), BooleanField()),
                "responsible_id",
                "thread__part_of",
                "placements__order",
                "placements__fetched_from",
            )
        )
        self.places = {row[0]: Place(*row) for row in rows}
        self.under = arranged((place.pk, place.part_of) for place in self.places.values())

    @cached_property
    def followed(self) -> set[int]:
        """What somebody does something about: a measure or an assignment follows from it, here or anywhere.

        A goal that another plan specifies is followed there, and its own gaps are shown there.
        """
        acts = Q(item__kind__in=ACTS)
        elsewhere = Q(item__kind=GOAL) & ~Exists(Placement.objects.filter(plan=self.plan.pk, item=OuterRef("item")))
        parts = Thread.objects.filter(acts | elsewhere, part_of=OuterRef("item")).order_by()
        # A subquery with a limit stops at the first one; EXISTS is turned into a join of everything in every plan.
        first = Subquery(parts.values("pk")[:1])
        goals = Placement.objects.filter(plan=self.plan.pk, item__kind=GOAL).alias(first=first)
        found = set(goals.filter(first__isnull=False).order_by().values_list("item_id", flat=True))
        for key in list(found):
            found.update(self.way_to(key))
        return found

    @cached_property
    def vacant(self) -> set[int]:
        """The positions that nobody holds today."""
        return set(vacant_positions(date.today()))

    def way_to(self, key: int) -> list[int]:
        """The keys above one, from the nearest up."""
        found: list[int] = []
        place = self.places.get(key)
        while place and place.part_of and place.part_of in self.places and place.part_of not in found:
            found.append(place.part_of)
            place = self.places[place.part_of]
        return found

    def is_without_act(self, place: Place) -> bool:
        return place.kind == GOAL and not place.has_ended and place.pk not in self.followed

    def is_without_holder(self, place: Place) -> bool:
        return not place.has_ended and place.responsible in self.vacant

    def gaps(self) -> dict[str, int]:
        places = self.places.values()
        return {
            "without_act": sum(self.is_without_act(place) for place in places),
            "without_holder": sum(self.is_without_holder(place) for place in places),
        }

    def branch(self, under: int | None) -> list[tuple[int, int]]:
        """What is drawn under a key, or at the top: key and depth, one level or two."""
        tops = self.under.get(under, [])
        lines = []
        for top in tops:
            lines.append((top, 0))
            lines += [(each, 1) for each in self.under.get(top, ())]
        return lines if len(lines) <= TWO_LEVELS else [(top, 0) for top in tops]

    def found(self, chosen: dict) -> list[int]:
        """The keys that fit what is asked for: words, unit, only mine, gaps."""
        keys = list(self.places)
        gap = chosen.get("gap")
        if gap:
            lacks = self.is_without_act if gap == "act" else self.is_without_holder
            keys = [key for key in keys if lacks(self.places[key])]
        wanted = self.seen.filter(pk__in=keys)
        if chosen.get("q"):
            wanted = wanted.with_words(chosen["q"])
        if chosen.get("unit"):
            wanted = wanted.filter(unit__in=Unit.objects.below(chosen["unit"]).values("pk"))
        if chosen.get("mine"):
            wanted = wanted.where(self.person, "item.follow_up")
        if chosen.get("kind"):
            wanted = wanted.filter(kind=chosen["kind"])
        fits = set(wanted.values_list("pk", flat=True))
        return [key for key in keys if key in fits]

    def lines(self, lines: Iterable[tuple[int, int]], *, with_way: bool = False) -> list[dict]:
        """What is needed to choose: the title with its place, and how much lies below that is not among them."""
        lines = list(lines)
        shown = {key for key, _depth in lines}
        above = {each for key in shown for each in self.way_to(key)} if with_way else set()
        titles = dict(self.seen.filter(pk__in=shown | above).values_list("pk", "title"))
        kinds = {model.kind_name(): model._meta.verbose_name for model in CONTENTS}
        return [
            {
                "place": self.places[key],
                "depth": depth,
                "title": titles[key],
                "kind": kinds[self.places[key].kind],
                "way": [titles[each] for each in reversed(self.way_to(key)) if each in titles] if with_way else [],
                "below": 0 if shown.issuperset(self.under.get(key, ())) else len(all_below(self.under, key)),
            }
            for key, depth in lines
            if key in titles
        ]

    def rows(self, lines: Iterable[tuple[int, int]], *, with_way: bool = False) -> list[Row]:
        lines = list(lines)
        keys = {key for key, _depth in lines}
        above = {each for key in keys for each in self.way_to(key)} if with_way else set()
        items = self.seen.select_related("unit", "responsible").in_bulk(keys | above)
        origins = self._origins(keys)
        progress = self._progress(keys)
        shown = {key for key, _depth in lines}
        rows = []
        for key, depth in lines:
            if key not in items:
                continue
            place = self.places[key]
            inside = all_below(self.under, key)
            rows.append(
                Row(
                    place,
                    items[key],
                    depth,
                    len(inside),
                    self._done(inside),
                    self._gaps_in_words(place),
                    origins.get(place.fetched_from or 0, ""),
                    progress.get(key),
                    [items[each].title for each in reversed(self.way_to(key)) if each in items] if with_way else [],
                    bool(inside) and not with_way and not shown.issuperset(self.under.get(key, ())),
                )
            )
        return rows

    def _done(self, keys: list[int]) -> tuple[int, int]:
        acts = [self.places[key] for key in keys if self.places[key].kind in ACTS]
        return sum(act.has_ended for act in acts), len(acts)

    def _gaps_in_words(self, place: Place) -> list[str]:
        found = []
        if self.is_without_act(place):
            found.append(_("No measure or assignment follows up this goal"))
        if self.is_without_holder(place):
            found.append(_("Nobody holds the position that answers for this"))
        return found

    def _origins(self, keys: set[int]) -> dict[int, str]:
        plans = {origin for key in keys if (origin := self.places[key].fetched_from)}
        return dict(Plan.objects.filter(pk__in=plans).values_list("pk", "title")) if plans else {}

    def _progress(self, keys: set[int]) -> dict[int, int]:
        measures = [key for key in keys if self.places[key].kind == MEASURE]
        return dict(Measure.objects.filter(pk__in=measures).values_list("pk", "progress")) if measures else {}


def why_closed(plan: Plan) -> str:
    """Why nothing may be put into or taken out of a plan, or nothing."""
    if plan.ended is not None:
        return _("“%(plan)s” is no longer in force: its state is “%(state)s”.") % {
            "plan": plan.title,
            "state": plan.get_state_display(),
        }
    if plan.binds:
        return _(
            "“%(plan)s” is adopted by the council, so what it says stands until a new version is made. "
            "It can be specified: add a goal, a measure or an assignment that follows from it."
        ) % {"plan": plan.title}
    return ""


def open_plans(person):
    """Plans whose contents a person may change: not ended, and not bound by a decision of the council."""
    bound = Q(state=Plan.ADOPTED, type__decided_by=Decider.COUNCIL)
    plans = Plan.objects.visible_to(person).where(person, "plan.edit").filter(ended__isnull=True).exclude(bound)
    return plans.order_by("type__order", "title_key", "pk")


def binding_plan(thing) -> Plan | None:
    """The plan adopted by the council that a thing stands in as its own, if any; the database asks the same.

    What a version has from the one before it is its own as well.
    """
    standing = Placement.objects.filter(item=thing.pk, plan__state=Plan.ADOPTED)
    bound = standing.filter(plan__type__decided_by=Decider.COUNCIL).select_related("plan__type", "fetched_from")
    return next((place.plan for place in bound if place.is_own), None)


def bound_by_plan(thing) -> list[str]:
    """A guard: what the council has adopted is neither dropped nor withdrawn below."""
    plan = binding_plan(thing)
    if plan is None:
        return []
    return [
        _("It stands in “%(plan)s”, which the council has adopted. It can be let go in a new version of that plan.")
        % {"plan": plan.title}
    ]


def solution_is_chosen(assignment) -> list[str]:
    """A guard: every assignment says by which governance model it is solved."""
    if assignment.solution:
        return []
    return [_("Choose the solution first: in the line, as a project, by contract or through ownership.")]


def standing_of(thing, person) -> list[Placement]:
    """The plans a thing stands in, as far as the person may see them: its own first."""
    plans = Plan.objects.visible_to(person).values("pk")
    found = Placement.objects.filter(item=thing.pk, plan__in=plans).select_related("plan__type", "fetched_from")
    return sorted(found, key=lambda each: (each.fetched_from_id is not None, -each.plan.first_year, each.pk))


def cornerstones_on(day: date):
    return Cornerstone.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def challenges_read(person, on: date) -> list[dict]:
    """Each challenge of a day with how many goals and measures carry it, by state, as far as a person sees them."""
    models = (Goal, Measure)
    read = []
    for stone in cornerstones_on(on).filter(kind=Cornerstone.Kind.CHALLENGE):
        counts = {
            model: dict(
                model._default_manager.visible_to(person)
                .filter(cornerstones=stone.pk)
                .order_by()
                .values_list("state")
                .annotate(count=Count("pk"))
            )
            for model in models
        }
        read.append(
            {
                "challenge": stone,
                "goals": _by_state(Goal, counts[Goal]),
                "measures": _by_state(Measure, counts[Measure]),
            }
        )
    return read


def _by_state(model, counts: dict) -> list[dict]:
    return [
        {"state": state, "label": state.label, "count": counts[state.name]}
        for state in model.flow.states
        if state.name in counts
    ]
