"""What a reorganisation will do, worked out without doing anything: the same plan that is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.apps import apps
from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.items.models import FollowUp, Item
from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.drawing import drawn
from styrhus.organisation.models import Position, PositionRole, Unit, UnitPeriod
from styrhus.organisation.queries import UNIT_COLUMNS, UnitRow, arranged, in_force, units_on
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.projection import Key, Projection, project
from styrhus.reorganisation.references import GIVEN_ANEW

SHOWN = 50
SECTIONS = {
    "units": gettext_lazy("Units"),
    "positions": gettext_lazy("Positions that go along"),
    "ended": gettext_lazy("Positions that end, and who answers instead"),
    "items": gettext_lazy("What the units answer for"),
    "follow_ups": gettext_lazy("Follow-ups that get a new responsible position"),
    "roles": gettext_lazy("Roles that will reach another unit"),
    "authority": gettext_lazy("Authority that must be given anew"),
}


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


def plan_of(reorganisation: Reorganisation) -> Plan:
    """Works it all out. The number of queries does not grow with what there is to move."""
    changes = changes_of(reorganisation)
    found = project(living_units(reorganisation.on), reorganisation, changes)
    handovers = _handovers(found, changes)
    leads, made_after, obstacles = _leading(found, handovers, reorganisation.on)
    ended = [position.pk for each in handovers for position in each.ends]
    plan = Plan(
        reorganisation,
        found,
        handovers,
        leads,
        made_after,
        roles=_roles_that_reach(found.closed(), ended),
        follow_ups=FollowUp.objects.filter(responsible__in=ended).count() if ended else 0,
        items_of_leaders=Item.objects.filter(responsible__in=ended).count() if ended else 0,
        obstacles=found.obstacles + obstacles,
    )
    plan.obstacles += [*_too_late(plan), *_codes_taken(plan), *_nobody_takes_over(plan)]
    if not changes:
        plan.obstacles.append(_("Nothing is to be changed yet. Add what is to become otherwise."))
    return plan


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
    later = UnitPeriod.objects.filter(unit__in=touched, since__gt=on).values_list("name", "since").order_by("since")
    said = [
        _("“%(unit)s” has been changed since, on %(day)s. Choose that day or a later one.")
        % {"unit": name, "day": date_format(day)}
        for name, day in later
    ]
    began = Unit.objects.filter(pk__in=plan.projection.closed(), since__gte=on)
    said += [
        _("“%(unit)s” begins on %(day)s and can be closed the day after at the earliest. Choose a later day.")
        % {"unit": unit.name, "day": date_format(unit.since)}
        for unit in began
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
        held = sum(bool(_holders(position)) for position in each.positions)
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


@dataclass(frozen=True)
class Line:
    """One thing that moves. `url` is empty for what has no page yet."""

    what: str
    source: str
    target: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """What moves of one sort: how many there are, and those of them that the reader may see."""

    name: str
    count: int
    lines: list[Line]

    @property
    def label(self) -> str | Promise:
        return SECTIONS[self.name]

    @property
    def unshown(self) -> int:
        return self.count - len(self.lines)


def sections_of(plan: Plan, person) -> list[Section]:
    """Everything that will move, for one reader: what that person may not see is counted, not named."""
    return [
        section
        for section in (
            _units(plan),
            _positions(plan),
            _ended(plan),
            _items(plan, person),
            _duties(plan, person),
            _reaches(plan),
            _authority(plan, person),
        )
        if section.count
    ]


def _units(plan: Plan) -> Section:
    found = plan.projection
    lines = [Line(row.name, "–", _place(found, row)) for row in found.made()]
    for row in found.changed():
        was = found.before[row.pk]
        lines.append(Line(was.name, _described(found, was, row), _described(found, row, was), _address(row)))
    for each in plan.handovers:
        heirs = ", ".join(found.name(heir) for heir in each.heirs)
        lines.append(Line(each.old.name, _("is closed"), heirs or _("nobody takes over"), _address(each.old)))
    return Section("units", len(lines), lines[: 4 * SHOWN])


def _address(row: UnitRow) -> str:
    return Unit(pk=row.pk).get_absolute_url() if isinstance(row.pk, int) else ""


def _place(found: Projection, row: UnitRow) -> str:
    over = found.name(row.parent_id) if row.parent_id is not None else _("the top")
    return _("new unit under %(parent)s") % {"parent": over}


def _described(found: Projection, row: UnitRow, other: UnitRow) -> str:
    """What is different about a unit, in a few words."""
    said = []
    if row.name != other.name:
        said.append(row.name)
    if row.code != other.code:
        said.append(_("code %(code)s") % {"code": row.code or "–"})
    if row.kind != other.kind:
        said.append(str(Unit(kind=row.kind).get_kind_display()))
    if row.organisation_number != other.organisation_number:
        said.append(row.organisation_number or "–")
    if row.parent_id != other.parent_id:
        over = found.name(row.parent_id) if row.parent_id is not None else _("the top")
        said.append(_("under %(parent)s") % {"parent": over})
    return ", ".join(said)


def _positions(plan: Plan) -> Section:
    lines = []
    for each in plan.handovers:
        for position in each.positions:
            if position.pk in each.goes_to:
                target = plan.projection.name(each.goes_to[position.pk])
                lines.append(Line(_with_holders(position), each.old.name, target, position.get_absolute_url()))
    lines += [
        Line(like.title, "–", _("new and vacant in %(unit)s") % {"unit": plan.projection.name(heir)})
        for heir, like in plan.made_after.items()
    ]
    return Section("positions", len(lines), lines[:SHOWN])


def _holders(position: Position) -> list:
    """The appointments on the day, as they were fetched for all positions at once."""
    return getattr(position, "holders_now", [])


def _with_holders(position: Position) -> str:
    names = ", ".join(str(held.person) for held in _holders(position))
    return f"{position.title} ({names})" if names else position.title


def _ended(plan: Plan) -> Section:
    lines = [
        Line(_with_holders(position), position.unit.name, _leader_in(plan, heir), position.get_absolute_url())
        for position, heir in plan.ends
    ]
    return Section("ended", len(lines), lines[:SHOWN])


def _leader_in(plan: Plan, heir: Key | None) -> str:
    if heir is None:
        return "–"
    leader = plan.leads.get(heir) or plan.made_after.get(heir)
    return f"{leader.title}, {plan.projection.name(heir)}" if leader else plan.projection.name(heir)


def _items(plan: Plan, person) -> Section:
    closed = plan.projection.closed()
    count = sum(each.open_items + each.ended_items for each in plan.handovers if each.heirs)
    seen = Item.objects.visible_to(person).filter(unit__in=closed).select_related("unit", "responsible")
    targets = {each.old.pk: each for each in plan.handovers if each.heirs}
    chosen = _chosen_items(plan)
    lines = [
        Line(str(item), item.unit.name, _target_of(plan, targets[item.unit_id], item, chosen), item.get_absolute_url())
        for item in seen.order_by("ended", "due", "pk")[:SHOWN]
        if item.unit_id in targets
    ]
    return Section("items", count, lines)


def _chosen_items(plan: Plan) -> dict[int, Key]:
    parts = [
        part
        for each in plan.handovers
        if each.change and each.change.kind == Change.Kind.SPLIT
        for part in each.change.parts.all()
    ]
    return {choice.item_id: part.key for part in parts for choice in part.choices.all() if choice.item_id}


def _target_of(plan: Plan, handover: Handover, item: Item, chosen: dict[int, Key]) -> str:
    key = chosen.get(item.pk) or handover.goes_to.get(item.responsible_id) or handover.heirs[0]
    return plan.projection.name(key)


def _duties(plan: Plan, person) -> Section:
    ended = {position.pk: (position, heir) for position, heir in plan.ends}
    seen = FollowUp.objects.visible_to(person).filter(responsible__in=list(ended)).order_by("done", "due", "pk")
    lines = [
        Line(
            each.what,
            ended[each.responsible_id][0].title,
            _leader_in(plan, ended[each.responsible_id][1]),
            each.item.get_absolute_url(),
        )
        for each in seen[:SHOWN]
    ]
    return Section("follow_ups", plan.follow_ups, lines)


def _reaches(plan: Plan) -> Section:
    heirs = plan.projection.heirs
    lines = [
        Line(
            f"{role.get_role_display()}, {role.position.title}",
            role.reach.name,
            ", ".join(plan.projection.name(heir) for heir in heirs[role.reach_id]),
            role.position.get_absolute_url(),
        )
        for role in plan.roles
        if heirs[role.reach_id]
    ]
    return Section("roles", len(lines), lines[:SHOWN])


def _authority(plan: Plan, person) -> Section:
    """What the positions that end hold or have given: no heir gets it by itself."""
    label, names = GIVEN_ANEW
    ended = [position.pk for position, _heir in plan.ends]
    concerned = Q(*((f"{name}__in", ended) for name in names), _connector=Q.OR)
    rows = apps.get_model(label)._default_manager.filter(concerned, ended__isnull=True)
    count = rows.count() if ended else 0
    if not count:
        return Section("authority", 0, [])
    seen = rows.visible_to(person).select_related("holder__unit").order_by("holder__unit__path", "title", "pk")
    anew = str(_("must be given anew"))
    lines = [Line(str(each), _place_of(each.holder), anew, each.get_absolute_url()) for each in seen[:SHOWN]]
    return Section("authority", count, lines)


def _place_of(position: Position) -> str:
    return f"{position.title}, {position.unit.name}"


def outlines_of(plan: Plan) -> dict[str, SafeString]:
    """The part of the tree that is touched, before and after, each unit that becomes otherwise marked with a word."""
    found = plan.projection
    changed = {row.pk for row in found.changed()}
    before = {key: _("is closed") for key in found.closed()} | {key: _("is changed") for key in changed}
    after = {row.pk: _("new") for row in found.made()} | {key: _("changed") for key in changed}
    after |= {key: _("takes over") for heirs in found.heirs.values() for key in heirs if key in found.before}
    return {
        "before": drawn(arranged(_around(found.before, {*before, *after})), before, depth=9),
        "after": drawn(arranged(_around(found.after, {*before, *after})), after, depth=9),
    }


def _around(rows: dict[Key, UnitRow], touched: set[Key]) -> list[UnitRow]:
    """Those touched and everything above them, in their order."""
    wanted: set[Key] = set()
    for key in touched:
        at: Key | None = key
        while at is not None and at in rows and at not in wanted:
            wanted.add(at)
            at = rows[at].parent_id
    return [row for key, row in rows.items() if key in wanted]


def day_before(on: date) -> date:
    return on - timedelta(days=1)


def visible_to(person):
    """Drafts are for those who prepare them; what is planned concerns everybody who sees the organisation."""
    found = Reorganisation.objects.all()
    if person.has_perm("organisation.reorganise"):
        return found
    return found.exclude(state=Reorganisation.State.DRAFT) if person.has_perm("organisation.view") else found.none()
