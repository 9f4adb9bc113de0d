"""Long work that shows progress: a bar, what is being done, and a way to leave the page and come back."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work asked for by a person. The queue runs it; this row is what the person sees of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    doing = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What came of it: a file in the default storage, seen by the one who asked only, and gone after a day.
    result = models.CharField(max_length=200, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["by", "-created"], name="jobs_of_a_person")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("jobs:job", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class RefusedAddress(models.Model):
    """A mail server has refused a person's address for good. Gone when a letter gets through again."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="refused_address")
    email = models.EmailField(_("e-mail"), max_length=254)
    answer = models.CharField(_("what the mail server said"), max_length=300)
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.email
