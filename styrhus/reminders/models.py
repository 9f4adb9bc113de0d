"""Reminders: what is told to whom when a deadline comes near or passes, by bell, by mail and in a calendar."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import FollowUp, Item, Notification
from styrhus.organisation.models import Unit
from styrhus.scorecard.periods import Frequency

PERSON = settings.AUTH_USER_MODEL


class Threshold(models.Model):
    """One step of the ladder: so many days after the deadline (negative: before), and who is told."""

    class To(models.TextChoices):
        RESPONSIBLE = "responsible", _("Who answers for it")
        LEADER = "leader", _("Their leader")

    days = models.SmallIntegerField(_("days after the deadline"), unique=True)
    to = models.CharField(_("who is told"), max_length=20, choices=To, default=To.RESPONSIBLE)

    class Meta:
        ordering = ["days"]

    def __str__(self):
        return f"{self.days} {self.to}"

    @property
    def words(self) -> str:
        if self.days == 0:
            return gettext("On the day")
        if self.days < 0:
            return ngettext("%(n)s day before", "%(n)s days before", -self.days) % {"n": -self.days}
        return ngettext("%(n)s day overdue", "%(n)s days overdue", self.days) % {"n": self.days}


class Escalation(models.Model):
    """That one step has been taken for one deadline. Twice is impossible; a new deadline begins anew."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, null=True, related_name="+")
    due = models.DateField()
    days = models.SmallIntegerField()
    # Nobody, where no one in the whole line holds a leading position.
    told = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "follow_up", "due", "days"], nulls_distinct=False, name="escalated_once_a_step"
            ),
        ]

    def __str__(self):
        return f"{self.item_id} {self.due} {self.days}"


class FiguresAskedFor(models.Model):
    """That one step has been taken for the figures that a unit owes on a day. Twice is impossible."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=20, choices=Frequency)
    due = models.DateField()
    days = models.SmallIntegerField()
    told = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "due", "frequency", "days"], name="figures_asked_for_once_a_step"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.due} {self.days}"


class Wish(models.Model):
    """How a person wants to be told by mail. Who has not said gets a letter on workdays that bring something."""

    class Digest(models.TextChoices):
        WORKDAYS = "workdays", _("On workdays, when there is something new")
        WEEKLY = "weekly", _("On Mondays, when there is something new")
        NEVER = "never", _("Never; I look in Styrhus")

    person = models.OneToOneField(PERSON, models.CASCADE, related_name="+")
    digest = models.CharField(_("mail"), max_length=20, choices=Digest, default=Digest.WORKDAYS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__in=["workdays", "weekly", "never"]), name="digest_is_known"
            )
        ]

    def __str__(self):
        return self.digest


class Digest(models.Model):
    """One letter to one person on one day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")
        NEEDLESS = "needless", _("Not needed: all was read")

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="one_digest_a_day")]

    def __str__(self):
        return f"{self.person_id} {self.on}"


class DigestLine(models.Model):
    """A notification stands in one letter only."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="lines")
    notification = models.OneToOneField(Notification, models.CASCADE, related_name="digest_line")

    def __str__(self):
        return str(self.notification_id)


class CalendarFeed(models.Model):
    """A person's deadlines at a secret address. Only a sum of the secret is kept; a new one revokes the old."""

    person = models.OneToOneField(PERSON, models.CASCADE, related_name="+")
    token_sum = models.CharField(max_length=64, unique=True)
    alarm = models.BooleanField(_("remind me the day before"), default=False)
    made = models.DateTimeField(auto_now=True)

    def __str__(self):
        return str(self.person_id)

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def sum_of(token: str) -> str:
        """A long random secret needs no slow hash: it cannot be guessed."""
        return hashlib.sha256(token.encode()).hexdigest()
