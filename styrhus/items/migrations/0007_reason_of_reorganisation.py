from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0006_owner_health")]
    operations = [
        migrations.AlterField(
            model_name="notification",
            name="reason",
            field=models.CharField(
                choices=[
                    ("mentioned", "You were mentioned"),
                    ("responsible", "You answer for this now"),
                    ("step", "The state has changed"),
                    ("follow_up", "You have a new follow-up"),
                    ("due", "A deadline is near"),
                    ("overdue", "A deadline has passed"),
                    ("escalated", "Not done in time, where you lead"),
                    ("deadlines", "Many deadlines"),
                    ("support", "Support looked at the system as you"),
                    ("reorganisation", "The organisation is changed"),
                ],
                max_length=20,
            ),
        ),
    ]
