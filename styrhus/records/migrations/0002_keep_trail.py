from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("records", "0001_removals"), ("trail", "0002_keep")]
    operations = [keep_trail("records_removal")]
