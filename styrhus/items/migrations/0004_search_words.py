"""Words are searched folded, and beyond the title: the fields a kind says, and comments."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import styrhus.items.sorting

# The letters are those of `items.words`: a test compares.
NORWEGIAN_WORDS = r"""
CREATE FUNCTION norwegian_words(value text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('norwegian'::regconfig, translate(
    lower(value COLLATE pg_c_utf8),
    'áàâãéèêëíìîïóòôõúùûüñçčšžđŋäö/-_.@:+<>&~\',
    'aaaaeeeeiiiioooouuuunccszdnæø            '
));
"""
KEEP_SEARCH_TEXT = """
CREATE FUNCTION keep_search_text() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    now_said text := (SELECT string_agg(format('n.%I', name), ', ') FROM unnest(TG_ARGV) name);
    said_before text := (SELECT string_agg(format('o.%I', name), ', ') FROM unnest(TG_ARGV) name);
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format(
            'INSERT INTO items_searchtext (item_id, words)
             SELECT n.item_ptr_id, norwegian_words(concat_ws('' '', %1$s)) FROM new_rows n WHERE concat(%1$s) <> ''''',
            now_said);
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM items_searchtext WHERE item_id IN (SELECT item_ptr_id FROM old_rows);
    ELSE
        EXECUTE format(
            'INSERT INTO items_searchtext (item_id, words)
             SELECT n.item_ptr_id, norwegian_words(concat_ws('' '', %1$s))
             FROM new_rows n JOIN old_rows o ON o.item_ptr_id = n.item_ptr_id
             WHERE ROW(%1$s) IS DISTINCT FROM ROW(%2$s)
             ON CONFLICT (item_id) DO UPDATE SET words = excluded.words',
            now_said, said_before);
    END IF;
    RETURN NULL;
END
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0003_keep_trail")]
    operations = [
        migrations.RunSQL(NORWEGIAN_WORDS, "DROP FUNCTION norwegian_words(text)"),
        migrations.RemoveIndex("item", "item_words"),
        migrations.RemoveField("item", "words"),
        migrations.AddField(
            "item",
            "words",
            models.GeneratedField(
                db_persist=True,
                expression=styrhus.items.sorting.SearchWords("title"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex("item", django.contrib.postgres.indexes.GinIndex(fields=["words"], name="item_words")),
        migrations.AddIndex(
            "comment",
            django.contrib.postgres.indexes.GinIndex(styrhus.items.sorting.SearchWords("text"), name="comment_words"),
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="items.item",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={"indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_text_words")]},
        ),
        migrations.RunSQL(KEEP_SEARCH_TEXT, "DROP FUNCTION keep_search_text()"),
    ]
