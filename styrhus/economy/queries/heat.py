"""Where the year goes wrong: units by groups of kinds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from styrhus.economy import kostra
from styrhus.economy.queries.forecasts import Told
from styrhus.economy.queries.money import FAR_OFF, Money, total
from styrhus.organisation.models import Unit


@dataclass(frozen=True)
class Cell:
    """One group of kinds of one unit; `state` is ok, warn or bad, or "" where nothing is granted."""

    money: Money
    state: str
    per_cent: int | None


@dataclass(frozen=True)
class Heat:
    series: Sequence[str]
    rows: Sequence[tuple[Unit, Sequence[Cell]]]


def heat_map(told: Sequence[Told]) -> Heat:
    """What is computed for the year against what is granted, in per cent of it."""
    names = list(dict.fromkeys(each.series for each in kostra.kinds().values()))
    of_units = [(each.unit, _by_series(each.money)) for each in told]
    shown = [name for name in names if any(name in found for _unit, found in of_units)]
    return Heat(shown, [(unit, [_cell(found.get(name)) for name in shown]) for unit, found in of_units])


def _by_series(money: Money) -> dict[str, Money]:
    found: dict[str, list[Money]] = {}
    for code, kind in money.kinds.items():
        if listed := kostra.kinds().get(code):
            found.setdefault(listed.series, []).append(_named(code, kind))
    return {name: total(kinds, name) for name, kinds in found.items()}


def _named(code: str, kind: Money) -> Money:
    """Alone, with itself as its only kind: so that a sum of several counts each by its own season."""
    return replace(kind, kinds={code: kind})


def _cell(money: Money | None) -> Cell:
    if money is None or not money.budget:
        return Cell(money or Money(""), "", None)
    per_cent = round(100 * money.deviation / abs(money.budget))
    state = "bad" if money.deviation > abs(money.budget) * FAR_OFF else "warn" if money.deviation > 0 else "ok"
    return Cell(money, state, per_cent)
