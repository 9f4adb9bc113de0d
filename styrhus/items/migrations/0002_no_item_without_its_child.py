from django.db import migrations

# The kind of an item names the table of its child: "planning.measure" lies in planning_measure.
CHILD_RULES = """
CREATE FUNCTION item_has_child() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE found boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE item_ptr_id = $1)', replace(NEW.kind, '.', '_'))
        INTO found USING NEW.id;
    IF NOT found AND EXISTS (SELECT 1 FROM items_item WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'item % has no %', NEW.id, NEW.kind USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$body$;
CREATE FUNCTION item_goes_with_child() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (SELECT 1 FROM items_item WHERE id = OLD.item_ptr_id) THEN
        RAISE EXCEPTION 'item % would be left without its %', OLD.item_ptr_id, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER item_has_child AFTER INSERT ON items_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION item_has_child();
"""
FORGET = """
DROP TRIGGER item_has_child ON items_item;
DROP FUNCTION item_goes_with_child();
DROP FUNCTION item_has_child();
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = [migrations.RunSQL(CHILD_RULES, FORGET)]
