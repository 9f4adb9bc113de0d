"""The dry run as people read it: what moves from where to where, and the tree before and after."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.models import FollowUp, Item
from styrhus.organisation.drawing import drawn
from styrhus.organisation.models import Position, Unit
from styrhus.organisation.queries import UnitRow, arranged
from styrhus.reorganisation.models import Change
from styrhus.reorganisation.projection import Key, Projection
from styrhus.reorganisation.queries import Handover, Plan, holders_of
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


def _with_holders(position: Position) -> str:
    names = ", ".join(str(held.person) for held in holders_of(position))
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
    if not plan.follow_ups:
        return Section("follow_ups", 0, [])
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
