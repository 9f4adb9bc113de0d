"""What Fjordvik's legal clock counts from, and the laws and goals that its measures point to."""

from datetime import date, timedelta

from styrhus.compliance.models import Answering, RegisteredFact, Requirement, RuleOff
from styrhus.compliance.operations import wind
from styrhus.compliance.requirements import LISTS, take_in
from styrhus.demo.organisation import positions_by_name
from styrhus.demo.sources import read
from styrhus.items.models import Item, Link
from styrhus.organisation.models import Person


def load_clock(today: date) -> None:
    told = read("clock")
    keeper = Person.objects.get(name=told["keeper"])
    positions = positions_by_name()
    Answering.objects.bulk_create(
        Answering(name=name, position=positions[position]) for name, position in told["answering"].items()
    )
    RuleOff.objects.bulk_create(
        RuleOff(rule=rule, reason=reason, by=keeper) for rule, reason in told["switched_off"].items()
    )
    RegisteredFact.objects.bulk_create(_fact(each, today, keeper) for each in told["facts"])
    wind(today, by=keeper)
    take_in(LISTS, positions[told["lists_of"]], by=keeper)
    _point(told["pointing"], keeper)


def _point(told: dict[str, list[str]], by: Person) -> None:
    requirements = {each.code: each for each in Requirement.objects.all()}
    things = {each.title: each for each in Item.objects.filter(title__in=told)}
    Link.objects.bulk_create(
        Link(source=things[title], target=requirements[code].as_item, kind=Link.Kind.FULFILS, by=by)
        for title, codes in told.items()
        for code in codes
    )


def _fact(told: dict, today: date, keeper: Person) -> RegisteredFact:
    return RegisteredFact(
        event=told["event"],
        on=told.get("date") or today + timedelta(days=told["day"]),
        document_type=told.get("about", ""),
        title=told.get("title", ""),
        note=told.get("note", ""),
        by=keeper,
    )
