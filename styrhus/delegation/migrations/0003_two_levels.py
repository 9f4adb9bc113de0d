"""The usual two levels, and what level 2 never decides. The municipality changes them as it likes."""

from django.db import migrations

LEVELS = (
    (1, "Kommunedirektørens funksjon: kommunedirektør, direktører og sjefer", ""),
    (
        2,
        "Virksomhetsledere",
        "Alle kommunedirektørens fullmakter, unntatt oppsigelse og det som binder senere års budsjetter eller "
        "gir overskridelse.",
    ),
)
NOT_AT_LEVEL_2 = (
    ("oppsigelse", "Si opp en arbeidstaker", "Personal"),
    ("senere-budsjett", "Binde senere års budsjetter", "Økonomi"),
    ("overskridelse", "Overskride bevilgningen", "Økonomi"),
)


def make_levels(apps, schema_editor):
    level = apps.get_model("delegation", "AuthorityLevel").objects
    power = apps.get_model("delegation", "Power").objects
    for number, name, reservations in LEVELS:
        last = level.create(level=number, name=name, reservations=reservations)
    for code, name, theme in NOT_AT_LEVEL_2:
        last.excludes.add(power.create(code=code, name=name, theme=theme))


class Migration(migrations.Migration):
    dependencies = [("delegation", "0002_authority_holds")]
    operations = [migrations.RunPython(make_levels, migrations.RunPython.noop)]
