from django.db import migrations

from styrhus.items.migration_steps import child_of_item, search_text_of


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_requirement"), ("items", "0004_search_words")]
    operations = [
        *child_of_item("compliance.requirement"),
        search_text_of("compliance.requirement", "code", "text"),
    ]
