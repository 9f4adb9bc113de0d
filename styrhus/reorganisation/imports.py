"""Reorganisations from a file: one for each date that the file names, carried out at once when the date has come."""

from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import Field, Kind, Loader, Row
from styrhus.kit.parsing import Unfit, choice, day, text
from styrhus.organisation.models import Unit, UnitPeriod
from styrhus.reorganisation.models import FIRST_DAY, TOO_EARLY, Change, Reorganisation
from styrhus.reorganisation.operations import carry_out
from styrhus.reorganisation.queries import Plan, plan_of

Sort = Change.Kind
# A split is prepared in the browser, where it is chosen what goes where.
IN_A_FILE = [(kind, label) for kind, label in Sort.choices if kind != Sort.SPLIT]

code = text(40)


def first_day(written: str) -> date:
    found = day(written)
    if found < FIRST_DAY:
        raise Unfit(str(TOO_EARLY))
    return found


class ReorganisationLoader(Loader):
    """Sees all rows at once: those of one date become one reorganisation, and a later date builds on an earlier.

    To decide is to do it and take it back: so the dry run cannot promise more than the load can keep.
    """

    def decide(self, rows):
        with transaction.atomic():
            self._through(rows, judge=True)
            transaction.set_rollback(True)

    def write(self, rows):
        self._through([row for row in rows if row.outcome == "added"], judge=False)

    def _through(self, rows: list[Row], *, judge: bool) -> None:
        sound = sorted((row for row in rows if not row.is_refused), key=lambda row: row["on"])
        for on, same in groupby(sound, key=itemgetter("on")):
            self._on_one_date(on, list(same), judge=judge)

    def _on_one_date(self, on: date, rows: list[Row], *, judge: bool) -> None:
        self.units = {unit.code: unit for unit in Unit.objects.living(on).exclude(code="")}
        self.done = _done_before(on) if judge else set()
        made = Reorganisation.objects.create(
            title=_("From a file, from %(day)s") % {"day": date_format(on)}, on=on, state=Reorganisation.State.PLANNED
        )
        self.made: dict[str, Change] = {}
        wanted = [row for row in rows if not judge or self._is_wanted(row)]
        changes = [self._change(row, made, place) for place, row in enumerate(wanted, 1)]
        self._keep(wanted, changes)
        if not any(changes):
            made.delete()
            return
        plan = plan_of(made)
        if plan.obstacles:
            _refuse(wanted, plan)
        elif made.is_due(date.today()):
            carry_out(made)

    def _is_wanted(self, row: Row) -> bool:
        """Decides about one row; what has been done already is done."""
        row.label = f"{row['code'] or row['new_code'] or ''}: {row['new_name'] or row['new_code'] or ''}"
        if _what(row) in self.done:
            return False
        for name in ("code", "successor"):
            needed = name == "successor" or self._sort(row) != Sort.CREATE
            if needed and row[name] is not None and row[name] not in self.units:
                row.refuse(name, _("No unit has the code “%(code)s” on this day.") % {"code": row[name]})
        if row["code"] is None and self._sort(row) != Sort.CREATE:
            row.refuse("code", _("Say which unit it is about."))
        if self._sort(row) == Sort.CREATE and not row["new_name"]:
            row.refuse("new_name", _("A new unit needs a name."))
        if self._sort(row) == Sort.MERGE and row["successor"] is None:
            row.refuse("successor", _("Say which unit it becomes part of."))
        if not row.is_refused:
            row.add()
        return not row.is_refused

    def _sort(self, row: Row) -> str:
        return row["change"] or Sort.RENAME

    def _change(self, row: Row, made: Reorganisation, place: int) -> Change:
        """A merger in a file is a row for each unit that goes into another."""
        sort = self._sort(row)
        change = Change(reorganisation=made, place=place, kind=Sort.CLOSE if sort == Sort.MERGE else sort)
        change.unit = self.units.get(row["code"]) if sort != Sort.CREATE else None
        change.code = row["new_code"] or (row["code"] if sort == Sort.CREATE else "") or ""
        change.name = row["new_name"] or ""
        change.successor = self.units.get(row["successor"])
        return change

    def _keep(self, rows: list[Row], changes: list[Change]) -> None:
        """New units first: others may be placed under them."""
        Change.objects.bulk_create(changes)
        new = {change.code: change for change in changes if change.kind == Sort.CREATE}
        for row, change in zip(rows, changes, strict=True):
            above = row["parent"]
            if above is None:
                continue
            change.parent, change.parent_change = self.units.get(above), new.get(above)
            if change.parent is None and change.parent_change is None:
                row.refuse("parent", _("No unit has the code “%(code)s” on this day.") % {"code": above})
        Change.objects.bulk_update(changes, ["parent", "parent_change"])


def _what(row: Row) -> tuple:
    """What a row says, as `_done_before` tells what has been done."""
    sort = row["change"] or Sort.RENAME
    return (
        Sort.CLOSE if sort == Sort.MERGE else sort,
        "" if sort == Sort.CREATE else row["code"] or "",
        row["new_code"] or (row["code"] if sort == Sort.CREATE else "") or "",
        row["new_name"] or "",
        row["parent"] or "",
        row["successor"] or "",
    )


def _done_before(on: date) -> set[tuple]:
    """Every change of a date that is carried out or planned, with the codes that units had the day before."""
    settled = [Reorganisation.State.CARRIED_OUT, Reorganisation.State.PLANNED]
    changes = list(
        Change.objects.filter(reorganisation__on=on, reorganisation__state__in=settled).select_related("parent_change")
    )
    units = {key for change in changes for key in (change.unit_id, change.parent_id, change.successor_id) if key}
    periods = UnitPeriod.objects.filter(unit__in=units)
    before = dict(periods.on(on - timedelta(days=1)).values_list("unit_id", "code"))
    since = dict(periods.on(on).values_list("unit_id", "code"))
    return {
        (
            change.kind,
            before.get(change.unit_id, ""),
            change.code,
            change.name,
            change.parent_change.code if change.parent_change else before.get(change.parent_id, ""),
            before.get(change.successor_id) or since.get(change.successor_id, ""),
        )
        for change in changes
    }


def _refuse(rows: list[Row], plan: Plan) -> None:
    """What is in the way belongs to the date as a whole; it is told where a row names what it is about."""
    for reason in plan.obstacles:
        about = [row for row in rows if any(row[name] and row[name] in reason for name in ("new_code", "new_name"))]
        (about or rows)[0].refuse("", reason)


REORGANISATIONS = Kind(
    "reorganisations",
    gettext_lazy("Reorganisations"),
    gettext_lazy("Dated changes of units: new codes and names, moves, mergers, closings. Past dates correct history."),
    (
        Field("on", gettext_lazy("Holds from"), first_day, required=True, synonyms=("date", "dato", "gjelder fra")),
        Field(
            "change",
            gettext_lazy("Change"),
            choice(IN_A_FILE),
            help=gettext_lazy("create, rename, move, merge or close. Without it: a new code or name."),
            synonyms=("endring", "type"),
        ),
        Field("code", gettext_lazy("Code"), code, synonyms=("old code", "kode", "gammel kode", "enhetskode")),
        Field("new_code", gettext_lazy("New code"), code, synonyms=("ny kode",)),
        Field("new_name", gettext_lazy("New name"), text(300), synonyms=("nytt navn",)),
        Field("parent", gettext_lazy("Part of"), code, synonyms=("parent code", "overordnet", "forelder")),
        Field("successor", gettext_lazy("Who takes over"), code, synonyms=("successor code", "etterfølger")),
    ),
    ReorganisationLoader,
    whole=True,
)
