"""What a reorganisation will do, worked out without doing anything: the same plan that is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter

from django.db.models import Count, Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.items.models import FollowUp, Item
from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.models import Position, PositionRole, Unit, UnitPeriod
from styrhus.organisation.queries import UNIT_COLUMNS, UnitRow, in_force, units_on
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.projection import Key, Projection, project


@dataclass
class Handover:
    """What one closed unit leaves and who gets it. `leader`: the leading position that ends, when it does."""

    old: UnitRow
    heirs: list[Key]
    change: Change | None = None
    positions: list[Position] = field(default_factory=list)
    # Position → part or unit it goes to; those not named end.
    goes_to: dict[int, Key] = field(default_factory=dict)
    open_items: int = 0
    ended_items: int = 0

    @property
    def ends(self) -> list[Position]:
        return [position for position in self.positions if position.pk not in self.goes_to]

    def leaders_to(self, heir: Key) -> list[Position]:
        return [one for one in self.positions if one.leads and self.goes_to.get(one.pk) == heir]


@dataclass
class Plan:
    """Everything that will be done. `leads`: the position that leads each heir afterwards, where there is one."""

    reorganisation: Reorganisation
    projection: Projection
    handovers: list[Handover]
    leads: dict[Key, Position | None]
    # Which leading position a new, vacant one is made after, by heir.
    made_after: dict[Key, Position]
    roles: list[PositionRole]
    follow_ups: int
    items_of_leaders: int
    obstacles: list[str]

    @property
    def ends(self) -> list[tuple[Position, Key | None]]:
        """Each position that is closed, and the unit whose leading position answers instead."""
        return [(position, next(iter(each.heirs), None)) for each in self.handovers for position in each.ends]

    @property
    def is_empty(self) -> bool:
        return not self.handovers and not self.projection.changed() and not self.projection.made()


def changes_of(reorganisation: Reorganisation) -> list[Change]:
    related = ("unit", "parent", "successor", "leader__unit", "parent_change", "reorganisation")
    return list(reorganisation.changes.select_related(*related).prefetch_related("units", "parts__choices"))


def living_units(on: date) -> list[UnitRow]:
    """The tree as it is registered now, without what is closed before the date."""
    found = Unit.objects.living(on).values_list("pk", *UNIT_COLUMNS)
    return [UnitRow(*row) for row in found.order_by(NorwegianKey("name"), "pk")]


def projected(reorganisation: Reorganisation) -> Projection:
    return project(living_units(reorganisation.on), reorganisation, changes_of(reorganisation))


def units_as_planned(on: date) -> list[UnitRow]:
    """The tree on a date to come, with every reorganisation that is planned until then."""
    rows = units_on(on)
    for each in Reorganisation.objects.filter(state=Reorganisation.State.PLANNED, on__lte=on).order_by("on", "pk"):
        rows = list(project(rows, each, changes_of(each)).after.values())
    return rows


def planned_dates(after: date) -> list[date]:
    planned = Reorganisation.objects.filter(state=Reorganisation.State.PLANNED, on__gt=after)
    return list(planned.order_by("on").values_list("on", flat=True).distinct())


def plan_of(reorganisation: Reorganisation, changes: list[Change] | None = None) -> Plan:
    """Works it all out. The number of queries does not grow with what there is to move."""
    changes = changes_of(reorganisation) if changes is None else changes
    found = project(living_units(reorganisation.on), reorganisation, changes)
    handovers = _handovers(found, changes)
    leads, made_after, obstacles = _leading(found, handovers, reorganisation.on)
    ended = [position.pk for each in handovers for position in each.ends]
    left = _left_by(ended)
    plan = Plan(
        reorganisation,
        found,
        handovers,
        leads,
        made_after,
        roles=_roles_that_reach(found.closed(), ended),
        follow_ups=left.get("follow_ups", 0),
        items_of_leaders=left.get("items", 0),
        obstacles=found.obstacles + obstacles,
    )
    plan.obstacles += [*_too_late(plan), *_codes_taken(plan), *_nobody_takes_over(plan)]
    if not changes:
        plan.obstacles.append(_("Nothing is to be changed yet. Add what is to become otherwise."))
    return plan


def _left_by(ended: list[int]) -> dict[str, int]:
    """How many follow-ups and items the positions that end answer for. One question."""
    counted = [
        rows.filter(responsible__in=ended).order_by().values_list(Value(name)).annotate(number=Count("pk"))
        for name, rows in (("follow_ups", FollowUp.objects), ("items", Item.objects))
    ]
    return dict(counted[0].union(counted[1], all=True).order_by()) if ended else {}


def _handovers(found: Projection, changes: Iterable[Change]) -> list[Handover]:
    by_unit = {change.unit_id: change for change in changes if change.unit_id}
    by_unit |= {unit.pk: change for change in changes for unit in change.units.all()}
    handovers = {key: Handover(found.before[key], heirs, by_unit.get(key)) for key, heirs in found.heirs.items()}
    for position in _positions_in(found.closed(), found.on):
        handovers[position.unit_id].positions.append(position)
    counted = Item.objects.filter(unit__in=found.closed()).values("unit").order_by()
    for row in counted.annotate(open=Count("pk", filter=Q(ended__isnull=True)), ended_=Count("ended")):
        handovers[row["unit"]].open_items = row["open"]
        handovers[row["unit"]].ended_items = row["ended_"]
    for each in handovers.values():
        each.goes_to = _places(each)
    return list(handovers.values())


def _positions_in(units: list[int], on: date):
    positions = Position.objects.living(on).filter(unit__in=units)
    return (
        positions.select_related("unit").prefetch_related(in_force(on), "roles").order_by("unit__path", "-leads", "pk")
    )


def _places(handover: Handover) -> dict[int, Key]:
    """Where each position goes: as chosen, otherwise to the first heir. Leading positions are settled afterwards."""
    if not handover.heirs:
        return {}
    placed = {position.pk: handover.heirs[0] for position in handover.positions}
    if handover.change and handover.change.kind == Change.Kind.SPLIT:
        for part in handover.change.parts.all():
            chosen = {choice.position_id: part.key for choice in part.choices.all() if choice.position_id in placed}
            placed |= chosen
    return placed


def _leading(found: Projection, handovers: list[Handover], on: date):
    """One leading position for each heir: the heir's own, the one that was chosen, the only one there is, or a new."""
    heirs = list(dict.fromkeys(heir for each in handovers for heir in each.heirs))
    there = Position.objects.living(on).filter(unit__in=[key for key in heirs if isinstance(key, int)], leads=True)
    own: dict[Key, Position] = {position.unit_id: position for position in there.select_related("unit")}
    leads: dict[Key, Position | None] = {}
    made_after: dict[Key, Position] = {}
    obstacles: list[str] = []
    for heir in heirs:
        arriving = [(each, position) for each in handovers for position in each.leaders_to(heir)]
        leads[heir] = _keeps(found, heir, own.get(heir), arriving, obstacles)
        _end_the_others(arriving, leads[heir])
        if leads[heir] is None and (model := _model_of_leader(heir, arriving, handovers)):
            made_after[heir] = model
    return leads, made_after, obstacles


