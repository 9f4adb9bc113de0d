from django.db import migrations

from styrhus.trail.migration_steps import keep_trail

# A week before and on the day to who answers for it, again a week after, and after two weeks to the leader.
LADDER = [(-7, "responsible"), (0, "responsible"), (7, "responsible"), (14, "leader")]


def set_up_ladder(apps, schema_editor):
    threshold = apps.get_model("reminders", "Threshold")
    threshold.objects.bulk_create(threshold(days=days, to=to) for days, to in LADDER)


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial"), ("trail", "0002_keep")]
    operations = [
        keep_trail("reminders_threshold"),
        keep_trail("reminders_wish"),
        migrations.RunPython(set_up_ladder, migrations.RunPython.noop),
    ]
