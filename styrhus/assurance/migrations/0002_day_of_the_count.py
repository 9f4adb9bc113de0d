"""The running week is counted every night: each row says on which day."""

from django.db import migrations, models
from django.db.models import F, Q


def counted_on_the_monday(apps, schema_editor):
    """Until now a week was counted once, at its beginning."""
    apps.get_model("assurance", "OwnerHealth").objects.update(counted=F("week"))


class Migration(migrations.Migration):
    # A table that has just been written cannot be altered before its deferred triggers have run.
    atomic = False
    dependencies = [("assurance", "0001_owner_health_by_week")]

    operations = [
        migrations.AddField(
            model_name="ownerhealth",
            name="counted",
            field=models.DateField(null=True, verbose_name="counted on"),
        ),
        migrations.RunPython(counted_on_the_monday, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="ownerhealth",
            name="counted",
            field=models.DateField(verbose_name="counted on"),
        ),
        migrations.AddConstraint(
            model_name="ownerhealth",
            constraint=models.CheckConstraint(
                condition=Q(("counted__gte", F("week"))), name="week_is_counted_when_it_has_begun"
            ),
        ),
    ]
