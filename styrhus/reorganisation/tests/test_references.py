"""Everything that refers to a unit or a position has its fate decided."""

from django.apps import apps

from styrhus.organisation.models import Position, Unit
from styrhus.reorganisation.references import HANDED_OVER, POSITION_FOLLOWS, STAYS, UNIT_FOLLOWS


def references() -> set[str]:
    """Every foreign key to a unit or a position, in tables of plain many-to-many fields too."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.many_to_one and field.related_model in (Unit, Position)
    }


def decided() -> list[str]:
    follows = [f"{model}.{field}" for model, field in UNIT_FOLLOWS + POSITION_FOLLOWS]
    return [*HANDED_OVER, *STAYS, *follows]


def test_every_reference_to_a_unit_or_a_position_is_decided():
    assert references() - set(decided()) == set(), "decide in reorganisation/references.py what becomes of these"


def test_nothing_is_decided_that_is_not_there_or_twice():
    assert sorted(decided()) == sorted(references())


def test_what_stays_says_why():
    assert all(len(reason.split()) > 2 for reason in STAYS.values())
