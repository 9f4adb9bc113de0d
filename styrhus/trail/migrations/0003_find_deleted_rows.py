"""A page as it stood asks which rows of a thing have been deleted since: found by what they held."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_keep")]
    operations = [
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("before", name="jsonb_path_ops"),
                condition=models.Q(("action", "D")),
                name="trail_deleted_rows",
            ),
        ),
    ]
