"""The database keeps each unit's path, so that "this unit and all below" is one indexed prefix and a ring is impossible."""

from django.db import migrations

KEEP_PATHS = """
CREATE FUNCTION unit_path() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE above text := '/';
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT path INTO above FROM organisation_unit WHERE id = NEW.parent_id FOR SHARE;
        IF NEW.parent_id = NEW.id OR position('/' || NEW.id || '/' IN above) > 0 THEN
            RAISE EXCEPTION 'unit % cannot be placed under itself', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_is_not_under_itself';
        END IF;
    END IF;
    NEW.path := above || NEW.id || '/';
    RETURN NEW;
END
$body$;
CREATE FUNCTION unit_path_below() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE organisation_unit SET path = NEW.path || id || '/' WHERE parent_id = NEW.id;
    RETURN NULL;
END
$body$;
CREATE TRIGGER unit_path BEFORE INSERT OR UPDATE OF parent_id, path ON organisation_unit
    FOR EACH ROW EXECUTE FUNCTION unit_path();
CREATE TRIGGER unit_path_below AFTER UPDATE OF parent_id, path ON organisation_unit
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION unit_path_below();
"""
FORGET_PATHS = """
DROP TRIGGER unit_path_below ON organisation_unit;
DROP TRIGGER unit_path ON organisation_unit;
DROP FUNCTION unit_path_below();
DROP FUNCTION unit_path();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunSQL(KEEP_PATHS, FORGET_PATHS)]
