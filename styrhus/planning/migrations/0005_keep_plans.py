"""Plans and contents are items on the trail; no plan follows up itself by way of others, and nothing its own parts."""

from django.db import migrations

from styrhus.items.migration_steps import child_of_item, search_text_of
from styrhus.trail.migration_steps import keep_trail

# Two at once could each close half a ring, so whoever may close one waits for the other.
NO_RING = """
CREATE FUNCTION {table}_has_no_ring() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('{table}_has_no_ring'));
    IF EXISTS (
        WITH RECURSIVE above (id) AS (
            VALUES (NEW.{up})
            UNION SELECT {table}.{up} FROM {table} JOIN above ON {table}.{key} = above.id
            WHERE {table}.{up} IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.{key}
    ) THEN
        RAISE EXCEPTION '% would follow from itself', NEW.{key}
            USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_has_no_ring';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER has_no_ring BEFORE INSERT OR UPDATE OF {up} ON {table}
    FOR EACH ROW WHEN (NEW.{up} IS NOT NULL) EXECUTE FUNCTION {table}_has_no_ring();
"""
FORGET_RING = "DROP TRIGGER has_no_ring ON {table}; DROP FUNCTION {table}_has_no_ring();"


def no_ring(table: str, key: str, up: str) -> migrations.RunSQL:
    words = {"table": table, "key": key, "up": up}
    return migrations.RunSQL(NO_RING.format(**words), FORGET_RING.format(**words))


class Migration(migrations.Migration):
    dependencies = [("planning", "0004_plans_and_their_contents")]
    operations = [
        *child_of_item("planning.plan"),
        *child_of_item("planning.priorityarea"),
        *child_of_item("planning.goal"),
        *child_of_item("planning.strategy"),
        *child_of_item("planning.assignment"),
        search_text_of("planning.plan", "purpose"),
        search_text_of("planning.priorityarea", "description"),
        search_text_of("planning.goal", "description"),
        search_text_of("planning.strategy", "description"),
        search_text_of("planning.assignment", "description", "solution_reason"),
        keep_trail("planning_plantype"),
        keep_trail("planning_consultation"),
        keep_trail("planning_objection"),
        keep_trail("planning_programmeentry"),
        keep_trail("planning_guideline"),
        keep_trail("planning_judgement"),
        keep_trail("planning_thread", key="item_id"),
        keep_trail("planning_placement"),
        keep_trail("planning_cornerstone"),
        keep_trail("planning_cornerstone_items"),
        keep_trail("planning_effectevaluation"),
        no_ring("planning_plan", "item_ptr_id", "follows_up_id"),
        no_ring("planning_thread", "item_id", "part_of_id"),
    ]
