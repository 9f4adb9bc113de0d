from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_keep_unit_paths"), ("trail", "0002_keep")]
    operations = [
        keep_trail("organisation_unit"),
        # A password is never kept, not even as a sum; when someone signed in is for the security log.
        keep_trail("organisation_person", without=("password", "last_login")),
        keep_trail("organisation_position"),
        keep_trail("organisation_positionrole"),
        keep_trail("organisation_appointment"),
    ]
