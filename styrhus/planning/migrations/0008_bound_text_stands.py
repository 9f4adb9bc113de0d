"""What the council has adopted cannot be edited away, whoever writes: its words change by a new version of the plan."""

from django.db import migrations

# Two ways in are let through: the removal of personal data, and a load that is taken back.
# The plan's row is held first, so that a text is not changed while the plan is being adopted.
STANDS = """
CREATE FUNCTION planning_bound_text_stands() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    thing bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    binding text;
BEGIN
    IF current_setting('styrhus.removal', true) = 'on' OR current_setting('styrhus.undoing', true) = 'on' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM items_item WHERE id IN (SELECT plan_id FROM planning_placement WHERE item_id = thing) FOR SHARE;
    SELECT bound.title INTO binding
    FROM planning_placement place
    JOIN items_item bound ON bound.id = place.plan_id AND bound.state = 'adopted'
    JOIN planning_plan plan ON plan.item_ptr_id = place.plan_id
    JOIN planning_plantype type ON type.id = plan.type_id AND type.decided_by = 'municipal_council'
    LEFT JOIN planning_plan source ON source.item_ptr_id = place.fetched_from_id
    WHERE place.item_id = thing AND (
        place.fetched_from_id IS NULL
        -- What a version has from the one before is its own as well.
        OR coalesce(source.first_id, source.item_ptr_id) = coalesce(plan.first_id, plan.item_ptr_id)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'item % stands in "%", which the council has adopted: its text changes by a new version',
            thing, binding USING ERRCODE = 'check_violation', CONSTRAINT = 'planning_bound_text_stands';
    END IF;
    RETURN NULL;
END
$body$;
"""
FORGET = "DROP FUNCTION planning_bound_text_stands();"
GUARD = """
CREATE CONSTRAINT TRIGGER bound_text_stands AFTER UPDATE ON {table}
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION planning_bound_text_stands('{key}');
"""
UNGUARD = "DROP TRIGGER bound_text_stands ON {table};"
DESCRIBED = ("planning_priorityarea", "planning_strategy", "planning_assignment", "planning_measure")


def guard(table: str, *fields: str, key: str = "item_ptr_id") -> migrations.RunSQL:
    changed = " OR ".join(f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in fields)
    return migrations.RunSQL(GUARD.format(table=table, changed=changed, key=key), UNGUARD.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("planning", "0007_objection_owes_a_duty")]
    operations = [
        migrations.RunSQL(STANDS, FORGET),
        guard("items_item", "title", key="id"),
        guard("planning_goal", "description", "level"),
        *(guard(table, "description") for table in DESCRIBED),
    ]
