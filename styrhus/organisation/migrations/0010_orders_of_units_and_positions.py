"""Positions are read in the order of the units, and units in Norwegian order, without sorting all of them first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from styrhus.kit.sorting import NorwegianKey


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("organisation", "0009_preparers")]
    operations = [
        AddIndexConcurrently("unit", models.Index(fields=["path"], name="unit_by_path")),
        AddIndexConcurrently("unit", models.Index(NorwegianKey("name"), models.F("id"), name="unit_by_name")),
        AddIndexConcurrently(
            "position", models.Index(fields=["unit", "-leads", "title", "id"], name="position_of_unit")
        ),
    ]
