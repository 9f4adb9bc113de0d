"""A removal step by step: asked for, looked for by a job, shown, confirmed, carried out by a job.

The jobs know the number of the row that holds the text, never the text. Each may be run again after its worker was
killed: what was done is not done twice.
"""

from collections import Counter
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.jobs import operations as jobs
from styrhus.jobs.models import Job
from styrhus.organisation.access import require
from styrhus.organisation.models import Person
from styrhus.records import operations
from styrhus.records.models import AskedRemoval, Removal
from styrhus.records.queries import name_of_table
from styrhus.records.sweeping import Place, Watch, places

# A sweep that carries out looks through everything twice: the second time to see that nothing is left.
LOOKS = 2


class NotRemoved(Exception):
    """A removal that failed. Says which kind of fault only: what the database said may hold the text."""


@transaction.atomic
def ask_for_text(task, value: str, *, basis: str, reason: str, by) -> AskedRemoval:
    """Begins with looking for it. Raises ValidationError for what would tear words apart."""
    value = operations.check_value(value)
    return _asked(task, Removal.Kind.TEXT, by, value=value, basis=basis, reason=reason.strip())


@transaction.atomic
def ask_for_person(task, person: Person, *, basis: str, reason: str, by) -> AskedRemoval:
    """Begins with looking for what is known of the person. Raises ValidationError for who has not left."""
    operations.check_person(person, by=by)
    return _asked(task, Removal.Kind.PERSON, by, person=person, basis=basis, reason=reason.strip())


def _asked(task, kind: str, by, **fields) -> AskedRemoval:
    require(by, "privacy.remove")
    job = jobs.start(task, by=by, title=_("See where it stands"))
    return AskedRemoval.objects.create(kind=kind, by=by, job=job, **fields)


@transaction.atomic
def confirm(asked: AskedRemoval, task, *, by) -> AskedRemoval:
    """Lets a job carry it out; said twice it is still one. What has not been shown is not confirmed."""
    require(by, "privacy.remove")
    asked = AskedRemoval.objects.select_for_update().get(pk=asked.pk)
    if asked.confirmed is None and asked.counts is not None:
        asked.job = jobs.start(task, by=by, title=_("Remove for good"))
        asked.confirmed = timezone.now()
        asked.save(update_fields=["job", "confirmed"])
    return asked


@transaction.atomic
def throw_away(asked: AskedRemoval) -> None:
    """Lets it be; what is being carried out is not stopped."""
    AskedRemoval.objects.select_for_update().filter(pk=asked.pk, confirmed__isnull=True).delete()


def look(job: Job, report: Callable) -> None:
    """The dry run of the job's removal."""
    asked = AskedRemoval.objects.filter(job=job, confirmed=None).first()
    if asked is None:
        return
    with transaction.atomic():
        _take_the_time_it_needs()
        values = _values(asked)
        watch = _watch(asked, report, len(values))
        counts = sum((operations.look_for(value, watch) for value in values), Counter())
        AskedRemoval.objects.filter(pk=asked.pk).update(counts=dict(counts))


def carry_out(job: Job, report: Callable) -> None:
    """Removes, and empties the row that told what; raises NotRemoved for a fault that is not told in words."""
    try:
        _carry_out(job, report)
    except ValidationError as refused:
        _give_up(job, refusal=" ".join(refused.messages))
    except Exception as error:
        _give_up(job, refusal=_("Something went wrong. Try again; nothing was changed."))
        raise NotRemoved(type(error).__name__) from None


@transaction.atomic
def _carry_out(job: Job, report: Callable) -> None:
    _take_the_time_it_needs()
    asked = AskedRemoval.objects.select_for_update().filter(job=job, removal=None, refusal="").first()
    if asked is None:
        return
    watch = _watch(asked, report, LOOKS * len(_values(asked)))
    AskedRemoval.objects.filter(pk=asked.pk).update(value="", reason="")
    AskedRemoval.objects.filter(pk=asked.pk).update(removal=_removed(asked, watch))


def _removed(asked: AskedRemoval, watch: Watch) -> Removal:
    basis, reason, by = asked.basis, asked.reason, asked.by
    if asked.person:
        return operations.remove_person(asked.person, basis=basis, reason=reason, by=by, watch=watch)
    return operations.remove_text(asked.value, basis=basis, reason=reason, by=by, watch=watch)


def _give_up(job: Job, refusal: str) -> None:
    AskedRemoval.objects.filter(job=job, removal=None).update(value="", reason="", refusal=refusal)


def _values(asked: AskedRemoval) -> list[str]:
    return operations.values_of(asked.person) if asked.person else [asked.value]


def _take_the_time_it_needs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def _watch(asked: AskedRemoval, report: Callable, looks: int) -> Watch:
    """Tells of each place. The job's own row is left alone: its progress is written from another connection."""
    total, reached = len(places()) * looks, iter(range(10**9))

    def on_place(place: Place) -> None:
        report(min(next(reached), total), total, name_of_table(place.table))

    own = {(Job._meta.db_table, asked.job_id), (AskedRemoval._meta.db_table, asked.pk)}
    return Watch(on_place, frozenset(own))
