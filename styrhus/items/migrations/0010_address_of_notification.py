from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0009_prepared_by")]
    operations = [
        migrations.AddField(
            model_name="notification",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
