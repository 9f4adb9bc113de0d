from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("records", "0003_disposals_and_exports"), ("trail", "0002_keep")]
    operations = [keep_trail("records_disposal"), keep_trail("records_export")]
