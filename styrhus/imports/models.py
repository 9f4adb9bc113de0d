"""Files in: what was loaded from where, by whom, with what result; and how to take it back."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.jobs.models import Job
from styrhus.kit.loading import Kind, kinds


class Import(models.Model):
    """One load of one or more files of a kind, in one transaction. Append-only but for its state: its own history."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Has faults")
        LOADED = "loaded", _("Loaded")
        UNDONE = "undone", _("Undone")

    # A kind that is gone from the list leaves its imports behind: nobody sees them.
    kind = models.CharField(_("what the file holds"), max_length=60)
    source = models.CharField(_("source"), max_length=100, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    # Column → field.
    mapping = models.JSONField(default=dict)
    # Field → text: what is said once for the whole file.
    same = models.JSONField(default=dict, db_default={})
    leave_stray = models.BooleanField(default=False, db_default=False)
    allow_refused = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("status"), max_length=20, choices=State, default=State.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    # Why the file could not be checked or loaded at all.
    problem = models.TextField(blank=True)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # What is to be known of the file as a whole.
    notes = models.JSONField(default=list, db_default=[])
    # [heading, [[what, rows, sum], …]]: totals to hold against the system that the file comes from.
    controls = models.JSONField(default=list, db_default=[], encoder=DjangoJSONEncoder)
    # What the trail knows the load by.
    transaction = models.BigIntegerField(null=True)
    loaded = models.DateTimeField(_("loaded"), null=True)
    undone = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undoing = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created"]
        indexes = [models.Index(fields=["-created"], name="imports_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["loaded", "undone"]) | Q(transaction__isnull=False, loaded__isnull=False),
                name="loaded_import_knows_its_transaction",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(undone__isnull=False, undoing__isnull=False),
                name="undone_import_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(read=models.F("added") + models.F("changed") + models.F("unchanged") + models.F("refused")),
                name="import_counts_every_row_once",
            ),
        ]

    def __str__(self):
        return ", ".join(file.name for file in self.files.all()) or str(_("import"))

    def get_absolute_url(self):
        return reverse("imports:import", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Nothing is loaded yet, so that it may still be changed or thrown away."""
        return self.state in (self.State.UPLOADED, self.State.CHECKED, self.State.REFUSED)

    @property
    def its_kind(self) -> Kind:
        return kinds()[self.kind]


class ImportFile(models.Model):
    """A file as it came, kept so that anyone can see what was loaded."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class ImportRow(models.Model):
    """A row worth showing: the first that were refused, with the reason, and the first that were added or changed."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    file = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20)
    label = models.CharField(max_length=400, blank=True)
    column = models.CharField(max_length=400, blank=True)
    reason = models.TextField(blank=True)
    # Field's label → [before, after].
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["of", "outcome", "id"], name="rows_of_an_import")]

    def __str__(self):
        return f"{self.line}: {self.label or self.reason}"


class Mapping(models.Model):
    """How the columns of one source were matched last time."""

    kind = models.CharField(max_length=60)
    source = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="one_mapping_of_a_source")]

    def __str__(self):
        return f"{self.kind} {self.source}"
