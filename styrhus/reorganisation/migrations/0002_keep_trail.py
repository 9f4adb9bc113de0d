from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("reorganisation", "0001_initial"), ("trail", "0002_keep")]
    operations = [
        keep_trail("reorganisation_reorganisation"),
        keep_trail("reorganisation_change"),
        keep_trail("reorganisation_change_units"),
        keep_trail("reorganisation_part"),
        keep_trail("reorganisation_choice"),
    ]
