from django.db import migrations

from styrhus.trail.migration_steps import keep_trail

TABLES = ["reader", "comment", "comment_mentioned", "attachment", "link", "followup", "savedview"]


class Migration(migrations.Migration):
    dependencies = [("items", "0002_no_item_without_its_child"), ("trail", "0002_keep")]
    operations = [
        # What the database makes from the title is not kept beside it.
        keep_trail("items_item", without=("title_key", "words", "updated")),
        *(keep_trail(f"items_{table}") for table in TABLES),
    ]
