from django.db import migrations

from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("writing", "0001_initial"), ("trail", "0002_keep")]
    operations = [
        # What the database makes from the title and the text is not kept beside them.
        keep_trail("writing_chapter", without=("words", "updated")),
        keep_trail("writing_chaptercomment", key="comment_id"),
    ]
