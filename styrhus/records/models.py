"""What was taken out of the records, by whom and why. What it was is nowhere."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

PERSON = settings.AUTH_USER_MODEL


class Removal(models.Model):
    """Personal data that has been removed for good. Holds no trace of the value but a sum made with the secret key."""

    class Kind(models.TextChoices):
        TEXT = "text", _("A text")
        PERSON = "person", _("A person who has left")
        FILE = "file", _("The content of a file")

    class Basis(models.TextChoices):
        # Personvernforordningen (GDPR) article 17 no. 1, and article 5 no. 1 e.
        NO_LONGER_NEEDED = "17-1-a", _("No longer needed (art. 17 no. 1 a)")
        CONSENT_WITHDRAWN = "17-1-b", _("Consent withdrawn (art. 17 no. 1 b)")
        OBJECTION = "17-1-c", _("The person objects (art. 17 no. 1 c)")
        UNLAWFUL = "17-1-d", _("Should never have been registered (art. 17 no. 1 d)")
        LEGAL_DUTY = "17-1-e", _("Must be erased by law (art. 17 no. 1 e)")
        RETENTION = "5-1-e", _("The time in the retention rule is over (art. 5 no. 1 e)")

    kind = models.CharField(_("what is removed"), max_length=10, choices=Kind)
    basis = models.CharField(_("legal basis"), max_length=10, choices=Basis)
    reason = models.TextField(_("reason"), max_length=1000)
    # Whose it was, when that is known; a row of a person who has left bears a pseudonym.
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    # The file's row, by number: the row may be disposed of later.
    attachment = models.BigIntegerField(null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("done by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    # [[length, sum], …]: lets a restored backup be searched for the same text (see `fingerprint`).
    fingerprints = models.JSONField(default=list)
    # Table and column → how many rows.
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("removal")
        verbose_name_plural = _("removals")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="removal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="text")
                | Q(kind="person", person__isnull=False)
                | Q(kind="file", attachment__isnull=False),
                name="removal_says_of_what",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def get_absolute_url(self):
        return reverse("records:removal", args=[self.pk])

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


class AskedRemoval(models.Model):
    """A removal that somebody has begun: looked for, shown, and carried out when the same person says so.

    The text lies here and nowhere else (not in the queue), goes from here in the transaction that removes it, and in
    any case after a day, with the job.
    """

    kind = models.CharField(_("what is removed"), max_length=10, choices=Removal.Kind)
    value = models.CharField(_("the text that must go"), max_length=500, blank=True)
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    basis = models.CharField(_("legal basis"), max_length=10, choices=Removal.Basis)
    reason = models.TextField(_("reason"), max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("done by"))
    job = models.ForeignKey("jobs.Job", models.CASCADE, related_name="+", verbose_name=_("job"))
    # Table and column → how many rows; unknown until it has been looked for.
    counts = models.JSONField(null=True)
    confirmed = models.DateTimeField(_("confirmed"), null=True)
    removal = models.ForeignKey(Removal, models.PROTECT, null=True, related_name="+", verbose_name=_("receipt"))
    # Why it could not be removed, in words.
    refusal = models.TextField(blank=True)

    class Meta:
        verbose_name = _("removal that is asked for")
        verbose_name_plural = _("removals that are asked for")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="text", person__isnull=True) | Q(kind="person", person__isnull=False, value=""),
                name="asked_removal_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(counts__isnull=False), name="asked_removal_is_shown_first"
            ),
            models.CheckConstraint(
                condition=Q(removal__isnull=True) | Q(value="", reason=""), name="asked_removal_is_emptied"
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def get_absolute_url(self):
        return reverse("records:asked_removal", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return bool(self.removal_id or self.refusal)


class Disposal(models.Model):
    """A thing that somebody has asked to dispose of (kassasjon), and the receipt when another has confirmed it."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for another to confirm")
        DISPOSED = "disposed", _("Disposed of")
        DECLINED = "declined", _("Declined")

    # The thing by its number: its row goes.
    number = models.BigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    reason = models.TextField(_("reason"), max_length=1000)
    # The rule as it was when it was used, in the municipality's language.
    rule = models.TextField(_("rule"))
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    # [length, sum] of the title (see `fingerprint`): tells whether a title is the one that went.
    title_sum = models.JSONField(default=list)
    # Table → how many rows.
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="disposal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["disposed", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="disposal_says_who_decided",
            ),
            # Four eyes: whoever declines may be the one who asked and thinks better of it.
            models.CheckConstraint(
                condition=~Q(state="disposed") | ~Q(decided_by=F("asked_by")), name="disposal_takes_two"
            ),
            models.UniqueConstraint(fields=["number"], condition=Q(state="asked"), name="disposal_asked_for_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(state="disposed"), name="disposed_of_once"),
        ]

    def __str__(self):
        return f"#{self.number}"

    def get_absolute_url(self):
        return reverse("records:disposal", args=[self.pk])

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


class Export(models.Model):
    """Which things have left as records, when: what must be handed over first is disposed of only after that."""

    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("done by"))
    # When the packing began: what was changed later is not in it.
    at = models.DateTimeField(_("when"))
    numbers = ArrayField(models.BigIntegerField(), verbose_name=_("things"))
    sha256 = models.CharField(_("sum of the package"), max_length=64)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.sha256[:12]
