import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FREQUENCIES = [
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("four_monthly", "Every tertial"),
    ("half_yearly", "Every half-year"),
    ("yearly", "Every year"),
    ("biennial", "Every second year"),
    ("four_yearly", "Every fourth year"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0002_ladder_and_trail"),
        ("scorecard", "0005_other_municipalities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="FiguresAskedFor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frequency", models.CharField(choices=FREQUENCIES, max_length=20)),
                ("due", models.DateField()),
                ("days", models.SmallIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "told",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "due", "frequency", "days"), name="figures_asked_for_once_a_step"
                    )
                ],
            },
        ),
    ]
