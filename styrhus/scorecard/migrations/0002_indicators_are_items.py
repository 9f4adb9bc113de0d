"""Indicators are items on the trail, and of what is added up nothing is counted twice."""

from django.db import migrations

from styrhus.items.migration_steps import child_of_item, search_text_of
from styrhus.trail.migration_steps import keep_trail

# Two at once could each begin one of two series that lie in each other, so whoever begins one waits for the other.
NOT_NESTED = """
CREATE FUNCTION scorecard_series_is_not_nested() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('scorecard_series'), NEW.indicator_id::int);
    IF EXISTS (
        SELECT FROM scorecard_indicator WHERE item_ptr_id = NEW.indicator_id AND aggregation <> 'none'
    ) AND EXISTS (
        SELECT FROM scorecard_series other
            JOIN organisation_unit theirs ON theirs.id = other.unit_id
            JOIN organisation_unit ours ON ours.id = NEW.unit_id
        WHERE other.indicator_id = NEW.indicator_id AND other.id <> NEW.id
            AND (starts_with(theirs.path, ours.path) OR starts_with(ours.path, theirs.path))
            AND daterange(other.since, other.until, '[]') && daterange(NEW.since, NEW.until, '[]')
    ) THEN
        RAISE EXCEPTION 'the figures of unit % are counted already', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'series_is_not_nested';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER series_is_not_nested BEFORE INSERT OR UPDATE ON scorecard_series
    FOR EACH ROW EXECUTE FUNCTION scorecard_series_is_not_nested();
"""
FORGET = """
DROP TRIGGER series_is_not_nested ON scorecard_series;
DROP FUNCTION scorecard_series_is_not_nested();
"""


class Migration(migrations.Migration):
    dependencies = [("scorecard", "0001_initial"), ("items", "0004_search_words")]
    operations = [
        *child_of_item("scorecard.indicator"),
        search_text_of("scorecard.indicator", "definition", "source"),
        keep_trail("scorecard_focusarea"),
        keep_trail("scorecard_scorecardgoal", key="goal_id"),
        keep_trail("scorecard_series"),
        keep_trail("scorecard_target"),
        migrations.RunSQL(NOT_NESTED, FORGET),
    ]
