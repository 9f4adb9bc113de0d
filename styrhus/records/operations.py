"""Takes personal data out for good: the value goes; who, when and why stay."""

import hashlib
import hmac
import logging
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from styrhus.items.models import Attachment, Following, Notification, SavedView
from styrhus.jobs.models import Job
from styrhus.organisation.access import require
from styrhus.organisation.models import Person
from styrhus.records.models import Removal
from styrhus.records.queries import files_that_hold, holds_a_position, namesakes, people_here_with, rows_of_people
from styrhus.records.sweeping import MARK, SHORTEST, UNWATCHED, Sweep, Watch, folded
from styrhus.trail.operations import forget_values

log = logging.getLogger("styrhus.records")
FILES = "files.content"


class LeftOver(Exception):
    """Some of the text is still there after the sweep; nothing has been changed."""


def fingerprint(value: str) -> list:
    """[length, sum]: tells whether a text is this one, to who has the secret key; the key is in no backup."""
    text = folded(value)
    return [len(text), hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()]


def check_value(value: str) -> str:
    """The text to remove, stripped. Raises ValidationError for what would tear words apart."""
    value = value.strip()
    if len(value) < SHORTEST:
        raise ValidationError(
            _("Write at least %(count)s signs: shorter texts stand in other words.") % {"count": SHORTEST}
        )
    if folded(value) in MARK or not any(sign.isalnum() for sign in value):
        raise ValidationError(_("This text cannot be removed: it stands for something else in Styrhus."))
    return value


def look_for(value: str, watch: Watch = UNWATCHED) -> Counter:
    """The dry run: place → rows that hold the text; files stand under `FILES`."""
    counts = _sweep_of([value], MARK, watch).counted()
    return counts + Counter({FILES: len(files_that_hold([value]))})


@transaction.atomic
def remove_text(value: str, *, basis: str, reason: str, by, watch: Watch = UNWATCHED) -> Removal:
    """Takes a text out of every row, the trail, what waits in the queue, and the files that hold it."""
    require(by, "privacy.remove")
    value = check_value(value)
    removal = _begin(Removal.Kind.TEXT, basis, reason, by, fingerprints=[fingerprint(value)])
    return _finish(removal, sweep_values([value], MARK, watch))


def sweep_values(values: list[str], mark: str, watch: Watch = UNWATCHED) -> Counter:
    """Takes texts out of the database and of the files that hold them; place → rows."""
    return _swept(values, mark, watch) + _files_emptied(files_that_hold(values))


@transaction.atomic
def remove_person(person: Person, *, basis: str, reason: str, by, watch: Watch = UNWATCHED) -> Removal:
    """Gives a person who has left a pseudonym everywhere. Appointments keep their dates.

    Where others bear the same name, the name stays in what people have written: nobody can tell whom it is about.
    """
    require(by, "privacy.remove")
    person = Person.objects.select_for_update().get(pk=person.pk)
    check_person(person, by=by)
    sums = [fingerprint(value) for value in values_of(person)]
    removal = _begin(Removal.Kind.PERSON, basis, reason, by, person=person, fingerprints=sums)
    return _finish(removal, forget_person(person, watch))


def forget_person(person: Person, watch: Watch = UNWATCHED) -> Counter:
    """Gives a person a pseudonym everywhere; place → rows."""
    values, name = values_of(person), person.name
    _forget_sign_in(person)
    _give_pseudonym(person)
    counts = _swept([name], pseudonym(person), watch) if name in values else Counter()
    counts += _swept([value for value in values if value != name], MARK, watch)
    return counts + _files_emptied(files_that_hold(values))


def check_person(person: Person, *, by) -> None:
    """Raises ValidationError for who has not left."""
    if person.pk == by.pk:
        raise ValidationError(_("You cannot remove yourself."))
    if holds_a_position(person, date.today()):
        raise ValidationError(_("The person still holds a position. End the appointment first."))


def values_of(person: Person) -> list[str]:
    """What is known of a person, as it may stand in any text."""
    found = [person.email, person.code]
    if not namesakes(person).exists():
        found.append(person.name)
    return [value for value in found if len(value) >= SHORTEST]


