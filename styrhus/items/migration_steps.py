"""Ties the table of a kind to the table of items, from that kind's own migration."""

from django.db import migrations

from styrhus.trail.migration_steps import keep_trail

# One function for each kind, with its table written in it: PostgreSQL keeps the plan, where a function for all kinds
# would have to plan anew for every row. The kind names the table: "planning.measure" lies in planning_measure.
HAS_ITEM_CHILD = """
CREATE FUNCTION {table}_has_row() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM {table} WHERE item_ptr_id = NEW.id)
            AND EXISTS (SELECT 1 FROM items_item WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'item % has no {table}', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER {table}_has_row AFTER INSERT ON items_item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = '{kind}') EXECUTE FUNCTION {table}_has_row();
CREATE CONSTRAINT TRIGGER item_goes_with_child AFTER DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION item_goes_with_child();
"""
FORGET = """
DROP TRIGGER item_goes_with_child ON {table};
DROP TRIGGER {table}_has_row ON items_item;
DROP FUNCTION {table}_has_row();
"""


SEARCHED = """
CREATE TRIGGER search_text_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_search_text({arguments});
CREATE TRIGGER search_text_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_search_text({arguments});
CREATE TRIGGER search_text_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_search_text();
INSERT INTO items_searchtext (item_id, words)
    SELECT item_ptr_id, norwegian_words(concat_ws(' ', {columns})) FROM {table} WHERE concat({columns}) <> '';
"""
NOT_SEARCHED = """
DROP TRIGGER search_text_delete ON {table};
DROP TRIGGER search_text_update ON {table};
DROP TRIGGER search_text_insert ON {table};
DELETE FROM items_searchtext WHERE item_id IN (SELECT item_ptr_id FROM {table});
"""


def search_text_of(kind: str, *fields: str) -> migrations.RunSQL:
    """These fields of a kind are searched beside the title. The model's `searched` names the same: a test compares."""
    words = {
        "table": kind.replace(".", "_"),
        "columns": ", ".join(fields),
        "arguments": ", ".join(f"'{name}'" for name in fields),
    }
    return migrations.RunSQL(SEARCHED.format(**words), NOT_SEARCHED.format(**words))


def child_of_item(kind: str) -> list[migrations.RunSQL]:
    """No item of this kind without its row, no row's removal that leaves its item, and the row is on the trail."""
    table = kind.replace(".", "_")
    return [
        migrations.RunSQL(HAS_ITEM_CHILD.format(table=table, kind=kind), FORGET.format(table=table)),
        keep_trail(table, key="item_ptr_id"),
    ]
