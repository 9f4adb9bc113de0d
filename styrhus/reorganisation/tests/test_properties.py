"""Whatever is decided, in whatever order: the tree stays a tree on every date, and nothing is left behind."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items.models import Item
from styrhus.organisation.models import Appointment, Position, Unit, UnitKind, UnitPeriod
from styrhus.reorganisation.models import Change, Part, Reorganisation
from styrhus.reorganisation.operations import Refused, add, begin, plan, withdraw

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOON = TODAY + timedelta(days=30)
DAYS = [date(2021, 1, 1), date(2022, 7, 1), date(2024, 1, 1)]
DATES = [date(2020, 1, 1), *DAYS, *(day - timedelta(days=1) for day in DAYS), TODAY]
Kind = Change.Kind

CHOSEN = st.integers(0, 30)
CHANGES = st.lists(st.tuples(st.sampled_from(Kind.values), CHOSEN, CHOSEN, st.booleans()), min_size=1, max_size=3)
TREES = st.lists(CHOSEN, min_size=2, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=TREES, plans=st.lists(CHANGES, min_size=1, max_size=len(DAYS)), taken_back=CHANGES)
def test_the_tree_stays_a_tree_and_nothing_is_left_behind(make, parents, plans, taken_back):
    with transaction.atomic():
        director = grow(make, parents)
        for day, changes in zip(DAYS, plans, strict=False):
            before, lay_in = everything(), dict(Item.objects.values_list("pk", "unit"))
            if decided(day, changes, make.again(director)) is None:
                assert everything() == before
            every_date_has_one_tree()
            nothing_lies_in_a_closed_unit(lay_in)
        before = everything()
        planned = decided(SOON, taken_back, make.again(director))
        if planned:
            withdraw(planned, by=director)
        assert everything() == before
        transaction.set_rollback(True)


def grow(make, parents: list[int]):
    """A tree of units, each with a leader and two things; who leads the top decides."""
    top = make.unit("Topp", UnitKind.MUNICIPALITY)
    director = make.holder("municipal_director", top, leads=True)
    units, positions = [top], [director.position]
    for number, parent in enumerate(parents):
        units.append(make.unit(f"Enhet {number}", parent=units[parent % len(units)]))
        positions.append(make.holder("unit_manager", units[-1], leads=True).position)
    for number, unit in enumerate(units):
        make.measure(f"Eget {number}", unit, positions[number])
        make.measure(f"Andres {number}", unit, positions[number - 1])
    Unit.objects.update(since=DATES[0])
    Position.objects.update(since=DATES[0])
    Appointment.objects.update(start=DATES[0])
    return director


def decided(on: date, told: list[tuple], by) -> Reorganisation | None:
    """Planned, or carried out when its day is past; None when something was in the way."""
    try:
        with transaction.atomic():
            made = begin(Reorganisation(title="Omstilling", on=on), by=by)
            units = list(Unit.objects.living(on).order_by("pk"))
            for number, (kind, one, other, is_new) in enumerate(told):
                _put(made, kind, units[one % len(units)], units[other % len(units)], f"Ny {on} {number}" * is_new)
            return plan(made, by=by, on=TODAY)
    except Refused as refused:
        assert "its own rules" not in str(refused.messages), "the plan should have said what is in the way"
    except PermissionDenied:
        # What was moved to the top lies outside the reach of who decides.
        pass
    return None


def _put(made: Reorganisation, kind: str, one: Unit, other: Unit, name: str) -> None:
    parts = [Part(name=f"{one.name} A"), Part(name=f"{one.name} B")]
    put: dict[str, Callable] = {
        Kind.CREATE: lambda: add(made, Change(kind=kind, name=name or "Ny", parent=one)),
        Kind.RENAME: lambda: add(made, Change(kind=kind, unit=one, name=name or "Omdøpt")),
        Kind.MOVE: lambda: add(made, Change(kind=kind, unit=one, parent=other)),
        Kind.MERGE: lambda: add(
            made,
            Change(kind=kind, name=name, parent=one.parent if name else None, successor=None if name else other),
            units={one, other},
        ),
        Kind.SPLIT: lambda: add(made, Change(kind=kind, unit=one), parts=parts),
        Kind.CLOSE: lambda: add(made, Change(kind=kind, unit=one, successor=None if name else other)),
    }
    put[kind]()


def everything() -> list:
    return [
        list(Unit.objects.order_by("pk").values()),
        list(UnitPeriod.objects.order_by("pk").values()),
        list(Position.objects.order_by("pk").values()),
        list(Appointment.objects.order_by("pk").values()),
        list(Item.objects.order_by("pk").values("pk", "unit", "responsible", "version")),
    ]


def every_date_has_one_tree() -> None:
    for on in DATES:
        there = list(UnitPeriod.objects.on(on).values_list("unit", "parent"))
        units = {unit for unit, _parent in there}
        assert len(there) == len(units)
        assert units == set(Unit.objects.living(on).values_list("pk", flat=True))
        assert {parent for _unit, parent in there} - {None} <= units


def nothing_lies_in_a_closed_unit(lay_in: dict[int, int]) -> None:
    heirs: dict[int, set[int]] = {unit.pk: {unit.pk} for unit in Unit.objects.living(TODAY)}
    for unit in Unit.objects.exclude(pk__in=heirs):
        heirs[unit.pk] = {each.new_id for each in unit.successions.all()}
    for item in Item.objects.select_related("responsible"):
        assert item.unit_id in heirs[lay_in[item.pk]]
        assert not item.responsible.is_closed(TODAY)
