"""Public bodies have names of more than two hundred characters."""

from django.db import migrations, models

# The trigger names the column, so the database does not let it be changed beneath it.
WITHOUT_TRIGGER = "DROP TRIGGER unit_period_of_change ON organisation_unit"
WITH_TRIGGER = """
CREATE TRIGGER unit_period_of_change AFTER UPDATE ON organisation_unit FOR EACH ROW
    WHEN ((OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id, OLD.since, OLD.until)
        IS DISTINCT FROM
        (NEW.name, NEW.kind, NEW.organisation_number, NEW.code, NEW.parent_id, NEW.since, NEW.until))
    EXECUTE FUNCTION unit_period_of_change();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0007_keep_unit_periods")]
    operations = [
        migrations.RunSQL(WITHOUT_TRIGGER, WITH_TRIGGER),
        migrations.AlterField("unit", "name", models.CharField(max_length=300, verbose_name="name")),
        migrations.AlterField("unitperiod", "name", models.CharField(max_length=300)),
        migrations.RunSQL(WITH_TRIGGER, WITHOUT_TRIGGER),
    ]
