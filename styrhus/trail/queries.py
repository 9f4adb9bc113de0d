"""Reads the trail."""

from django.db.models import Q

from styrhus.trail.models import Change


def changes_of(rows: list[tuple[str, int]]):
    """What happened to these rows (table name, row id), the newest first."""
    wanted = Q(pk__in=[])
    for table, row in rows:
        wanted |= Q(table_name=table, row_id=row)
    return Change.objects.filter(wanted).select_related("by").order_by("-id")
