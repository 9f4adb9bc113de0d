"""Chapters of text: what a plan, a report or a letter says, written by several people."""

from dataclasses import dataclass

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Deferrable, Func, GeneratedField, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import PERSON, Comment, FollowUp, Item
from styrhus.organisation.models import Position

DEEPEST = 4
# In characters, marks included: some 60 pages.
LONGEST = 200_000


class ChapterWords(Func):
    """The words of a chapter as they are searched: its title and its text without the marks."""

    template = "norwegian_words(regexp_replace(title || ' ' || text, '<[^>]*>', ' ', 'g'))"
    output_field = SearchVectorField()


class ChapterQuerySet(models.QuerySet):
    def standing(self):
        """Those that have not been taken out, in the order in which they are read."""
        return self.filter(place__isnull=False).order_by("place")

    def taken_out(self):
        return self.filter(place__isnull=True).order_by("-removed", "-pk")


class Chapter(models.Model):
    """One chapter of the text of an item. Its place and level make the outline, as in a word processor.

    A chapter lies under the nearest one before it that stands higher; so no outline can go in a ring.
    """

    class State(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Not begun")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready to be read through")
        APPROVED = "approved", _("Approved")

    item = models.ForeignKey(Item, models.CASCADE, related_name="chapters")
    # From 1 in the whole text; none for a chapter that has been taken out.
    place = models.PositiveIntegerField(null=True, editable=False)
    level = models.PositiveSmallIntegerField(default=1, editable=False)
    title = models.CharField(_("title"), max_length=200)
    guidance = models.TextField(_("what is asked for"), blank=True, max_length=5_000)
    owner = models.ForeignKey(
        Position, models.PROTECT, verbose_name=_("who writes it"), related_name="chapters", null=True, blank=True
    )
    state = models.CharField(max_length=20, choices=State, default=State.NOT_BEGUN, editable=False)
    # Cleaned HTML with few marks: see `cleaning.py`.
    text = models.TextField(_("text"), blank=True, max_length=LONGEST)
    # Raised at each save of the text or title: the second of two who write is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    # What the owner has promised: to have it ready by a day.
    promise = models.OneToOneField(FollowUp, models.SET_NULL, null=True, editable=False, related_name="chapter")
    removed = models.DateTimeField(null=True, editable=False)
    updated = models.DateTimeField(auto_now=True)
    words = GeneratedField(expression=ChapterWords("title", "text"), output_field=SearchVectorField(), db_persist=True)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            # Checked at the end, so that chapters can change places.
            models.UniqueConstraint(
                fields=["item", "place"], name="chapter_has_its_own_place", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(title=""), name="chapter_has_a_title"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=DEEPEST), name="chapter_is_not_too_deep"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, removed__isnull=False)
                | Q(place__gte=1, place__isnull=False, removed__isnull=True),
                name="chapter_stands_or_is_taken_out",
            ),
        ]
        indexes = [GinIndex(fields=["words"], name="chapter_words")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Where it stands in the whole text; the address is the same wherever the chapter is moved."""
        return f"{reverse('writing:text', args=[self.item_id])}#kapittel-{self.pk}"

    @property
    def is_done(self) -> bool:
        return self.state in (self.State.READY, self.State.APPROVED)


class ChapterVersion(models.Model):
    """A chapter as somebody saved it. Never changed, never removed: removal of personal data apart."""

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    note = models.CharField(_("what you have changed"), max_length=200, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="chapter_version_is_saved_once"),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"


class ChapterComment(models.Model):
    """Which chapter a comment is about, and whether it has been dealt with."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="about_chapter")
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="remarks")
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["comment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled__isnull=True, settled_by__isnull=True)
                | Q(settled__isnull=False, settled_by__isnull=False),
                name="who_settled_a_remark_and_when_go_together",
            ),
        ]

    def __str__(self):
        return str(self.comment_id)


@dataclass(frozen=True)
class Heading:
    """A chapter as it is asked for before anybody has written: one line of an outline."""

    title: str
    guidance: str = ""
    level: int = 1
