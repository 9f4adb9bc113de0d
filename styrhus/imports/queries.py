"""Questions about imports."""

from collections.abc import Iterable

from django.apps import apps
from django.utils.translation import gettext as _

from styrhus.imports.models import Import, Mapping
from styrhus.kit.loading import Kind, kinds
from styrhus.trail.operations import Obstacle


def kinds_open_to(person) -> list[Kind]:
    """The kinds of file that a person may load, in the order in which they are listed."""
    return [kind for kind in kinds().values() if person.has_perm(kind.permission)]


def imports_open_to(person):
    return Import.objects.filter(kind__in=[kind.name for kind in kinds_open_to(person)])


def remembered(kind: str, source: str) -> dict[str, str]:
    """How the columns of this source were matched last time: column → field, empty for what was left out."""
    found = Mapping.objects.filter(kind=kind, source=source).first()
    return found.columns if found else {}


def known_sources() -> list[str]:
    return list(Mapping.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct())


def cancelled_transactions() -> list[int]:
    """The transactions of loads that were undone, and of the undoing: together they changed nothing."""
    pairs = Import.objects.filter(state=Import.State.UNDONE).values_list("transaction", "undoing")
    return [number for pair in pairs for number in pair if number]


def in_words(obstacles: Iterable[Obstacle]) -> list[str]:
    """What stands in the way of an undo, a line for each."""
    return [_told(obstacle) for obstacle in obstacles] or [
        _("The rows do not go together with what has been written since.")
    ]


def _told(obstacle: Obstacle) -> str:
    thing = _name_of(obstacle.table, obstacle.row)
    if not obstacle.by_table:
        return _("Changed after the import: %(thing)s.") % {"thing": thing}
    other = _name_of(obstacle.by_table, obstacle.by_row)
    return _("%(thing)s is referred to by: %(other)s.") % {"thing": thing, "other": other}


def _name_of(table: str, row: int | None) -> str:
    model = next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)
    found = model._base_manager.filter(pk=row).first()
    return f"{model._meta.verbose_name} “{found}”" if found else f"{model._meta.verbose_name} {row}"
