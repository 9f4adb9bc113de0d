"""Item, the heart: anything a unit answers for, and what every item has."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import F, GeneratedField, Q
from django.db.models.fetch_modes import FETCH_PEERS
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from styrhus.items.seeing import SeenBy
from styrhus.items.sorting import NorwegianKey, SearchWords
from styrhus.items.words import as_query
from styrhus.organisation.access import authority_of, within_reach
from styrhus.organisation.models import Person, Position, Unit
from styrhus.organisation.roles import FIELDS
from styrhus.trail.queries import changes_of

PERSON = settings.AUTH_USER_MODEL


class Openness(models.TextChoices):
    OPEN = "open", _("Open")
    INTERNAL = "internal", _("Internal")
    EXEMPT = "exempt", _("Exempt from public access")


class ItemQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Those a person may see today. What is related to the rows is fetched for all of them at once."""
        return self.of_kind().filter(SeenBy(person)).defer("title_key", "words").fetch_mode(FETCH_PEERS)

    def of_kind(self):
        """Says the kind that the model implies, because the indexes begin with it."""
        model: Any = self.model
        return self if model is Item else self.filter(kind=model.kind_name())

    def where(self, person, permission: str):
        """Those to which a person may do this."""
        own = Q(responsible__in=authority_of(person).own(permission))
        return self.filter(own | within_reach(person, permission))

    def overdue(self, on):
        return self.filter(due__lt=on, ended__isnull=True)

    def with_words(self, words: str):
        """Those whose title has every one of these words, or words that begin with them, in Norwegian forms."""
        query = as_query(words)
        return self.filter(words=SearchQuery(query, search_type="raw", config="norwegian")) if query else self

    def locked(self):
        """Both rows of each thing, held to the end of the transaction.

        State and version lie in the parent: who has waited for the child alone still reads the parent as it was.
        Keys never change, so who only points to the thing need not wait: two who let plans point to each other would
        wait for each other.
        """
        return self.select_for_update(of=("self", "item_ptr"), no_key=True)


