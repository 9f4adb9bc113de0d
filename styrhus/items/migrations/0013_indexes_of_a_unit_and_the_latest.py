"""What a unit answers for is found in order of its deadlines, and counted by state, from an index alone; the latest too.

Beside a live server: the new indexes are made without a lock on writing, and the old ones go when they are there.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("items", "0012_followings")]
    operations = [
        AddIndexConcurrently(
            "item",
            models.Index(
                fields=["unit", "kind", "state"],
                include=["openness", "responsible", "field", "id"],
                name="item_of_unit_and_state",
            ),
        ),
        RemoveIndexConcurrently("item", "item_of_unit"),
        AddIndexConcurrently(
            "item",
            models.Index(
                fields=["unit", "kind", "due", "id"],
                include=["responsible", "openness", "field", "state", "kept_by", "kept_at", "update_every"],
                condition=models.Q(("ended__isnull", True)),
                name="open_item_of_unit",
            ),
        ),
        RemoveIndexConcurrently("item", "open_item_and_its_keeper"),
        AddIndexConcurrently("item", models.Index(fields=["-updated", "-id"], name="item_by_latest_change")),
    ]
