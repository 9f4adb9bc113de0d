"""The tree of units and the tree of authority, and what a reorganisation asks before anything is done."""

from datetime import date, timedelta

from django.db import transaction

from bench import base, measuring
from styrhus.delegation.branches import Drawing, from_the_top
from styrhus.delegation.models import Power
from styrhus.organisation.models import Unit, UnitKind
from styrhus.organisation.queries import tree
from styrhus.reorganisation.models import Change, Reorganisation
from styrhus.reorganisation.queries import plan_of

# In the middle of the year after the first of the volume's units.
THEN = date(2021, 6, 1)


def questions() -> list[str]:
    """Asked of the database and put in order, without a page around it."""
    power = Power.objects.filter(authorisations__giver__isnull=False).order_by("-pk").first()
    with transaction.atomic():
        merger = draft_merger()
        work = {
            "the tree today": tree,
            f"the tree on {THEN}": lambda: tree(THEN),
            "all below the municipality": lambda: list(Unit.objects.below(_top()).values_list("pk")),
            "dry run of a merger of two operating units": lambda: plan_of(merger),
            "the tree of all authority, its first levels": lambda: from_the_top(
                Drawing(None, base.director(), date.today())
            ),
            "the tree of one power, its first levels": lambda: from_the_top(
                Drawing(power, base.director(), date.today())
            ),
        }
        lines = [_line(name, each) for name, each in work.items()]
        transaction.set_rollback(True)
    return ["| question | queries | ms |", "| --- | --: | --: |", *lines]


def _line(name: str, work) -> str:
    with measuring.listening() as statements:
        work()
    return f"| {name} | {len(statements.sent)} | {measuring.median_ms(work, 5):.1f} |"


def _top() -> Unit:
    return Unit.objects.filter(kind=UnitKind.MUNICIPALITY).order_by("pk")[0]


def draft_merger() -> Reorganisation:
    """Two operating units of the volume that become one next month. The caller throws it away."""
    units = list(Unit.objects.filter(kind=UnitKind.OPERATING_UNIT, until=None).order_by("-pk")[:2])
    on = date.today() + timedelta(days=30)
    made = Reorganisation.objects.create(title="Sammenslåing", on=on, by=base.director())
    change = Change.objects.create(
        reorganisation=made, place=1, kind=Change.Kind.MERGE, name="Sammenslått", parent=units[0].parent
    )
    change.units.set(units)
    return made
