"""The six focus areas that the scorecard begins with; each municipality changes them as it likes."""

from django.db import migrations

AREAS = [
    ("Samfunn", "Utvikler vi lokalsamfunnet i ønsket retning?"),
    ("Medvirkning", "Får innbyggere, brukere og frivillige påvirke?"),
    ("Brukere", "Får brukerne gode og riktige tjenester?"),
    ("Medarbeidere", "Har vi motiverte, kompetente og friske medarbeidere?"),
    ("Økonomi", "Styrer vi innenfor rammen og bærekraftig over tid?"),
    ("Læring og fornyelse", "Blir vi bedre og tar vi i bruk nye løsninger?"),
]


def fill(apps, _schema):
    apps.get_model("scorecard", "FocusArea").objects.bulk_create(
        apps.get_model("scorecard", "FocusArea")(
            name=name, question=question, order=order, colour=f"area-{order}", first_year=2000
        )
        for order, (name, question) in enumerate(AREAS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("scorecard", "0002_indicators_are_items")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