def pseudonym(person: Person) -> str:
    # Stored, and so in the municipality's language, as the mark is.
    return f"Tidligere ansatt {person.pk}"


def _give_pseudonym(person: Person) -> None:
    person.name, person.code = pseudonym(person), ""
    person.email, person.is_active = f"{MARK}-{person.pk}@{MARK}.invalid", False
    person.set_unusable_password()
    person.save()


def _forget_sign_in(person: Person) -> None:
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession):
        model._default_manager.filter(user=person.pk).delete()
    for kept in (SavedView, Notification, Following):
        kept._default_manager.filter(person=person.pk).delete()


@transaction.atomic
def remove_file(attachment: Attachment, *, basis: str, reason: str, by) -> Removal:
    """Takes a file's name and content away; the content stays in the storage as long as another item uses it."""
    require(by, "privacy.remove")
    removal = _begin(Removal.Kind.FILE, basis, reason, by, attachment=attachment.pk)
    return _finish(removal, forget_file(attachment))


def forget_file(attachment: Attachment) -> Counter:
    sha256 = attachment.sha256
    Attachment.objects.filter(pk=attachment.pk).update(name=MARK, sha256="", size=0)
    forget_values("items_attachment", attachment.pk, {"name": MARK, "sha256": ""})
    if sha256 and not Attachment.objects.filter(sha256=sha256).exists():
        _delete_content(sha256)
    return Counter({FILES: 1})


def _begin(kind: str, basis: str, reason: str, by, **more) -> Removal:
    """The row comes first, so that the reason is swept with the rest."""
    removal = Removal(kind=kind, basis=basis, reason=reason.strip(), by=by, **more)
    removal.full_clean(exclude=["person", "attachment", "fingerprints", "counts"])
    removal.save()
    return removal


def _sweep_of(values: list[str], mark: str, watch: Watch) -> Sweep:
    """Who is here keeps their own name and address; it goes from what others have written."""
    return Sweep(values, mark, watch=replace(watch, spare=watch.spare | rows_of_people(people_here_with(values))))


def _swept(values: list[str], mark: str, watch: Watch) -> Counter:
    sweep = _sweep_of(values, mark, watch)
    try:
        counts = sweep.carried_out()
    except (IntegrityError, DataError) as error:
        raise ValidationError(
            _("The database does not let this text go from where it stands, so nothing is changed: %(error)s")
            % {"error": str(error).splitlines()[0]}
        ) from error
    if left := sweep.counted():
        raise LeftOver(sorted(left))
    return counts


def _files_emptied(stored: list[str]) -> Counter:
    """A file that holds the text goes whole, from every item that has it."""
    holding = Attachment.objects.filter(sha256__in={name.rpartition("/")[2] for name in stored})
    keys = list(holding.values_list("pk", flat=True))
    holding.update(name=MARK, sha256="", size=0)
    for key in keys:
        forget_values("items_attachment", key, {"name": MARK, "sha256": ""})
    for name in stored:
        transaction.on_commit(partial(default_storage.delete, name))
    return +Counter({FILES: len(stored)})


def _delete_content(sha256: str) -> None:
    stored = Attachment(sha256=sha256).stored_as
    transaction.on_commit(partial(default_storage.delete, stored))


def _finish(removal: Removal, counts: Counter) -> Removal:
    removal.refresh_from_db()
    removal.counts = dict(counts)
    removal.save(update_fields=["counts"])
    _throw_away_results()
    transaction.on_commit(cache.clear)
    # Without personal data; kept with the operator's other logs, it is how a restored backup is told.
    log.info("removal", extra={"removal": removal.pk, "kind": removal.kind, "rows": removal.rows})
    return removal


def _throw_away_results() -> None:
    """Files that jobs have made may hold it; they live a day, and whoever needs one asks again."""
    results = Job.objects.exclude(result="")
    for stored in results.values_list("result", flat=True):
        transaction.on_commit(partial(default_storage.delete, stored))
    results.update(result="")