class Item(models.Model):
    """Anything a unit answers for. Exactly one table of a context holds the rest of it (`kind` names it)."""

    kind = models.CharField(max_length=60, editable=False)
    title = models.CharField(_("title"), max_length=250)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+", db_index=False)
    # A position, never a person: people leave; the duty stays.
    responsible = models.ForeignKey(
        Position, models.PROTECT, verbose_name=_("responsible"), related_name="items", db_index=False
    )
    field = models.CharField(_("field"), max_length=30, choices=FIELDS, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=40, editable=False)
    openness = models.CharField(_("openness"), max_length=10, choices=Openness, default=Openness.INTERNAL)
    access_code = models.CharField(_("access code"), max_length=20, blank=True)
    exemption_basis = models.CharField(_("legal basis of the exemption"), max_length=200, blank=True)
    reassess_on = models.DateField(_("assess the exemption again on"), null=True, blank=True)
    # What the case is called in the archive system; a record is exported under it.
    case_number = models.CharField(_("case number"), max_length=40, blank=True, default="", db_default="")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    ended = models.DateTimeField(null=True, editable=False)
    # Owner health: how often an update is asked for, and when who answers for it last changed or confirmed it.
    update_every = models.PositiveSmallIntegerField(_("updated every so many months"), null=True, blank=True)
    kept_at = models.DateTimeField(null=True, editable=False)
    kept_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    # Raised at each edit: the second of two who edit the same thing is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    # Who has prepared it on behalf of the responsible since the last step.
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    title_key = GeneratedField(
        expression=NorwegianKey("title"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    words = GeneratedField(
        expression=SearchWords("title"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    default_openness = Openness.INTERNAL
    # The fields of a kind that are searched beside the title; `search_text_of` in its migration names the same.
    searched: tuple[str, ...] = ()
    # In months; None for a kind that nobody is asked to update.
    default_update_every: int | None = None
    # A Flow; its module knows Event, so it cannot be named here.
    flow: Any = None
    # Django gives it to every kind, not to the item itself.
    item_ptr: "Item"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="item_has_a_title"),
            models.CheckConstraint(condition=Q(openness__in=Openness.values), name="openness_is_known"),
            # offentleglova § 31: who exempts must name the exact provision; an exemption is assessed again.
            models.CheckConstraint(
                condition=~Q(openness=Openness.EXEMPT)
                | (~Q(access_code="") & ~Q(exemption_basis="") & Q(reassess_on__isnull=False)),
                name="exemption_has_code_basis_and_date",
            ),
            models.CheckConstraint(
                condition=Q(update_every__isnull=True) | Q(update_every__gte=1), name="update_is_every_month_or_rarer"
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True, kept_by__isnull=True)
                | Q(kept_at__isnull=False, kept_by__isnull=False),
                name="who_kept_it_and_when_go_together",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "due", "id"], name="item_by_due"),
            # A register opens on this, and the counts of my page are answered from the index alone.
            models.Index(
                fields=["kind", "due", "id"],
                include=["state", "unit", "responsible", "openness"],
                condition=Q(ended__isnull=True),
                name="open_item_by_due",
            ),
            models.Index(fields=["kind", "title_key", "id"], name="item_by_title"),
            # Counted by unit and state over the whole house, from the index alone.
            models.Index(
                fields=["unit", "kind", "state"],
                include=["openness", "responsible", "field", "id"],
                name="item_of_unit_and_state",
            ),
            models.Index(fields=["responsible", "due"], name="item_of_position"),
            # A register of some units opens on this, and owner health reads every open thing of a line from it alone.
            models.Index(
                fields=["unit", "kind", "due", "id"],
                include=["responsible", "openness", "field", "state", "kept_by", "kept_at", "update_every"],
                condition=Q(ended__isnull=True),
                name="open_item_of_unit",
            ),
            # What nobody has ever stood by: the first of them without reading what is kept.
            models.Index(
                fields=["unit", "due", "id"],
                include=["responsible", "openness", "field"],
                condition=Q(ended__isnull=True, kept_at__isnull=True, update_every__isnull=False),
                name="never_kept_item_of_unit",
            ),
            # The bare facts of thousands, and who sees them, by their keys: a plan's contents are read from this alone.
            models.Index(
                fields=["id"],
                include=["kind", "ended", "responsible", "unit", "field", "openness"],
                name="item_in_few_words",
            ),
            GinIndex(fields=["words"], name="item_words"),
            # A search shows the latest first: of a common word it reads as many as it shows, not all there are.
            models.Index(fields=["-updated", "-id"], name="item_by_latest_change"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("items:open", args=[self.pk])

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @classmethod
    def edit_permission(cls) -> str:
        """What one must be allowed to do to change things of this kind: "measure.edit"."""
        return f"{cls._meta.model_name}.edit"

    @property
    def as_item(self):
        """The parent row of a thing: what comments, links and the rest point to."""
        return self if type(self) is Item else self.item_ptr

    def concrete(self):
        """The whole thing behind an item."""
        return self if type(self) is not Item else apps.get_model(self.kind)._default_manager.get(pk=self.pk)

    def get_kind_display(self):
        return apps.get_model(self.kind)._meta.verbose_name

    def get_state_display(self):
        kind = apps.get_model(self.kind) if type(self) is Item else type(self)
        return kind.flow.label(self.state)

    def last_change(self):
        """The person who changed it last, as the trail knows it."""
        change = changes_of([(self._meta.db_table, self.pk), ("items_item", self.pk)]).first()
        return change.by if change else None

    def is_answered_for_by(self, person) -> bool:
        return self.responsible_id in authority_of(person).positions

    def note_keeper(self, by) -> None:
        """Remembers that who answers for it has dealt with it; what others do to it does not count."""
        if self.is_answered_for_by(by):
            self.kept_at, self.kept_by = timezone.now(), by

    def usual_chapters(self) -> tuple:
        """What a text about a thing like this usually has: title, what is asked for, level; see `writing`."""
        return ()

    def text_is_open(self) -> bool:
        """Whether the chapters of its text may be changed now. A kind says in which states they may not."""
        return True

    def is_overdue(self, on) -> bool:
        return self.due is not None and self.due < on and self.ended is None


class SearchText(models.Model):
    """The words of an item beyond its title: the fields its kind says. Kept by triggers on the kind's table."""

    # The triggers put the row in and take it out, so no constraint has to be asked for each.
    item = models.OneToOneField(Item, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_text_words")]

    def __str__(self):
        return str(self.item_id)


class Reader(models.Model):
    """A person who may read one exempt item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="readers")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="reader_named_once")]

    def __str__(self):
        return str(self.person)


# Steps of every kind that change no state: who answers for a thing says that it still holds; another unit took over.
CONFIRMED = "confirm"
MOVED = "move"


class Event(models.Model):
    """Who decided what, when and why: the history people read. Never changed, never removed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    # Both names are kept: the one who decides, and the one who prepared it on their behalf.
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True, db_index=False)
    step = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["item", "-at"], name="events_of_item")]

    def __str__(self):
        return self.step


