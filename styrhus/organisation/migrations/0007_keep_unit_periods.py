"""The database keeps what each unit was called and where it stood, and lets no unit outlive the one it is part of."""

from django.db import migrations

from styrhus.trail.migration_steps import keep_trail

# A change holds from the date in `styrhus.effective`, otherwise from today. While an import is undone the periods
# come back from the trail, as the units do: writing them here as well would make history of what never was.
KEEP_PERIODS = """
CREATE FUNCTION unit_periods_begin() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF current_setting('styrhus.undoing', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO organisation_unitperiod (unit_id, name, kind, organisation_number, code, parent_id, since, until)
    SELECT id, name, kind, organisation_number, code, parent_id, since, until FROM new_rows;
    RETURN NULL;
END
$body$;

CREATE FUNCTION unit_period_of_change() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Oslo')::date;
    effective date := greatest(coalesce(nullif(current_setting('styrhus.effective', true), '')::date, today), NEW.since);
    period organisation_unitperiod;
    before organisation_unitperiod;
BEGIN
    IF current_setting('styrhus.undoing', true) = 'on' THEN RETURN NULL; END IF;

    IF (OLD.since, OLD.until) IS DISTINCT FROM (NEW.since, NEW.until) THEN
        DELETE FROM organisation_unitperiod WHERE unit_id = NEW.id AND (until < NEW.since OR since > NEW.until);
        UPDATE organisation_unitperiod SET until = NEW.until WHERE unit_id = NEW.id
            AND since = (SELECT max(since) FROM organisation_unitperiod WHERE unit_id = NEW.id);
        UPDATE organisation_unitperiod SET since = NEW.since WHERE unit_id = NEW.id
            AND since = (SELECT min(since) FROM organisation_unitperiod WHERE unit_id = NEW.id);
        SELECT * INTO period FROM organisation_unitperiod WHERE unit_id = NEW.id ORDER BY since DESC LIMIT 1;
        IF NOT FOUND THEN
            INSERT INTO organisation_unitperiod
                (unit_id, name, kind, organisation_number, code, parent_id, since, until)
            VALUES (NEW.id, OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id, NEW.since, NEW.until);
        ELSIF OLD.until >= period.since AND OLD.until < coalesce(NEW.until, 'infinity')
                AND (OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id) IS DISTINCT FROM
                (period.name, period.kind, period.organisation_number, period.code, period.parent_id) THEN
            -- Opened again, and changed while it was closed.
            UPDATE organisation_unitperiod SET until = OLD.until WHERE id = period.id;
            INSERT INTO organisation_unitperiod
                (unit_id, name, kind, organisation_number, code, parent_id, since, until)
            VALUES (NEW.id, OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id, OLD.until + 1,
                NEW.until);
        END IF;
    END IF;

    IF (OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id)
            IS DISTINCT FROM (NEW.name, NEW.kind, NEW.organisation_number, NEW.code, NEW.parent_id) THEN
        SELECT * INTO period FROM organisation_unitperiod
            WHERE unit_id = NEW.id AND since < effective AND (until IS NULL OR until >= effective);
        IF FOUND THEN
            UPDATE organisation_unitperiod SET until = effective - 1 WHERE id = period.id;
            INSERT INTO organisation_unitperiod
                (unit_id, name, kind, organisation_number, code, parent_id, since, until)
            VALUES (NEW.id, period.name, period.kind, period.organisation_number, period.code, period.parent_id,
                effective, period.until);
        END IF;
        -- Only what changed: a later period keeps the rest of what it says.
        UPDATE organisation_unitperiod SET
            name = CASE WHEN OLD.name IS DISTINCT FROM NEW.name THEN NEW.name ELSE name END,
            kind = CASE WHEN OLD.kind IS DISTINCT FROM NEW.kind THEN NEW.kind ELSE kind END,
            organisation_number = CASE WHEN OLD.organisation_number IS DISTINCT FROM NEW.organisation_number
                THEN NEW.organisation_number ELSE organisation_number END,
            code = CASE WHEN OLD.code IS DISTINCT FROM NEW.code THEN NEW.code ELSE code END,
            parent_id = CASE WHEN OLD.parent_id IS DISTINCT FROM NEW.parent_id THEN NEW.parent_id ELSE parent_id END
            WHERE unit_id = NEW.id AND since >= effective;
        -- What was changed and changed back within a day is one period.
        FOR period IN SELECT * FROM organisation_unitperiod WHERE unit_id = NEW.id ORDER BY since LOOP
            IF (before.name, before.kind, before.organisation_number, before.code, before.parent_id)
                    IS NOT DISTINCT FROM (period.name, period.kind, period.organisation_number, period.code,
                        period.parent_id) THEN
                DELETE FROM organisation_unitperiod WHERE id = period.id;
                UPDATE organisation_unitperiod SET until = period.until WHERE id = before.id;
            ELSE
                before := period;
            END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END
$body$;

CREATE TRIGGER unit_periods_begin AFTER INSERT ON organisation_unit
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_periods_begin();
CREATE TRIGGER unit_period_of_change AFTER UPDATE ON organisation_unit FOR EACH ROW
    WHEN ((OLD.name, OLD.kind, OLD.organisation_number, OLD.code, OLD.parent_id, OLD.since, OLD.until)
        IS DISTINCT FROM
        (NEW.name, NEW.kind, NEW.organisation_number, NEW.code, NEW.parent_id, NEW.since, NEW.until))
    EXECUTE FUNCTION unit_period_of_change();

INSERT INTO organisation_unitperiod (unit_id, name, kind, organisation_number, code, parent_id, since, until)
SELECT id, name, kind, organisation_number, code, parent_id, since, until FROM organisation_unit;
"""
FORGET_PERIODS = """
DROP TRIGGER unit_period_of_change ON organisation_unit;
DROP TRIGGER unit_periods_begin ON organisation_unit;
DROP FUNCTION unit_period_of_change();
DROP FUNCTION unit_periods_begin();
"""
# Asked when the transaction ends: a file or a reorganisation may close a unit before those below it.
WITHIN_PARENT = """
CREATE FUNCTION unit_within_parent() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM organisation_unit unit JOIN organisation_unit over ON over.id = unit.parent_id
        WHERE unit.id = NEW.id AND over.until < coalesce(unit.until, 'infinity')
    ) OR EXISTS (
        SELECT 1 FROM organisation_unit over JOIN organisation_unit unit ON unit.parent_id = over.id
        WHERE over.id = NEW.id AND over.until < coalesce(unit.until, 'infinity')
    ) THEN
        RAISE EXCEPTION 'unit % or one under it outlives what it is part of', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_does_not_outlive_its_parent';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER unit_within_parent_new AFTER INSERT ON organisation_unit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION unit_within_parent();
CREATE CONSTRAINT TRIGGER unit_within_parent AFTER UPDATE ON organisation_unit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.parent_id, OLD.until) IS DISTINCT FROM (NEW.parent_id, NEW.until))
    EXECUTE FUNCTION unit_within_parent();
"""
ANYWHERE = """
DROP TRIGGER unit_within_parent ON organisation_unit;
DROP TRIGGER unit_within_parent_new ON organisation_unit;
DROP FUNCTION unit_within_parent();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_unit_periods")]
    operations = [
        keep_trail("organisation_unitperiod"),
        keep_trail("organisation_succession"),
        migrations.RunSQL(KEEP_PERIODS, FORGET_PERIODS),
        migrations.RunSQL(WITHIN_PARENT, ANYWHERE),
    ]