def _keeps(found: Projection, heir: Key, own: Position | None, arriving, obstacles: list[str]) -> Position | None:
    """The position that goes on leading the heir."""
    chosen = next((one for each, one in arriving if each.change and each.change.leader_id == one.pk), None)
    if own and chosen:
        obstacles.append(
            _("“%(unit)s” would have two leading positions: %(own)s and %(chosen)s. Keep one of them.")
            % {"unit": found.name(heir), "own": own.title, "chosen": chosen.title}
        )
    return own or chosen or (arriving[0][1] if len(arriving) == 1 else None)


def _end_the_others(arriving, keeps: Position | None) -> None:
    for each, position in arriving:
        if position is not keeps:
            del each.goes_to[position.pk]


def _model_of_leader(heir: Key, arriving, handovers: list[Handover]) -> Position | None:
    """The leading position that a new one takes title and roles from."""
    if arriving:
        return arriving[0][1]
    split = next((each for each in handovers if heir in each.heirs), None)
    return next((position for position in split.positions if position.leads), None) if split else None


def _roles_that_reach(closed: list[int], ended: list[int]) -> list[PositionRole]:
    if not closed:
        return []
    roles = PositionRole.objects.filter(reach__in=closed).exclude(position__in=ended)
    return list(roles.select_related("position__unit", "reach").order_by("pk"))


