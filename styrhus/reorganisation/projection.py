"""The tree as a reorganisation makes it: worked out without touching anything, and what stands in the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from styrhus.organisation.models import UnitKind
from styrhus.organisation.queries import UnitRow
from styrhus.reorganisation.models import Change, Reorganisation

Key = int | str


@dataclass
class Projection:
    """`heirs`: the units that close and who takes over, the first being the one that gets what nobody placed."""

    on: date
    before: dict[Key, UnitRow]
    after: dict[Key, UnitRow]
    heirs: dict[int, list[Key]] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)

    def name(self, key: Key | None) -> str:
        row = self.after.get(key) or self.before.get(key) if key is not None else None
        return row.name if row else "–"

    def closed(self) -> list[int]:
        return list(self.heirs)

    def made(self) -> list[UnitRow]:
        return [row for key, row in self.after.items() if key not in self.before]

    def changed(self) -> list[UnitRow]:
        """Those that go on, but not as they were."""
        return [row for key, row in self.after.items() if key in self.before and row != self.before[key]]

    def touched(self) -> set[int]:
        """Every unit of today that is closed or changed, or takes over from one that is closed."""
        heirs = {key for keys in self.heirs.values() for key in keys}
        keys = {*self.heirs, *heirs, *(row.pk for row in self.changed())}
        return {key for key in keys if isinstance(key, int)}


def project(units: Iterable[UnitRow], reorganisation: Reorganisation, changes: Iterable[Change]) -> Projection:
    """Takes the changes in order. What cannot be done is an obstacle, and the rest is worked out all the same."""
    rows: dict[Key, UnitRow] = {row.pk: row for row in units}
    found = Projection(reorganisation.on, rows, dict(rows))
    for change in changes:
        _APPLY[Change.Kind(change.kind)](found, change)
    _settle_heirs(found)
    _settle_children(found)
    found.obstacles += list(_codes_used_twice(found))
    found.obstacles += list(_outliving(found))
    return found


def _there(found: Projection, key: Key | None, named: str = "") -> bool:
    """Is the unit there when this change comes? If not, that is an obstacle."""
    if key in found.after:
        return True
    name = found.name(key) if found.name(key) != "–" else named
    if key in found.heirs:
        found.obstacles.append(
            _("“%(unit)s” is closed by this reorganisation, so it can be used only once. Take away one of the changes.")
            % {"unit": name}
        )
    else:
        found.obstacles.append(
            _("“%(unit)s” is not there on the day this is to hold from. Choose another unit or another day.")
            % {"unit": name}
        )
    return False


def _parent_is_there(found: Projection, change: Change) -> bool:
    return change.parent_key is None or _there(found, change.parent_key, str(change.parent or ""))


def _create(found: Projection, change: Change) -> None:
    if not _parent_is_there(found, change):
        return
    found.after[change.key] = UnitRow(
        change.key,
        change.name,
        change.unit_kind or UnitKind.OPERATING_UNIT,
        change.code,
        change.organisation_number,
        change.parent_key,
        None,
    )


def _rename(found: Projection, change: Change) -> None:
    """An empty field leaves what was."""
    if change.unit_id is None or not _there(found, change.unit_id, str(change.unit)):
        return
    row = found.after[change.unit_id]
    found.after[change.unit_id] = replace(
        row,
        name=change.name or row.name,
        kind=change.unit_kind or row.kind,
        code=change.code or row.code,
        organisation_number=change.organisation_number or row.organisation_number,
    )


def _move(found: Projection, change: Change) -> None:
    if change.unit_id is None or not _there(found, change.unit_id, str(change.unit)):
        return
    if not _parent_is_there(found, change):
        return
    if change.unit_id in _upwards(found, change.parent_key):
        found.obstacles.append(
            _("“%(unit)s” cannot be placed under itself. Choose a unit that does not lie below it.")
            % {"unit": found.name(change.unit_id)}
        )
        return
    found.after[change.unit_id] = replace(found.after[change.unit_id], parent_id=change.parent_key)


def _upwards(found: Projection, key: Key | None) -> Iterator[Key]:
    """A unit and all above it."""
    while key is not None and key in found.after:
        yield key
        key = found.after[key].parent_id


def _merge(found: Projection, change: Change) -> None:
    merged = [unit for unit in change.units.all() if unit.pk != change.successor_id]
    missing = [unit for unit in merged if not _there(found, unit.pk, str(unit))]
    if missing:
        return
    if change.successor_id is None:
        _create(found, change)
    elif not _there(found, change.successor_id, str(change.successor)):
        return
    heir: Key = change.successor_id or change.key
    if heir in found.after:
        for unit in merged:
            _close_with(found, unit.pk, [heir])


def _split(found: Projection, change: Change) -> None:
    if change.unit_id is None or not _there(found, change.unit_id, str(change.unit)):
        return
    old, parts = found.after[change.unit_id], list(change.parts.all())
    for part in parts:
        found.after[part.key] = replace(old, pk=part.key, name=part.name, code=part.code, organisation_number="")
    placed = {choice.unit_id: part.key for part in parts for choice in part.choices.all() if choice.unit_id}
    for key, row in list(found.after.items()):
        if row.parent_id == change.unit_id and key in placed:
            found.after[key] = replace(row, parent_id=placed[key])
    _close_with(found, change.unit_id, [part.key for part in parts])


def _close(found: Projection, change: Change) -> None:
    if change.unit_id is None or not _there(found, change.unit_id, str(change.unit)):
        return
    if change.successor_id == change.unit_id:
        found.obstacles.append(_("A unit cannot take over after itself."))
    elif change.successor_id is None:
        _close_with(found, change.unit_id, [])
    elif _there(found, change.successor_id, str(change.successor)):
        _close_with(found, change.unit_id, [change.successor_id])


def _close_with(found: Projection, key: int, heirs: list[Key]) -> None:
    """Closes a unit; an heir that lies right under it takes its place."""
    old = found.after.pop(key)
    found.heirs[key] = heirs
    for heir in heirs:
        row = found.after[heir]
        if row.parent_id == key:
            found.after[heir] = replace(row, parent_id=old.parent_id)


def _settle_heirs(found: Projection) -> None:
    """Who took over and was closed later in the same reorganisation gives its own heirs what it got."""
    found.heirs = {key: list(dict.fromkeys(_last_heirs(found, key))) for key in found.heirs}


def _last_heirs(found: Projection, key: Key) -> Iterator[Key]:
    for heir in found.heirs[int(key)]:
        if heir in found.heirs:
            yield from _last_heirs(found, heir)
        else:
            yield heir


def _settle_children(found: Projection) -> None:
    """What lay right under a closed unit lies under its heir; without an heir it is in the way."""
    for key, row in list(found.after.items()):
        if row.parent_id not in found.heirs:
            continue
        heirs = found.heirs[row.parent_id]
        if heirs and heirs[0] in found.after and key not in _upwards(found, heirs[0]):
            found.after[key] = replace(row, parent_id=heirs[0])
            continue
        found.obstacles.append(
            _("“%(below)s” lies under “%(unit)s”, which is closed. Move it first, or say who takes over.")
            % {"below": row.name, "unit": found.name(row.parent_id)}
        )


def _codes_used_twice(found: Projection) -> Iterator[str]:
    seen: dict[str, UnitRow] = {}
    for row in found.after.values():
        other = seen.setdefault(row.code, row) if row.code else row
        if other is not row and (row.pk not in found.before or row != found.before[row.pk] or other.pk in found.before):
            yield _("“%(one)s” and “%(other)s” would both have the code %(code)s. Give one of them another.") % {
                "one": other.name,
                "other": row.name,
                "code": row.code,
            }


def _outliving(found: Projection) -> Iterator[str]:
    for row in found.after.values():
        over = found.after.get(row.parent_id) if row.parent_id is not None else None
        if over and over.until and (row.until is None or row.until > over.until):
            yield _("“%(unit)s” would outlive “%(over)s”, which it is part of. Place it elsewhere.") % {
                "unit": row.name,
                "over": over.name,
            }


_APPLY = {
    Change.Kind.CREATE: _create,
    Change.Kind.RENAME: _rename,
    Change.Kind.MOVE: _move,
    Change.Kind.MERGE: _merge,
    Change.Kind.SPLIT: _split,
    Change.Kind.CLOSE: _close,
}
