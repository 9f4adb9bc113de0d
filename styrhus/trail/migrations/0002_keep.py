"""The function that every table's trail triggers call."""

from django.db import migrations

TRAIL_KEEP = """
CREATE FUNCTION trail_keep() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    actor bigint := nullif(current_setting('styrhus.actor', true), '')::bigint;
    key text := TG_ARGV[0];
    without text[] := TG_ARGV[1:];
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- The row itself still holds what was inserted: keeping that it came is enough.
        EXECUTE format(
            'INSERT INTO trail_change (at, by_id, transaction, table_name, row_id, action)
             SELECT now(), $1, pg_current_xact_id()::text::bigint, %L, n.%I, ''I'' FROM new_rows n',
            TG_TABLE_NAME, key) USING actor;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format(
            'INSERT INTO trail_change (at, by_id, transaction, table_name, row_id, action, before)
             SELECT now(), $1, pg_current_xact_id()::text::bigint, %L, o.%I, ''D'', to_jsonb(o) - $2 FROM old_rows o',
            TG_TABLE_NAME, key) USING actor, without;
    ELSE
        EXECUTE format(
            'INSERT INTO trail_change (at, by_id, transaction, table_name, row_id, action, before, after)
             SELECT now(), $1, pg_current_xact_id()::text::bigint, %1$L, n.%2$I, ''U'', d.before, d.after
             FROM old_rows o JOIN new_rows n ON n.%2$I = o.%2$I,
             LATERAL (
                 SELECT jsonb_object_agg(was.key, was.value) AS before, jsonb_object_agg(was.key, is_now.value) AS after
                 FROM jsonb_each(to_jsonb(o) - $2) was JOIN jsonb_each(to_jsonb(n) - $2) is_now ON is_now.key = was.key
                 WHERE was.value IS DISTINCT FROM is_now.value
             ) d
             WHERE d.before IS NOT NULL',
            TG_TABLE_NAME, key) USING actor, without;
    END IF;
    RETURN NULL;
END
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [migrations.RunSQL(TRAIL_KEEP, "DROP FUNCTION trail_keep()")]
