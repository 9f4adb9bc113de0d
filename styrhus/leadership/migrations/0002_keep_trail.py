from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("leadership", "0001_handovers"), ("trail", "0002_keep")]
    operations = [keep_trail("leadership_handover"), keep_trail("leadership_handovernote")]
