from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scorecard", "0005_other_municipalities")]

    operations = [
        migrations.AddConstraint(
            model_name="focusarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last_year__isnull", True)),
                fields=("name",),
                name="focus_areas_that_hold_are_told_apart",
            ),
        ),
    ]
