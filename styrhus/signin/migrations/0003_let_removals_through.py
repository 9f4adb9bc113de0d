"""Personal data that must go (personvernforordningen art. 17) goes from the security log too: the note alone."""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION signin_keep_security_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '365 days' THEN
        RETURN OLD;
    END IF;
    {exception}
    RAISE EXCEPTION 'The security log is append-only; a row may be deleted after a year.'
        USING ERRCODE = 'restrict_violation';
END $$;
"""
NOTE_ALONE = """
    IF TG_OP = 'UPDATE' AND current_setting('styrhus.removal', true) = 'on'
            AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
        RETURN NEW;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("signin", "0002_sign_in_by_provider")]
    operations = [migrations.RunSQL(REFUSE.format(exception=NOTE_ALONE), REFUSE.format(exception=""))]
