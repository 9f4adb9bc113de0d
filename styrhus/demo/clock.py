"""What Fjordvik's legal clock counts from."""

from datetime import date, timedelta

from styrhus.compliance.models import Answering, RegisteredFact, RuleOff
from styrhus.compliance.operations import wind
from styrhus.demo.organisation import positions_by_name
from styrhus.demo.sources import read
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


def _fact(told: dict, today: date, keeper: Person) -> RegisteredFact:
    return RegisteredFact(
        event=told["event"],
        on=told.get("date") or today + timedelta(days=told["day"]),
        document_type=told.get("about", ""),
        title=told.get("title", ""),
        note=told.get("note", ""),
        by=keeper,
    )
