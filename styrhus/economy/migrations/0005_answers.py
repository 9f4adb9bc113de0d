import django.db.models.deletion
from django.db import migrations, models

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0004_areas"),
        ("planning", "0009_ring_is_looked_for_when_a_plan_moves"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="economy.forecast"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planning.measure"
                    ),
                ),
            ],
            options={
                "verbose_name": "measure because of a forecast",
                "verbose_name_plural": "measures because of forecasts",
                "constraints": [models.UniqueConstraint(fields=("forecast", "measure"), name="a_measure_answers_once")],
            },
        ),
        keep_trail("economy_answer"),
    ]
