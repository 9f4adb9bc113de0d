"""A child's row may not go and leave its item behind; `child_of_item` puts the triggers on each kind's table."""

from django.db import migrations

GOES_WITH_CHILD = """
CREATE FUNCTION item_goes_with_child() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (SELECT 1 FROM items_item WHERE id = OLD.item_ptr_id) THEN
        RAISE EXCEPTION 'item % would be left without its %', OLD.item_ptr_id, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = [migrations.RunSQL(GOES_WITH_CHILD, "DROP FUNCTION item_goes_with_child()")]
