"""Owner health finds the first things that nobody has ever stood by, without reading what is kept.

Beside a live server: the index is made without a lock on writing.
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
    ]