class Comment(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("comment"), max_length=5000)
    mentioned: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(PERSON, related_name="+", blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]
        indexes = [GinIndex(SearchWords("text"), name="comment_words")]

    def __str__(self):
        return self.text[:60]


class Attachment(models.Model):
    """A file on an item. The content lies in the storage under its own sha256, so the same file is kept once."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["sha256"], name="attachment_content")]

    def __str__(self):
        return self.name

    @property
    def stored_as(self) -> str:
        # The content may have been removed for privacy; the row stays.
        return f"{self.sha256[:2]}/{self.sha256}" if self.sha256 else "removed"


class Link(models.Model):
    """One item points to another: the cheapest way for neighbours to need each other."""

    class Kind(models.TextChoices):
        RELATES = "relates", _("is related to")
        FULFILS = "fulfils", _("fulfils")
        THREATENS = "threatens", _("threatens")
        FOLLOWS_UP = "follows_up", _("follows up")
        REPLACES = "replaces", _("replaces")

    source = models.ForeignKey(Item, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Item, models.CASCADE, related_name="links_in")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.RELATES)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_made_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="item_does_not_link_to_itself"),
        ]

    def __str__(self):
        return f"{self.source} {self.get_kind_display()} {self.target}"


class FollowUpQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done__isnull=True)

    def overdue(self, on):
        return self.open().filter(due__lt=on)

    def visible_to(self, person):
        return self.filter(item__in=Item.objects.filter(SeenBy(person))).fetch_mode(FETCH_PEERS)


class FollowUp(models.Model):
    """The small duty with a deadline that everything needs."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what is to be done"), max_length=250)
    responsible = models.ForeignKey(Position, models.PROTECT, verbose_name=_("responsible"), related_name="follow_ups")
    due = models.DateField(_("due"))
    done = models.DateTimeField(null=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    note = models.TextField(_("note"), blank=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["due", "id"]
        indexes = [
            models.Index(fields=["responsible", "due"], name="open_follow_up", condition=Q(done__isnull=True)),
            models.Index(fields=["item"], name="follow_up_of_item"),
        ]

    def __str__(self):
        return self.what


class Notification(models.Model):
    """Tells one person that something concerns them."""

    class Reason(models.TextChoices):
        MENTIONED = "mentioned", _("You were mentioned")
        RESPONSIBLE = "responsible", _("You answer for this now")
        STEP = "step", _("The state has changed")
        FOLLOW_UP = "follow_up", _("You have a new follow-up")
        DUE = "due", _("A deadline is near")
        OVERDUE = "overdue", _("A deadline has passed")
        ESCALATED = "escalated", _("Not done in time, where you lead")
        DEADLINES = "deadlines", _("Many deadlines")
        APPOINTED = "appointed", _("You have a new position")
        APPOINTMENT_ENDS = "appointment_ends", _("An appointment of yours ends")
        PREPARES = "prepares", _("You may prepare on behalf of a position")
        HANDOVER = "handover", _("Change of leader")
        SUPPORT = "support", _("Support looked at the system as you")
        REORGANISATION = "reorganisation", _("The organisation is changed")
        FOLLOWED = "followed", _("Something new in what you follow")

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="notifications")
    reason = models.CharField(max_length=20, choices=Reason)
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    # The page to read, when it is about something that is not an item; it asks for itself who may see it.
    address = models.CharField(max_length=200, blank=True, default="", db_default="")
    at = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notifications_of_person"),
            models.Index(fields=["person"], name="unread_notifications", condition=Q(read__isnull=True)),
        ]

    def __str__(self):
        return self.get_reason_display()


class Following(models.Model):
    """A person wants to hear of what happens to a thing. Seen by that person only (aml. § 9-1)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="followings")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="followings")

    class Meta:
        verbose_name = _("followed thing")
        verbose_name_plural = _("followed things")
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="followed_once")]

    def __str__(self):
        return f"#{self.item_id}"


class SavedView(models.Model):
    """A register as one person wants to see it: its filters and order, under a name."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="saved_views")
    register = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "register", "name"], name="saved_view_named_once"),
        ]

    def __str__(self):
        return self.name
