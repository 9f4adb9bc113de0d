"""What the law asks: the facts that the legal clock counts from, its deadlines, and requirements to point to."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.compliance.rules import Rule, in_language, lovdata_address, rules
from styrhus.compliance.words import CONFIDENCES, DOCUMENT_TYPES, EVENTS, RESPONSIBLE
from styrhus.items.facts import Fact
from styrhus.items.flow import Flow, State, Step
from styrhus.items.models import Item, ItemQuerySet, Link, Openness
from styrhus.items.words import as_query
from styrhus.organisation.models import Position

PERSON = settings.AUTH_USER_MODEL
STEP = "legaldeadline.step"


def events_offered() -> list[tuple]:
    """A function, so that a new event is no change of the database."""
    return list(EVENTS.items())


def document_types_offered() -> list[tuple]:
    return list(DOCUMENT_TYPES.items())


def responsible_offered() -> list[tuple]:
    return list(RESPONSIBLE.items())


def confidences_offered() -> list[tuple]:
    return list(CONFIDENCES.items())


class RegisteredFact(models.Model):
    """Something that has happened, or is planned, registered by hand because the house does not know it otherwise."""

    event = models.CharField(_("what"), max_length=40, choices=events_offered)
    on = models.DateField(_("day"))
    # Only for deadlines in hours.
    at = models.TimeField(_("time of day"), null=True, blank=True)
    document_type = models.CharField(_("what it is about"), max_length=60, choices=document_types_offered, blank=True)
    title = models.CharField(_("name"), max_length=150, blank=True)
    item = models.ForeignKey(
        Item, models.SET_NULL, verbose_name=_("belongs with"), null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True, editable=False)
    registered = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("fact of the legal clock")
        verbose_name_plural = _("facts of the legal clock")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "on", "document_type", "title"], name="fact_registered_once", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return str(self.get_event_display())

    def get_absolute_url(self):
        return reverse("compliance:edit_fact", args=[self.pk])

    def as_fact(self) -> Fact:
        return Fact(self.event, self.on, self.document_type, self.item_id, self.title, self.at, f"registered:{self.pk}")


class Answering(models.Model):
    """Which position answers for what the law lays on somebody; the municipal director's for what is not said."""

    name = models.CharField(_("whom the law names"), max_length=60, choices=responsible_offered, unique=True)
    position = models.ForeignKey(Position, models.PROTECT, verbose_name=_("position"), related_name="+")

    class Meta:
        verbose_name = _("who answers for a deadline")
        ordering = ["name"]

    def __str__(self):
        return str(self.get_name_display())


class RuleOff(models.Model):
    """A rule that does not concern this municipality, and why."""

    rule = models.CharField(max_length=60, unique=True)
    reason = models.TextField(_("reason"), max_length=2_000)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rule that is switched off")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rule_is_off_for_a_reason")]

    def __str__(self):
        return self.rule


class LegalDeadlineQuerySet(ItemQuerySet):
    def findings(self, on: date):
        """Overdue, or done in a way that the law does not allow: made public too late, on consultation too briefly."""
        late = Q(ended__isnull=True, due__lt=on, is_earliest=False)
        return self.filter(late | Q(~Q(breach=""), state=LegalDeadline.DONE))


class LegalDeadline(Item):
    """One time that a rule of law falls due; made by the clock, met by people."""

    WAITING, DONE, NOT_APPLICABLE = "waiting", "done", "not_applicable"

    class Breach(models.TextChoices):
        TOO_LATE = "too_late", _("Made public or sent too late")
        TOO_SHORT = "too_short", _("Too short a time")

    flow = Flow(
        states=(
            State(WAITING, _("Not done yet")),
            State(DONE, _("Done"), look="ok", ended=True),
            State(NOT_APPLICABLE, _("Does not apply"), ended=True),
        ),
        steps=(
            Step("set_aside", _("Does not apply here"), (WAITING,), NOT_APPLICABLE, STEP, True),
            Step("reopen", _("Open again"), (DONE, NOT_APPLICABLE), WAITING, STEP, True),
            # Written in the history by the program, or taken on a page of its own.
            Step("fulfil", _("Met"), (), DONE, ""),
            Step("move_due", _("The day has moved"), (), WAITING, ""),
            Step("lapse", _("What it counted from is gone"), (), NOT_APPLICABLE, ""),
            Step("run_out", _("The time is over"), (), DONE, ""),
        ),
    )
    default_openness = Openness.OPEN

    rule_id = models.CharField(_("rule"), max_length=60, db_column="rule", editable=False)
    # The year, or the fact that it counts from.
    occurrence = models.CharField(max_length=120, editable=False)
    anchor = models.DateField(_("counted from"), null=True, editable=False)
    about = models.ForeignKey(Item, models.SET_NULL, null=True, editable=False, related_name="+")
    # The day before which something may not end, not one by which it must be done.
    is_earliest = models.BooleanField(default=False, editable=False)
    wanted = models.PositiveSmallIntegerField(default=1, editable=False)
    fulfilled_on = models.DateField(_("done on"), null=True, editable=False)
    breach = models.CharField(_("finding"), max_length=20, choices=Breach, blank=True, default="", editable=False)

    objects: ClassVar = LegalDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal deadline")
        verbose_name_plural = _("legal deadlines")
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "occurrence"], name="legal_deadline_made_once"),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="legal_deadline_wants_something"),
        ]

    def get_absolute_url(self):
        return reverse("compliance:deadline", args=[self.pk])

    @classmethod
    def edit_permission(cls) -> str:
        return STEP

    @property
    def rule(self) -> Rule:
        return rules()[self.rule_id]

    @property
    def is_late(self) -> bool:
        """Done, but after its day."""
        if self.state != self.DONE or self.is_earliest or self.fulfilled_on is None or self.due is None:
            return False
        return self.fulfilled_on > self.due

    @property
    def finding(self) -> str:
        """What was done against the rule, in words; a date that was missed has its own."""
        return self.get_breach_display() if self.breach and self.state == self.DONE else ""

    def is_overdue(self, on: date) -> bool:
        return not self.is_earliest and super().is_overdue(on)


