"""Next year's budget of Fjordvik while it is made, and this year's as it has been changed."""

from datetime import date, timedelta
from decimal import Decimal

from styrhus.demo.sources import read
from styrhus.economy.models import (
    Amendment,
    AmendmentLine,
    Area,
    Detail,
    Extract,
    Frame,
    PaymentRight,
    Period,
    Post,
    Version,
    WageRates,
)
from styrhus.economy.operations import amendments
from styrhus.economy.operations.phasing import phase
from styrhus.economy.queries.amendments import authorities_to_move
from styrhus.organisation.models import Appointment, Person, Position, Unit

ORE = 100


def load_budget(today: date, controller: Person) -> None:
    told = read("budget")
    amended = Version.objects.filter(year=today.year).latest("pk")
    for year in (today.year, today.year + 1):
        WageRates.objects.create(year=year, **{name: Decimal(str(rate)) for name, rate in told["rates"].items()})
    phase(amended, by=controller)
    for each in told["amendments"]:
        _amend(amended, each, today, controller)
    _make(told, Version.objects.create(year=today.year + 1, name="Budsjett"))
    for each in told["payments"]:
        PaymentRight.objects.create(
            position=_position(each["position"]),
            unit=Unit.objects.get(name=each["unit"]),
            right=each["right"],
            start=date(today.year, 1, 1),
        )
    for number, each in enumerate(told["areas"], start=1):
        made = Area.objects.create(number=number, name=each["name"], first_year=today.year - 1)
        made.units.set(Unit.objects.filter(name__in=each.get("units", ())))
        made.functions = each.get("functions", [])
        made.save()
    _close(today)


def _make(told: dict, version: Version) -> None:
    units = {unit.name: unit for unit in Unit.objects.filter(until=None)}
    for name, thousands in told["frames"].items():
        Frame.objects.create(version=version, unit=units[name], amount=thousands * 1_000 * ORE)
    own = {"version": version, "unit": units[told["unit"]], "cost_centre": "2310", "function": "20100"}
    for each in told["posts"]:
        Post.objects.create(
            title=each["title"],
            state=each.get("state", "filled"),
            full_time=Decimal(str(each["n"])),
            pay=each["pay"] * ORE,
            additions=each.get("additions", 0) * ORE,
            months=each.get("months", 12),
            **own,
        )
    for each in told["lines"]:
        Detail.objects.create(kind=each["kind"], amount=each["amount"] * ORE, text=each["text"], **own)


def _amend(version: Version, told: dict, today: date, controller: Person) -> None:
    """One that rests on a decision is in the budget; one that somebody moves money by is still a draft."""
    by = controller
    if told.get("of"):
        by = Appointment.objects.in_force(today).filter(position=_position(told["of"])).first().person
    made = Amendment(version=version, title=told["title"], reason=told["reason"], month=today.month, by=by)
    if told.get("decision"):
        made.decision = f"{told['decision']}/{today:%y}"
        made.decided_on = max(today - timedelta(days=30), date(today.year, 1, 1))
    else:
        made.authority = next(iter(authorities_to_move(by, today)), None)
    made.save()
    for centre, kind, function, amount in told["lines"]:
        codes = {"cost_centre": centre, "kind": kind, "function": function}
        AmendmentLine.objects.create(amendment=made, amount=amount * ORE, **codes)
    if told.get("decision"):
        amendments.take_in(made, by=controller)


def _position(said: str) -> Position:
    title, unit = said.split(", ", 1)
    return Position.objects.get(title=title, unit__name=unit, until=None)


def _close(today: date) -> None:
    """The months that are booked are closed, but the last one, which is preliminary."""
    booked = Extract.objects.standing().filter(book="accounts", year=today.year).order_by("month")
    months = sorted(set(booked.values_list("month", flat=True)))
    Period.objects.bulk_create(Period(year=today.year, month=month, state="closed") for month in months[:-1])
    Period.objects.bulk_create(Period(year=today.year, month=month, state="preliminary") for month in months[-1:])
