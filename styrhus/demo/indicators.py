"""What Fjordvik measures: indicators with series, target values and three years of figures."""

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from styrhus.demo.sources import read
from styrhus.items import operations as items
from styrhus.items.models import Link
from styrhus.organisation.models import Person, Position, Unit
from styrhus.planning.models import Goal, Measure
from styrhus.scorecard.models import (
    ComparisonGroup,
    FocusArea,
    Indicator,
    Measurement,
    Municipality,
    OthersFigure,
    ScorecardGoal,
    Series,
    Target,
)
from styrhus.scorecard.operations.withholding import withhold
from styrhus.scorecard.periods import APART, Frequency, later, latest_ended

YEARS = 3
AMOUNTS = ("least", "most", "factor", "tolerance")


def load_indicators(today: date) -> None:
    told = read("indicators")
    units = {unit.name: unit for unit in Unit.objects.all()}
    keeper = Person.objects.get(name=told["keeper"])
    for each in told["indicators"]:
        indicator = _indicator(each, units[each["unit"]], keeper)
        names = told["operating"] if each["units"] == "operating" else each["units"]
        series = Series.objects.bulk_create(
            Series(indicator=indicator, unit=units[name], since=date(today.year - YEARS, 1, 1)) for name in names
        )
        _aim(each, indicator, units["Fjordvik kommune"], today, keeper)
        _measure(each, indicator, series, today)
        _answer(each, indicator, keeper)
    _compare(told["comparison"], {each.code: each for each in Indicator.objects.all()}, today)


def _compare(told: dict, by_code: dict[str, Indicator], today: date) -> None:
    """Made-up neighbours with figures of the years that we have measured."""
    names = [told["own"], *told["neighbours"]]
    places = Municipality.objects.bulk_create(
        Municipality(number=f"99{number:02}", name=name, kostra_group=told["kostra_group"], is_own=number == 0)
        for number, name in enumerate(names)
    )
    near = ComparisonGroup.objects.create(name=told["group"])
    near.members.set(places[1 : told["near"] + 1])
    ComparisonGroup.objects.create(name=f"KOSTRA-gruppe {told['kostra_group']}", kostra_group=told["kostra_group"])
    OthersFigure.objects.bulk_create(
        OthersFigure(
            indicator=by_code[each["code"]],
            municipality=place,
            start=date(year, 1, 1),
            value=Decimal(str(round(each["usual"] + each["swing"] * math.sin(number * 1.7 + year * 0.4), 1))),
            source=told["source"],
        )
        for each in told["figures"]
        for number, place in enumerate(places[1:], start=1)
        for year in range(today.year - YEARS, today.year)
    )


def _indicator(told: dict, unit: Unit, keeper: Person) -> Indicator:
    goal = Goal.objects.filter(title=told.get("goal", "")).first()
    area = FocusArea.objects.get(name=told["area"])
    if goal:
        ScorecardGoal.objects.get_or_create(
            goal=goal, defaults={"focus_area": area, "is_common": area.name == "Medarbeidere"}
        )
    indicator = Indicator(
        title=told["title"],
        code=told["code"],
        unit=unit,
        responsible=Position.objects.filter(unit=unit, leads=True).get(),
        of_goal=goal,
        focus_area=area,
        is_key_figure=told.get("key", False),
        measured_in=told["in"],
        decimals=told.get("decimals", 1),
        direction=told.get("direction", "higher"),
        frequency=told["frequency"],
        aggregation=told["aggregation"],
        numerator=told.get("numerator", ""),
        denominator=told.get("denominator", ""),
        weight=told.get("weight", ""),
        min_respondents=told.get("min"),
        source=told.get("source", ""),
        is_imported=told.get("imported", False),
        **{name: Decimal(str(told[name])) for name in AMOUNTS if name in told},
    )
    items.create(indicator, by=keeper)
    items.step(indicator, "use", by=keeper)
    return Indicator.objects.get(pk=indicator.pk)


def _aim(told: dict, indicator: Indicator, top: Unit, today: date, by: Person) -> None:
    ends = {
        new: Decimal(str(told[name]))
        for name, new in (("target", "value"), ("low", "low"), ("high", "high"))
        if name in told
    }
    if ends:
        years = {"first_year": today.year - YEARS, "last_year": today.year + 1}
        decision = f"Handlingsprogram {today.year - YEARS}–{today.year}"
        Target.objects.create(indicator=indicator, unit=top, by=by, decision=decision, **years, **ends)


def _measure(told: dict, indicator: Indicator, series: list[Series], today: date) -> None:
    starts = list(_starts(told, today))
    Measurement.objects.bulk_create(
        Measurement(series=each, start=start, source=indicator.source, **_figure(told, number, place))
        for number, each in enumerate(series)
        for place, start in enumerate(starts)
    )
    withhold((indicator, start) for start in starts)


def _answer(told: dict, indicator: Indicator, keeper: Person) -> None:
    """What a unit has said of its latest result, and the measure that follows it up."""
    for unit, said in told.get("said", {}).items():
        measure = Measure.objects.get(title=said["measure"])
        items.link(measure.as_item, indicator.as_item, Link.Kind.FOLLOWS_UP, by=keeper)
        latest = Measurement.objects.filter(series__indicator=indicator, series__unit__name=unit).latest("start")
        Measurement.objects.filter(pk=latest.pk).update(note=said["why"])


def _starts(told: dict, today: date) -> Iterator[date]:
    """The periods that figures are in for, the earliest first."""
    frequency = Frequency(told["frequency"])
    last = latest_ended(today, frequency)
    count = max(2, YEARS * 12 // APART[frequency])
    for back in range(count - 1, -1, -1):
        if back or not told.get("missing"):
            yield later(last, -back * APART[frequency])


def _figure(told: dict, number: int, place: int) -> dict:
    """A figure around what is usual: units differ, and the year has its waves. The same every time."""
    wave = math.sin(number * 1.7 + place * 0.9) * 0.6 + math.sin(number * 0.9 + 1) * 0.4
    amount = told["usual"] + told["swing"] * wave
    size = told.get("of", 0) * (1 + 0.4 * math.sin(number * 2.3))
    people = (
        {"respondents": max(3, round(told["people"] * (1 + 0.8 * math.sin(number * 1.3))))} if "people" in told else {}
    )
    match told["aggregation"]:
        case "ratio":
            whole = max(1, round(size))
            return {"numerator": round(amount * whole / told["factor"]), "denominator": whole} | people
        case "weighted_mean":
            answers = max(2, round(size))
            return {"value": Decimal(str(round(amount, 2))), "weight": answers, "respondents": answers}
    return {"value": Decimal(str(round(amount, told.get("decimals", 1))))}
