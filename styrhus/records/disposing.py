"""Disposal (kassasjon): one asks, another confirms, and then the thing and all that hangs on it is gone.

Only what the rule of its kind lets go, when its time is over, and after it has been handed over where the rule says so
(arkivlova §§ 12–13). What stays is a receipt.
"""

from collections import Counter
from datetime import date
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from styrhus.items.models import Attachment, Following, Item
from styrhus.organisation.access import require
from styrhus.records.due import dated
from styrhus.records.models import Disposal, Export
from styrhus.records.operations import fingerprint
from styrhus.records.rules import NEVER_DISPOSED_OF, Rule, Then, rules_of_kinds
from styrhus.trail.models import Change
from styrhus.trail.operations import forget_rows


def hindrances(item: Item, on: date) -> list[str]:
    """What holds a disposal, as plain sentences; empty when the thing may go."""
    rule = rules_of_kinds()[item.kind]
    if rule.then != Then.DISPOSE or item.kind.rpartition(".")[2] in NEVER_DISPOSED_OF:
        return [_("Things of this kind are kept for ever.")]
    over_on = dated(Item.objects.filter(pk=item.pk)).values_list("over_on", flat=True).get()
    if over_on is None:
        return [_("It has not ended.")]
    if over_on > on:
        return [_("The time to keep it is not over.")]
    if rule.hand_over and not Export.objects.filter(numbers__contains=[item.pk], at__gte=item.updated).exists():
        return [_("It must be exported and handed over to the archive first, as it stands now.")]
    return []


@transaction.atomic
def ask(item: Item, *, reason: str, by) -> Disposal:
    """Asks for a thing to be disposed of. Raises ValidationError when it may not go, or somebody has asked already."""
    require(by, "records.dispose")
    item = _held(item.pk, by)
    if reasons := hindrances(item, date.today()):
        raise ValidationError(reasons)
    asked = Disposal(number=item.pk, kind=item.kind, reason=reason.strip(), asked_by=by, rule=_said(item.kind))
    asked.full_clean(exclude=["decided_by", "decided_at", "title_sum", "counts"], validate_constraints=False)
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError as error:
        raise ValidationError(_("Somebody has already asked for this. Another must confirm or decline.")) from error
    return asked


def _held(number: int, by) -> Item:
    """The thing, held to the end of the transaction. Raises ValidationError when it is not there for this person."""
    if not Item.objects.visible_to(by).filter(pk=number).exists():
        raise ValidationError(_("The thing is no longer there, or you may not see it."))
    return Item.objects.select_for_update().get(pk=number)


def _said(kind: str) -> str:
    rule: Rule = rules_of_kinds()[kind]
    with translation.override(settings.LANGUAGE_CODE):
        return f"{rule.name}: {rule.since}, {rule.years} år. {rule.archive_basis}."


@transaction.atomic
def decline(disposal: Disposal, *, by) -> Disposal:
    """Leaves the thing where it is. Who asked may do so too."""
    require(by, "records.dispose")
    disposal = _open(disposal)
    return _decided(disposal, Disposal.State.DECLINED, by)


@transaction.atomic
def confirm(disposal: Disposal, *, by) -> Disposal:
    """The second pair of eyes: the thing goes, its rows, files and what the trail holds of them. Cannot be undone."""
    require(by, "records.dispose")
    disposal = _open(disposal)
    if disposal.asked_by_id == by.pk:
        raise ValidationError(_("You have asked for this yourself. Another must confirm it."))
    item = _held(disposal.number, by)
    if reasons := hindrances(item, date.today()):
        raise ValidationError(reasons)
    disposal.title_sum, disposal.counts = fingerprint(item.title), dict(_gone(item))
    transaction.on_commit(cache.clear)
    return _decided(disposal, Disposal.State.DISPOSED, by)


def _open(disposal: Disposal) -> Disposal:
    disposal = Disposal.objects.select_for_update().get(pk=disposal.pk)
    if disposal.state != Disposal.State.ASKED:
        raise ValidationError(_("This has already been decided."))
    return disposal


def _decided(disposal: Disposal, state: str, by) -> Disposal:
    disposal.state, disposal.decided_by, disposal.decided_at = state, by, timezone.now()
    disposal.save()
    return disposal


def _gone(item: Item) -> Counter:
    """Table → rows. The trail itself tells which rows went, and is then emptied of what they held."""
    sums = set(item.attachments.exclude(sha256="").values_list("sha256", flat=True))
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        _total, models = item.concrete().delete()
    except ProtectedError as error:
        raise ValidationError(_("Something else that is kept stands on this, so it cannot go.")) from error
    forget_rows(_rows_gone(item.pk, last))
    for sha256 in sums:
        transaction.on_commit(partial(_delete_unused, sha256))
    # How many followed it is nobody's business.
    models.pop(Following._meta.label, None)
    return Counter({_table(label): count for label, count in models.items() if count})


def _table(label: str) -> str:
    return apps.get_model(label)._meta.db_table


def _rows_gone(number: int, last: int) -> set[tuple[str, int]]:
    """The rows that this transaction deleted, and those that were deleted from the thing before."""
    deleted = Change.objects.filter(action=Change.DELETE)
    gone = set(deleted.filter(pk__gt=last, transaction=_transaction()).values_list("table_name", "row_id"))
    hung_on_it = Q(before__contains={"item_id": number})
    for end in ("source_id", "target_id"):
        hung_on_it |= Q(table_name="items_link", before__contains={end: number})
    return gone | set(deleted.filter(hung_on_it).values_list("table_name", "row_id"))


def _transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


def _delete_unused(sha256: str) -> None:
    """Asked when all is done: another thing may have got the same file meanwhile."""
    if not Attachment.objects.filter(sha256=sha256).exists():
        default_storage.delete(Attachment(sha256=sha256).stored_as)
