"""Starts long work and keeps its progress."""

import logging
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from styrhus.jobs.models import Job
from styrhus.trail.operations import acting

log = logging.getLogger("styrhus.jobs")


@transaction.atomic
def start(task, *, by, title: str, **arguments) -> Job:
    """Asks the queue to run a task; the job and the asking are kept in one transaction, or neither."""
    job = Job.objects.create(by=by, title=title)
    task.defer(job_id=job.pk, **arguments)
    return job


def report(job: Job, done: int, total: int, doing: str = "") -> None:
    """Tells how far the work has come. Not inside the work's own transaction, or nobody would see it."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total, doing=doing or job.doing)


@contextmanager
def reporting_aside(job: Job):
    """A `report` for work in one long transaction: through a connection of its own, so that it is seen at once."""
    aside = connection.copy()

    def tell(done: int, total: int, doing: str = "") -> None:
        with aside.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET done = %s, total = %s, doing = %s WHERE id = %s", [done, total, doing, job.pk]
            )

    try:
        yield tell
    finally:
        aside.close()


@contextmanager
def running(job_id: int):
    """The frame of every task: state, the asker's language and name on the trail, and a plain word when it fails.

    A task that is run twice (its worker was killed) meets the same job again, and must do the same again.
    """
    job = Job.objects.select_related("by").get(pk=job_id)
    Job.objects.filter(pk=job_id).update(state=Job.State.RUNNING, error="", ended=None)
    try:
        with translation.override(job.by.language or settings.LANGUAGE_CODE), acting(job.by):
            yield job
    except Exception:
        log.exception("job failed", extra={"job": job_id})
        _end(job, Job.State.FAILED, error=gettext("Something went wrong. Try again; nothing was changed."))
        raise
    _end(job, Job.State.DONE)


def _end(job: Job, state: str, **fields) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, ended=timezone.now(), result=job.result, result_name=job.result_name, **fields
    )
