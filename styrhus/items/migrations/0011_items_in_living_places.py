"""Nothing new is placed on a unit or position that is closed: also not by who began before it was."""

from django.db import migrations

# The rows are held first: a reorganisation holds them for itself while it closes them, so whoever comes at the same
# moment waits here, and then sees that the unit is closed. What lay there when it was closed stays as it is, and
# while an import is undone the things come back to where they were.
LIVING = """
CREATE FUNCTION item_places_are_living(units bigint[], positions bigint[]) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Oslo')::date;
    closed text;
BEGIN
    IF current_setting('styrhus.undoing', true) = 'on' THEN RETURN; END IF;
    PERFORM FROM organisation_unit WHERE id = ANY (units) ORDER BY id FOR KEY SHARE;
    PERFORM FROM organisation_position WHERE id = ANY (positions) ORDER BY id FOR KEY SHARE;
    SELECT name INTO closed FROM organisation_unit WHERE id = ANY (units) AND until < today LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the unit “%” is closed', closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_lies_in_a_living_unit';
    END IF;
    SELECT title INTO closed FROM organisation_position WHERE id = ANY (positions) AND until < today LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the position “%” is closed', closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_is_answered_for_by_a_living_position';
    END IF;
END
$body$;

CREATE FUNCTION new_items_are_placed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM item_places_are_living(
        (SELECT array_agg(DISTINCT unit_id) FROM new_rows), (SELECT array_agg(DISTINCT responsible_id) FROM new_rows));
    RETURN NULL;
END
$body$;

CREATE FUNCTION items_are_placed_anew() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM item_places_are_living(
        (SELECT array_agg(DISTINCT after.unit_id) FROM new_rows after JOIN old_rows before USING (id)
            WHERE after.unit_id <> before.unit_id),
        (SELECT array_agg(DISTINCT after.responsible_id) FROM new_rows after JOIN old_rows before USING (id)
            WHERE after.responsible_id <> before.responsible_id));
    RETURN NULL;
END
$body$;

CREATE TRIGGER new_items_are_placed AFTER INSERT ON items_item
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION new_items_are_placed();
CREATE TRIGGER items_are_placed_anew AFTER UPDATE ON items_item
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION items_are_placed_anew();
"""
ANYWHERE = """
DROP TRIGGER items_are_placed_anew ON items_item;
DROP TRIGGER new_items_are_placed ON items_item;
DROP FUNCTION items_are_placed_anew();
DROP FUNCTION new_items_are_placed();
DROP FUNCTION item_places_are_living(bigint[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0010_address_of_notification"), ("organisation", "0009_preparers")]
    operations = [migrations.RunSQL(LIVING, ANYWHERE)]
