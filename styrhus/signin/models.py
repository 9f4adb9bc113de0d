"""Support sessions, and the log of what concerns people's way in."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.models import Appointment

PERSON = settings.AUTH_USER_MODEL


class SupportSessionQuerySet(models.QuerySet):
    def running(self, at):
        return self.filter(ended__isnull=True, ends__gt=at)

    def timed_out(self, at):
        return self.filter(ended__isnull=True, ends__lte=at)


class SupportSession(models.Model):
    """An administrator sees what another person sees, for a short while and a stated reason, and writes nothing."""

    LASTS = timedelta(minutes=30)

    administrator = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    started = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    objects = SupportSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("support session")
        verbose_name_plural = _("support sessions")
        ordering = ["-started"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="support_has_a_reason"),
            models.CheckConstraint(condition=~Q(administrator=F("person")), name="support_is_for_another"),
            models.CheckConstraint(condition=Q(ends__gt=F("started")), name="support_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["administrator"], condition=Q(ended__isnull=True), name="one_open_support_of_an_administrator"
            ),
        ]

    def __str__(self):
        ends = date_format(timezone.localtime(self.ends), "TIME_FORMAT")
        return gettext("You see Styrhus as %(person)s until %(time)s. You can read, but change nothing.") % {
            "person": self.person,
            "time": ends,
        }


class ProvidedAppointment(models.Model):
    """Marks an appointment that a provider's group gave: it ends when the person has left the group."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("appointment by group")
        verbose_name_plural = _("appointments by group")
        constraints = [models.CheckConstraint(condition=~Q(provider=""), name="provided_by_someone")]

    def __str__(self):
        return f"{self.provider}: {self.appointment}"


class SecurityEvent(models.Model):
    """One thing that happened to someone's way in. The database refuses to change a row, and to delete a young one."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        FAILED = "failed", _("Sign-in refused")
        LOCKED = "locked", _("Sign-in locked for a while")
        SIGNED_OUT = "signed_out", _("Signed out")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        PASSWORD_RESET = "password_reset", _("Password reset")
        FACTOR_ADDED = "factor_added", _("Second step added")
        FACTOR_REMOVED = "factor_removed", _("Second step removed")
        SESSIONS_ENDED = "sessions_ended", _("Signed out on other devices")
        LINKED = "linked", _("Sign-in by provider, the first time")
        POSITION_GIVEN = "position_given", _("Position given by group")
        POSITION_TAKEN = "position_taken", _("Position by group refused: somebody holds it")
        POSITION_ENDED = "position_ended", _("Position by group ended")
        SUPPORT_STARTED = "support_started", _("Support session started")
        SUPPORT_ENDED = "support_ended", _("Support session ended")

    # As long as it takes to find out about a break-in; the trigger in the migration counts the same.
    KEPT = timedelta(days=365)

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind)
    # Whose way in. Empty when the e-mail that was tried belongs to nobody here: then it is not ours to keep.
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("done by"))
    # The network, not the machine: 192.0.2.0/24 or 2001:db8::/48.
    address = models.CharField(_("network"), max_length=50, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="security_events_by_time"),
            models.Index(fields=["kind", "-at"], name="security_events_by_kind"),
            models.Index(fields=["person", "-at"], name="security_events_of_person"),
        ]

    def __str__(self):
        return self.get_kind_display()
