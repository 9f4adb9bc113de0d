"""Whom the municipality compares itself with."""

from django.db import transaction

from styrhus.organisation.access import require
from styrhus.scorecard.models import ComparisonGroup, Municipality

CHOOSES = "indicator.create"


@transaction.atomic
def keep_group(group: ComparisonGroup, members, own: Municipality | None, *, by) -> ComparisonGroup:
    """Keeps a group and its municipalities, and which municipality is our own."""
    require(by, CHOOSES)
    group.save()
    group.members.set(members)
    if own is None:
        Municipality.objects.filter(is_own=True).update(is_own=False)
    elif not own.is_own:
        Municipality.objects.filter(is_own=True).update(is_own=False)
        Municipality.objects.filter(pk=own.pk).update(is_own=True)
    return group


@transaction.atomic
def remove_group(group: ComparisonGroup, *, by) -> None:
    """The municipalities and their figures stay."""
    require(by, CHOOSES)
    group.delete()
