import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_said_once_for_the_file")]
    operations = [
        migrations.AddField("import", "leave_stray", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("import", "notes", models.JSONField(db_default=[], default=list)),
        migrations.AddField(
            "import",
            "controls",
            models.JSONField(db_default=[], default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
    ]
