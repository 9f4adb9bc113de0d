"""Norwegian sort order without ICU, and the table that caches and rate limits live in."""

from django.core.management import call_command
from django.db import migrations

# Byte order of the key is Norwegian order: letters fold to lower case and lose foreign accents, æ ø å come after z
# in that order, and aa counts as å (Aas stands with Ås). Digits and space keep their place before letters.
NORWEGIAN_KEY = r"""
CREATE FUNCTION norwegian_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(
    translate(
        lower(value COLLATE pg_c_utf8),
        'æäøöåáàâãéèêëíìîïóòôõúùûüñçčšžđŋ',
        '{{||}aaaaeeeeiiiioooouuuynccszdn'
    ),
    'aa', '}'
) COLLATE "C";
"""


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(NORWEGIAN_KEY, "DROP FUNCTION norwegian_key(text)"),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
