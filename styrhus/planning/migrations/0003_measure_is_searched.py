from django.db import migrations

from styrhus.items.migration_steps import search_text_of


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_measure_is_an_item"), ("items", "0004_search_words")]
    operations = [search_text_of("planning.measure", "description", "expected_effect")]
