"""Owner health finds the first things that nobody has ever stood by, without reading what is kept; the contents of a
plan are read by their keys without reading the things whole.

Beside a live server: the indexes are made without a lock on writing.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("items", "0013_indexes_of_a_unit_and_the_latest")]
    operations = [
        AddIndexConcurrently(
            "item",
            models.Index(
                fields=["unit", "due", "id"],
                include=["responsible", "openness", "field"],
                condition=models.Q(("ended__isnull", True), ("kept_at__isnull", True), ("update_every__isnull", False)),
                name="never_kept_item_of_unit",
            ),
        ),
        AddIndexConcurrently(
            "item",
            models.Index(
                fields=["id"],
                include=["kind", "ended", "responsible", "unit", "field", "openness"],
                name="item_in_few_words",
            ),
        ),
    ]