class Fulfilment(models.Model):
    """What was done to meet a deadline: by hand, or by a fact (`fact` is its identity)."""

    deadline = models.ForeignKey(LegalDeadline, models.CASCADE, related_name="fulfilments")
    on = models.DateField(_("done on"))
    item = models.ForeignKey(Item, models.SET_NULL, verbose_name=_("by what"), null=True, blank=True, related_name="+")
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    fact = models.CharField(max_length=120, blank=True, editable=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True, editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("fulfilment of a deadline")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "fact"], condition=~Q(fact=""), name="fact_fulfils_a_deadline_once"
            ),
        ]

    def __str__(self):
        return f"{self.deadline} {self.on}"


def title_of(rule: Rule, label: str) -> str:
    """In the municipality's own language: titles are not translated for each reader."""
    return f"{in_language(rule.titles, settings.LANGUAGE_CODE)} – {label}"[:250]


class RequirementQuerySet(ItemQuerySet):
    def with_number_of_things(self, person):
        """With `things`: how many things that a person may see point to each."""
        pointing = Link.objects.filter(
            kind=Link.Kind.FULFILS, target=OuterRef("pk"), source__in=Item.objects.visible_to(person)
        )
        counted = pointing.order_by().values("target").annotate(number=Count("pk")).values("number")
        return self.annotate(things=Coalesce(Subquery(counted), 0))

    def found_by(self, words: str):
        """By the beginning of the code, or by words in the title."""
        words = words.replace("\x00", "").strip()
        if words[:1].isdigit():
            # "4.2" is the code of a target, not the words 4 and 2.
            return self.filter(code__istartswith=words)
        named = self.with_words(words).values("pk") if as_query(words) else Requirement.objects.none().values("pk")
        return self.filter(Q(code__istartswith=words) | Q(pk__in=named))


class Requirement(Item):
    """Something that things of the house can point to: a law, a regulation, a sustainable development goal."""

    IN_FORCE, REPEALED = "in_force", "repealed"

    class Source(models.TextChoices):
        LAW = "law", _("Act")
        REGULATION = "regulation", _("Regulation")
        GOAL = "sdg_goal", _("Sustainable development goal")
        TARGET = "sdg_target", _("Target of a sustainable development goal")
        CLAUSE = "iso_clause", _("Clause of a standard")
        OWN = "own", _("The municipality's own")

    flow = Flow(
        states=(
            State(IN_FORCE, _("In force")),
            State(REPEALED, _("No longer in force"), ended=True),
        ),
        steps=(
            Step("repeal", _("No longer in force"), (IN_FORCE,), REPEALED, "requirement.edit", needs_note=True),
            Step("restore", _("In force again"), (REPEALED,), IN_FORCE, "requirement.edit", needs_note=True),
        ),
    )
    searched = ("code", "text")
    default_openness = Openness.OPEN

    source = models.CharField(_("kind of requirement"), max_length=20, choices=Source)
    # What it is known by: LOV-2018-06-22-83, 4.1.
    code = models.CharField(_("code"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True, max_length=10_000)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), related_name="+", null=True, blank=True
    )
    confidence = models.CharField(
        _("compared with the text of the law"), max_length=20, choices=confidences_offered, default="confirmed"
    )

    objects: ClassVar = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"], condition=~Q(code=""), name="requirement_known_by_one_code"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("item_ptr")), name="requirement_is_no_part_of_itself"
            ),
        ]

    def get_absolute_url(self):
        return reverse("compliance:requirement", args=[self.pk])

    @property
    def address(self) -> str:
        """Where its text is read."""
        return lovdata_address(self.code)
