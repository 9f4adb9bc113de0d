"""Change of leader (lederskifte): the one who leaves hands over with a receipt, the one who comes confirms it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import FollowUp, Item
from styrhus.organisation.access import allows
from styrhus.organisation.models import Position

PERSON = settings.AUTH_USER_MODEL


class HandoverQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state=Handover.State.RECEIVED)

    def concerning(self, person):
        """Those that wait for a person: to hand over, or to receive."""
        leaves = Q(leaver=person.pk, state=Handover.State.PREPARED)
        comes = Q(receiver=person.pk) & ~Q(state=Handover.State.RECEIVED)
        return self.filter(leaves | comes).select_related("position__unit", "leaver", "receiver")


class Handover(models.Model):
    """A change of leader in a position: prepared, handed over by the one who leaves, received by the one who comes."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        HANDED_OVER = "handed_over", _("Handed over")
        RECEIVED = "received", _("Received")

    position = models.ForeignKey(Position, models.PROTECT, related_name="handovers")
    leaver = models.ForeignKey(PERSON, models.PROTECT, verbose_name=_("leaves"), related_name="+")
    receiver = models.ForeignKey(PERSON, models.PROTECT, verbose_name=_("comes"), related_name="+")
    # The first day of the one who comes.
    on = models.DateField(_("on"))
    state = models.CharField(max_length=20, choices=State, default=State.PREPARED)
    word = models.TextField(_("to the one who comes"), blank=True, max_length=5000)
    # Who handed over: the one who leaves, or their leader where that person is gone.
    handed_over_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    handed_over = models.DateTimeField(null=True)
    received = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = HandoverQuerySet.as_manager()

    # As a position is, so is its change of leader a matter of HR's field.
    field = "hr"

    class Meta:
        verbose_name = _("change of leader")
        verbose_name_plural = _("changes of leader")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["leaver"], name="handover_of_leaver"),
            models.Index(fields=["receiver"], name="handover_of_receiver"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(leaver=F("receiver")), name="handover_between_two_people"),
            models.UniqueConstraint(fields=["position", "receiver", "on"], name="handover_made_once"),
            models.CheckConstraint(
                condition=Q(state="prepared", handed_over=None, handed_over_by=None, received=None)
                | Q(state="handed_over", handed_over__isnull=False, handed_over_by__isnull=False, received=None)
                | Q(
                    state="received",
                    handed_over__isnull=False,
                    handed_over_by__isnull=False,
                    received__gte=F("handed_over"),
                ),
                name="handover_receipts_follow_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.position}: {self.leaver} → {self.receiver}"

    def get_absolute_url(self):
        return reverse("leadership:handover", args=[self.pk])

    @property
    def unit(self):
        return self.position.unit

    @property
    def responsible_id(self) -> int:
        return self.position_id

    def is_seen_by(self, person) -> bool:
        """The two it is between, and leaders in whose line the position lies."""
        return person.pk in (self.leaver_id, self.receiver_id) or allows(person, "handover.begin", self)

    def may_be_handed_over_by(self, person) -> bool:
        """The one who leaves; their leader only where that person can no longer sign in."""
        if self.state != self.State.PREPARED:
            return False
        is_gone = not self.leaver.is_active and person.pk != self.receiver_id
        return person.pk == self.leaver_id or (is_gone and allows(person, "handover.begin", self))

    def may_be_received_by(self, person) -> bool:
        return self.state == self.State.HANDED_OVER and person.pk == self.receiver_id


class HandoverNote(models.Model):
    """A word from the one who leaves about one thing or one follow-up."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="notes")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+", null=True)
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="+", null=True)
    text = models.TextField(_("a word about this"), max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True) ^ Q(follow_up__isnull=True), name="note_is_about_one_thing"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.UniqueConstraint(
                fields=["handover", "item", "follow_up"], nulls_distinct=False, name="one_note_each"
            ),
        ]

    def __str__(self):
        return self.text[:60]
