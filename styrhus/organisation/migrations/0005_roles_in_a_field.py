from django.db import migrations, models

import styrhus.organisation.roles

FIELDS = {
    "quality_manager": "quality",
    "internal_auditor": "quality",
    "information_security_manager": "information_security",
    "data_protection_officer": "privacy",
    "records_manager": "records",
    "emergency_coordinator": "preparedness",
    "safety_representative": "hse",
    "chief_safety_representative": "hse",
}


def give_fields(apps, schema_editor):
    """Roles that were given without the field they are made for."""
    roles = apps.get_model("organisation", "PositionRole").objects
    for role, field in FIELDS.items():
        roles.filter(role=role, field="").update(field=field)


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_codes_and_dates")]
    operations = [
        migrations.AlterField(
            model_name="positionrole",
            name="role",
            field=models.CharField(
                choices=styrhus.organisation.roles.roles_offered, max_length=40, verbose_name="role"
            ),
        ),
        migrations.RunPython(give_fields, migrations.RunPython.noop),
        # A constraint cannot be added while the rows just changed wait for their triggers.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="positionrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("field", ""), ("role__in", list(FIELDS)), _negated=True),
                name="field_role_has_a_field",
            ),
        ),
    ]
