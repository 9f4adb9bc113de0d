import django.contrib.postgres.fields
from django.db import migrations, models

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0003_budget"),
        ("organisation", "0010_orders_of_units_and_positions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="last year")),
                (
                    "functions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, verbose_name="functions"
                    ),
                ),
                (
                    "cost_centres",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        verbose_name="cost centres",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        blank=True,
                        related_name="appropriation_areas",
                        to="organisation.unit",
                        verbose_name="units with those below them",
                    ),
                ),
            ],
            options={
                "verbose_name": "appropriation area",
                "verbose_name_plural": "appropriation areas",
                "ordering": ["number", "first_year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="appropriation_area_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_year__isnull", True), ("last_year__gte", models.F("first_year")), _connector="OR"
                        ),
                        name="appropriation_area_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(fields=("number", "first_year"), name="appropriation_area_numbered_once"),
                ],
            },
        ),
        keep_trail("economy_area"),
        keep_trail("economy_area_units"),
    ]