def _too_late(plan: Plan) -> list[str]:
    """History is written forwards: what has been changed since cannot be changed from before that."""
    touched, on = plan.projection.touched(), plan.projection.on
    later = UnitPeriod.objects.filter(unit__in=touched, since__gt=on).order_by()
    began = Unit.objects.filter(pk__in=plan.projection.closed(), since__gte=on).order_by()
    found = later.values_list("name", "since", Value(0)).union(began.values_list("name", "since", Value(1)), all=True)
    words = (
        _("“%(unit)s” has been changed since, on %(day)s. Choose that day or a later one."),
        _("“%(unit)s” begins on %(day)s and can be closed the day after at the earliest. Choose a later day."),
    )
    said = [
        words[which] % {"unit": name, "day": date_format(day)}
        for name, day, which in sorted(found, key=itemgetter(2, 1))
    ]
    begun = [position for position, _heir in plan.ends if position.since >= on]
    return said + [
        _("The position “%(title)s” in “%(unit)s” begins on %(day)s and can end the day after at the earliest.")
        % {"title": position.title, "unit": position.unit.name, "day": date_format(position.since)}
        for position in begun
    ]


def _codes_taken(plan: Plan) -> list[str]:
    """A code that a unit outside the tree of the day has: one closed long ago, or one that begins later."""
    found = plan.projection
    codes = {row.code: row.name for row in [*found.made(), *found.changed()] if row.code}
    others = Unit.objects.filter(code__in=codes).exclude(pk__in=[key for key in found.before if isinstance(key, int)])
    return [
        _("“%(one)s” and “%(other)s” would both have the code %(code)s. Give one of them another.")
        % {"one": codes[unit.code], "other": unit.name, "code": unit.code}
        for unit in others
    ]


def _nobody_takes_over(plan: Plan) -> list[str]:
    """A unit with anything left to answer for is not closed without an heir."""
    said = []
    for each in plan.handovers:
        if each.heirs:
            continue
        held = sum(bool(holders_of(position)) for position in each.positions)
        if each.open_items:
            words = ngettext(
                "“%(unit)s” has %(count)s thing that is not finished. Say who takes over.",
                "“%(unit)s” has %(count)s things that are not finished. Say who takes over.",
                each.open_items,
            )
            said.append(words % {"unit": each.old.name, "count": each.open_items})
        if held:
            words = ngettext(
                "“%(unit)s” has %(count)s position with people in it. Say who takes over.",
                "“%(unit)s” has %(count)s positions with people in them. Say who takes over.",
                held,
            )
            said.append(words % {"unit": each.old.name, "count": held})
    ended = [position.pk for each in plan.handovers if not each.heirs for position in each.positions]
    waiting = Item.objects.filter(responsible__in=ended, ended__isnull=True).exclude(unit__in=plan.projection.closed())
    promised = FollowUp.objects.open().filter(responsible__in=ended)
    if ended and (waiting.exists() or promised.exists()):
        said.append(_("Positions that are closed still answer for something. Say who takes over."))
    return said


def holders_of(position: Position) -> list:
    """The appointments on the day, as they were fetched for all positions at once."""
    return getattr(position, "holders_now", [])


def day_before(on: date) -> date:
    return on - timedelta(days=1)


def visible_to(person):
    """Drafts are for those who prepare them; what is planned concerns everybody who sees the organisation."""
    found = Reorganisation.objects.all()
    if person.has_perm("organisation.reorganise"):
        return found
    return found.exclude(state=Reorganisation.State.DRAFT) if person.has_perm("organisation.view") else found.none()
