import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("economy", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("month", models.PositiveSmallIntegerField(verbose_name="month")),
                ("amount", models.BigIntegerField(verbose_name="forecast")),
                ("computed", models.BigIntegerField(verbose_name="computed")),
                ("budget", models.BigIntegerField(verbose_name="budget")),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="given",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast",
                "verbose_name_plural": "forecasts",
                "ordering": ["-year", "-month", "-pk"],
                "indexes": [models.Index(fields=["unit", "-year", "-month", "-id"], name="forecasts_of_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)), name="forecast_is_of_a_month"
                    )
                ],
            },
        ),
    ]
