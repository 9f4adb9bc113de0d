"""Of many series begun at once each took a lock for its indicator, and the server's room for locks ran out."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("styrhus.scorecard.migrations.0002_indicators_are_items").NOT_NESTED.partition("CREATE TRIGGER")[
    0
]
FUNCTION = BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# Indicators that share a lock wait for each other a moment, and no more.
SHARED = FUNCTION.replace("NEW.indicator_id::int", "(NEW.indicator_id % 256)::int")


class Migration(migrations.Migration):
    dependencies = [("scorecard", "0006_focus_areas_are_told_apart")]
    operations = [migrations.RunSQL(SHARED, FUNCTION)]
