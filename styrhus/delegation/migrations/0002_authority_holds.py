"""What must always be true of authority, kept by the database: no delegation of what one does not have."""

from django.db import migrations

from styrhus.items.migration_steps import child_of_item
from styrhus.trail.migration_steps import keep_trail

# The council is the position that leads a political body which is part of nothing else.
# A check of one row against others: so it locks the power, and two who delegate the same power wait for each other.
HOLDS = """
CREATE FUNCTION delegation_refuse(rule text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '%', rule USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END
$body$;
CREATE FUNCTION delegation_is_council(position_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $body$
    SELECT EXISTS (
        SELECT 1 FROM organisation_position p JOIN organisation_unit u ON u.id = p.unit_id
        WHERE p.id = position_id AND p.leads AND u.kind = 'body' AND u.parent_id IS NULL
    )
$body$;
CREATE FUNCTION delegation_new() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    basis delegation_authorisation;
    days daterange;
BEGIN
    -- A trigger is asked before the table's own constraints, and a range that ends before it begins is an error.
    IF NEW."end" < NEW.start THEN
        PERFORM delegation_refuse('authorisation_ends_after_it_begins');
    END IF;
    days := daterange(NEW.start, NEW."end", '[]');
    PERFORM 1 FROM delegation_power WHERE id = NEW.power_id FOR NO KEY UPDATE;
    IF NEW.source = 'reserved' THEN
        IF NOT delegation_is_council(NEW.holder_id) THEN
            PERFORM delegation_refuse('reserved_is_held_by_the_council');
        END IF;
        IF EXISTS (
            SELECT 1 FROM delegation_authorisation a JOIN items_item i ON i.id = a.item_ptr_id
            WHERE a.power_id = NEW.power_id AND a.source = 'delegated' AND i.ended IS NULL
                AND daterange(a.start, a."end", '[]') && days
        ) THEN
            PERFORM delegation_refuse('reserved_is_not_delegated');
        END IF;
    END IF;
    IF NEW.source <> 'delegated' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM delegation_authorisation a
        WHERE a.power_id = NEW.power_id AND a.source = 'reserved' AND daterange(a.start, a."end", '[]') && days
    ) THEN
        PERFORM delegation_refuse('reserved_is_not_delegated');
    END IF;
    IF EXISTS (SELECT 1 FROM delegation_power WHERE id = NEW.power_id AND of_principle) AND NOT EXISTS (
        SELECT 1 FROM organisation_position p JOIN organisation_unit u ON u.id = p.unit_id
        WHERE p.id = NEW.holder_id AND u.kind = 'body'
    ) THEN
        PERFORM delegation_refuse('principle_stays_with_the_elected');
    END IF;
    IF NEW.passed_on_from_id IS NULL THEN
        IF NOT delegation_is_council(NEW.giver_id) THEN
            PERFORM delegation_refuse('given_by_who_has_it');
        END IF;
        RETURN NEW;
    END IF;
    SELECT a.* INTO basis FROM delegation_authorisation a JOIN items_item i ON i.id = a.item_ptr_id
        WHERE a.item_ptr_id = NEW.passed_on_from_id AND i.ended IS NULL FOR SHARE;
    IF basis.item_ptr_id IS NULL OR basis.holder_id <> NEW.giver_id OR basis.power_id <> NEW.power_id THEN
        PERFORM delegation_refuse('given_by_who_has_it');
    END IF;
    IF NOT basis.may_be_passed_on THEN
        PERFORM delegation_refuse('basis_may_be_passed_on');
    END IF;
    IF NOT days <@ daterange(basis.start, basis."end", '[]') THEN
        PERFORM delegation_refuse('within_the_time_of_the_basis');
    END IF;
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT a.giver_id, a.passed_on_from_id FROM delegation_authorisation a
                WHERE a.item_ptr_id = NEW.passed_on_from_id
            UNION ALL
            SELECT a.giver_id, a.passed_on_from_id FROM above JOIN delegation_authorisation a
                ON a.item_ptr_id = above.passed_on_from_id
        ) SELECT 1 FROM above WHERE giver_id = NEW.holder_id
    ) THEN
        PERFORM delegation_refuse('authority_does_not_return');
    END IF;
    RETURN NEW;
END
$body$;
CREATE FUNCTION delegation_changed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW."end" < NEW.start THEN
        PERFORM delegation_refuse('authorisation_ends_after_it_begins');
    END IF;
    IF (NEW.source, NEW.power_id, NEW.giver_id, NEW.holder_id, NEW.passed_on_from_id)
            IS DISTINCT FROM (OLD.source, OLD.power_id, OLD.giver_id, OLD.holder_id, OLD.passed_on_from_id) THEN
        PERFORM delegation_refuse('authorisation_is_not_made_another');
    END IF;
    IF EXISTS (
        SELECT 1 FROM delegation_authorisation a JOIN items_item i ON i.id = a.item_ptr_id
        WHERE a.passed_on_from_id = NEW.item_ptr_id AND i.ended IS NULL AND (
            NOT NEW.may_be_passed_on
            OR NOT daterange(a.start, a."end", '[]') <@ daterange(NEW.start, NEW."end", '[]')
        )
    ) THEN
        PERFORM delegation_refuse('basis_still_carries_what_stands_on_it');
    END IF;
    RETURN delegation_within(NEW);
END
$body$;
CREATE FUNCTION delegation_within(row_ delegation_authorisation) RETURNS delegation_authorisation
LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM delegation_authorisation b
        WHERE b.item_ptr_id = row_.passed_on_from_id
            AND NOT daterange(row_.start, row_."end", '[]') <@ daterange(b.start, b."end", '[]')
    ) THEN
        PERFORM delegation_refuse('within_the_time_of_the_basis');
    END IF;
    IF row_.source <> 'by_law' AND EXISTS (
        SELECT 1 FROM delegation_authorisation a JOIN items_item i ON i.id = a.item_ptr_id
        WHERE a.power_id = row_.power_id AND a.item_ptr_id <> row_.item_ptr_id AND i.ended IS NULL
            AND a.source IN ('delegated', 'reserved') AND a.source <> row_.source
            AND daterange(a.start, a."end", '[]') && daterange(row_.start, row_."end", '[]')
    ) THEN
        PERFORM delegation_refuse('reserved_is_not_delegated');
    END IF;
    RETURN row_;
END
$body$;
CREATE FUNCTION delegation_basis_ended() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM delegation_authorisation a JOIN items_item i ON i.id = a.item_ptr_id
        WHERE a.passed_on_from_id = NEW.id AND i.ended IS NULL
    ) THEN
        PERFORM delegation_refuse('nothing_stands_on_what_has_ended');
    END IF;
    RETURN NULL;
END
$body$;
CREATE FUNCTION delegation_principle() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM delegation_authorisation a
        JOIN items_item i ON i.id = a.item_ptr_id
        JOIN organisation_position p ON p.id = a.holder_id
        JOIN organisation_unit u ON u.id = p.unit_id
        WHERE a.power_id = NEW.id AND a.source = 'delegated' AND i.ended IS NULL AND u.kind <> 'body'
    ) THEN
        PERFORM delegation_refuse('principle_stays_with_the_elected');
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER delegation_new BEFORE INSERT ON delegation_authorisation
    FOR EACH ROW EXECUTE FUNCTION delegation_new();
CREATE TRIGGER delegation_changed BEFORE UPDATE ON delegation_authorisation
    FOR EACH ROW EXECUTE FUNCTION delegation_changed();
CREATE CONSTRAINT TRIGGER delegation_basis_ended AFTER UPDATE ON items_item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'delegation.authorisation' AND OLD.ended IS NULL AND NEW.ended IS NOT NULL)
    EXECUTE FUNCTION delegation_basis_ended();
CREATE TRIGGER delegation_principle BEFORE UPDATE OF of_principle ON delegation_power
    FOR EACH ROW WHEN (NEW.of_principle AND NOT OLD.of_principle) EXECUTE FUNCTION delegation_principle();
"""
FORGET = """
DROP TRIGGER delegation_principle ON delegation_power;
DROP TRIGGER delegation_basis_ended ON items_item;
DROP TRIGGER delegation_changed ON delegation_authorisation;
DROP TRIGGER delegation_new ON delegation_authorisation;
DROP FUNCTION delegation_principle();
DROP FUNCTION delegation_basis_ended();
DROP FUNCTION delegation_changed();
DROP FUNCTION delegation_within(delegation_authorisation);
DROP FUNCTION delegation_new();
DROP FUNCTION delegation_is_council(bigint);
DROP FUNCTION delegation_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("delegation", "0001_initial"),
        ("items", "0003_keep_trail"),
        ("organisation", "0003_keep_trail"),
    ]
    operations = [
        *child_of_item("delegation.authorisation"),
        *child_of_item("delegation.regulations"),
        keep_trail("delegation_power"),
        keep_trail("delegation_authoritylevel"),
        keep_trail("delegation_authoritylevel_excludes"),
        keep_trail("delegation_delegationcheck"),
        keep_trail("delegation_receipt"),
        migrations.RunSQL(HOLDS, FORGET),
    ]
