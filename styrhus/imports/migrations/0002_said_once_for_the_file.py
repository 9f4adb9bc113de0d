from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]
    operations = [
        migrations.AddField("import", "same", models.JSONField(db_default={}, default=dict)),
    ]
