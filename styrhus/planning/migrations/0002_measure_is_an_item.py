from django.db import migrations

from styrhus.items.migration_steps import child_of_item


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial"), ("items", "0003_keep_trail")]
    operations = child_of_item("planning.measure")
