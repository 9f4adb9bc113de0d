"""Support sessions on the trail, and a security log that the database itself keeps whole."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from styrhus.trail.migration_steps import keep_trail

# A year is SecurityEvent.KEPT. Nothing is ever changed; only what is older may go.
REFUSE = """
CREATE FUNCTION signin_keep_security_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '365 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The security log is append-only; a row may be deleted after a year.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER security_log_is_append_only BEFORE UPDATE OR DELETE ON signin_securityevent
    FOR EACH ROW EXECUTE FUNCTION signin_keep_security_event();
"""
ALLOW = """
DROP TRIGGER security_log_is_append_only ON signin_securityevent;
DROP FUNCTION signin_keep_security_event();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("trail", "0002_keep"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("failed", "Sign-in refused"),
                            ("locked", "Sign-in locked for a while"),
                            ("signed_out", "Signed out"),
                            ("password_changed", "Password changed"),
                            ("password_reset", "Password reset"),
                            ("factor_added", "Second step added"),
                            ("factor_removed", "Second step removed"),
                            ("sessions_ended", "Signed out on other devices"),
                            ("support_started", "Support session started"),
                            ("support_ended", "Support session ended"),
                        ],
                        max_length=20,
                        verbose_name="what happened",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=50, verbose_name="network")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "security event",
                "verbose_name_plural": "security events",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="security_events_by_time"),
                    models.Index(fields=["kind", "-at"], name="security_events_by_kind"),
                    models.Index(fields=["person", "-at"], name="security_events_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("started", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends", models.DateTimeField()),
                ("ended", models.DateTimeField(blank=True, null=True)),
                (
                    "administrator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "support session",
                "verbose_name_plural": "support sessions",
                "ordering": ["-started"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="support_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("administrator", models.F("person")), _negated=True),
                        name="support_is_for_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("started"))), name="support_ends_after_it_begins"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended__isnull", True)),
                        fields=("administrator",),
                        name="one_open_support_of_an_administrator",
                    ),
                ],
            },
        ),
        keep_trail("signin_supportsession"),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
