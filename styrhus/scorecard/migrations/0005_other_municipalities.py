"""Figures of other municipalities, and the groups that one compares oneself with."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import styrhus.scorecard.models.measurements
from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0004_areas_replace_each_other_and_goals_have_years"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=4, unique=True, verbose_name="municipality number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("kostra_group", models.CharField(blank=True, max_length=40, verbose_name="KOSTRA group")),
                ("is_own", models.BooleanField(default=False, verbose_name="our own municipality")),
            ],
            options={
                "verbose_name": "municipality",
                "verbose_name_plural": "municipalities",
                "ordering": ["name", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9]{4}$")), name="municipality_number_has_four_digits"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_own", True)), fields=("is_own",), name="one_municipality_is_our_own"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComparisonGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("kostra_group", models.CharField(blank=True, max_length=40, verbose_name="KOSTRA group")),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="scorecard.municipality", verbose_name="municipalities"
                    ),
                ),
            ],
            options={
                "verbose_name": "comparison group",
                "verbose_name_plural": "comparison groups",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="OthersFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField(verbose_name="period")),
                ("value", models.DecimalField(decimal_places=6, max_digits=24, verbose_name="value")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                (
                    "at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "written_in",
                    models.BigIntegerField(
                        db_default=styrhus.scorecard.models.measurements.ThisTransaction(), editable=False
                    ),
                ),
                ("replaced_at", models.DateTimeField(editable=False, null=True)),
                ("replaced_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="others_figures",
                        to="scorecard.indicator",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="scorecard.municipality"
                    ),
                ),
            ],
            options={
                "verbose_name": "figure of a municipality",
                "verbose_name_plural": "figures of municipalities",
                "indexes": [models.Index(fields=["written_in"], name="others_figures_of_a_load")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_in__isnull", True)),
                        fields=("indicator", "start", "municipality"),
                        name="one_figure_of_a_municipality_in_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaced_at__isnull", True), ("replaced_in__isnull", True)),
                            models.Q(("replaced_at__isnull", False), ("replaced_in__isnull", False)),
                            _connector="OR",
                        ),
                        name="others_figure_replaced_when_and_in_what",
                    ),
                ],
            },
        ),
        keep_trail("scorecard_municipality"),
        keep_trail("scorecard_comparisongroup"),
        keep_trail("scorecard_comparisongroup_members"),
    ]
